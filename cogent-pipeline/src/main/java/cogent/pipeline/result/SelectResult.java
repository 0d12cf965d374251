package cogent.pipeline.result;

/**
 * Which rows SFT learns from.
 *
 * @param rows that were measured, {@code kept} of them taken
 * @param ratio the median rank-surprisal ratio of those that were kept
 * @param impossible left out because the student finds too many of their tokens impossible
 */
public record SelectResult(long rows, long kept, double ratio, long impossible) implements StageResult {}
