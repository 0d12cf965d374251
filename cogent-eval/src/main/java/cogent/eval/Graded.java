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
        /** No reply could be had: too long, filtered, or a server that fails on it; counted as wrong, asked again next time. */
        FAILED
    }

    public boolean right() {
        return grade.verdict().kind() == Verdict.Kind.EQUAL;
    }
}
