package cogent.eval;

/**
 * How far an evaluation is.
 *
 * @param done samples judged, of {@code total}
 * @param right those that are right
 * @param truncated those cut off by the token limit
 * @param unstated those that state no final answer
 * @param tokens completion tokens so far
 */
public record EvaluationProgress(long done, long total, long right, long truncated, long unstated, long tokens) {
    EvaluationProgress plus(Graded graded) {
        return new EvaluationProgress(
                done + 1,
                total,
                right + (graded.right() ? 1 : 0),
                truncated + (graded.end() == Graded.End.LENGTH ? 1 : 0),
                unstated + (graded.grade().stated() ? 0 : 1),
                tokens + graded.completionTokens());
    }
}
