package cogent.pipeline.result;

/**
 * The built-in world as files.
 *
 * @param problems of the corpus
 * @param heldOut problems kept for the evaluation
 * @param parameters of the untrained student; 0 where the recipe trains another
 */
public record PlaygroundResult(long problems, long heldOut, long parameters) implements StageResult {}
