package cogent.pipeline.result;

/** The corpus' own rationales as training rows. */
public record RawRowsResult(long rows) implements StageResult {}
