package cogent.eval;

import cogent.answer.Verdict;

/**
 * One sample with its grade, without its text.
 *
 * @param end why the reply ended
 */
public record Graded(Grade grade, End end, long promptTokens, long completionTokens) {
    /** Why a reply ended. */
    public enum End {
        STOP,
        /** Cut off by the token limit. */
        LENGTH,
        OTHER,
        /** The model will never answer this request (too long, filtered): counted as wrong. */
        FAILED
    }

    public boolean right() {
        return grade.verdict().kind() == Verdict.Kind.EQUAL;
    }
}
