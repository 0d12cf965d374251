package cogent.pipeline.result;

/**
 * What the SFT model made of its own training problems.
 *
 * @param answers drawn, {@code right} of them right
 * @param pairs made against wrong ones, on so many {@code problems}
 * @param unfit wrong answers that are no rejected side: right in their work, or told apart by their form
 */
public record OnPolicyResult(long answers, long right, long pairs, long problems, long unfit) implements StageResult {}
