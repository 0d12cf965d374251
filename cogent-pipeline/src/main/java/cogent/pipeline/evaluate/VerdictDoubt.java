package cogent.pipeline.evaluate;

import cogent.eval.Graded;
import cogent.eval.ResultRow;

/** Verdicts that want a look. */
public final class VerdictDoubt {
    private VerdictDoubt() {}

    /** Whether the checker could call an answer neither equal nor different. */
    public static boolean undecided(ResultRow row) {
        return row.verdict().equals("unknown")
                && row.end() != Graded.End.FAILED
                && !row.extracted().isEmpty();
    }

    /** What may make the verdict a mistake of ours rather than of the model. */
    public static String of(ResultRow row, boolean program) {
        if (row.right()) {
            return "";
        }
        return switch (row.end()) {
            case LENGTH -> "the reply was cut off by the token limit";
            case FAILED -> "no answer came";
            case OTHER, STOP ->
                !row.stated()
                        ? program
                                ? "the reply has no code block"
                                : "the reply states no answer: its last number was taken"
                        : !program && mentions(row.reply(), row.reference())
                                ? "the answer sought stands in the reply, but not as its answer"
                                : "";
        };
    }

    private static boolean mentions(String reply, String reference) {
        if (reference.length() < 2) {
            return false;
        }
        int at = reply.indexOf(reference);
        while (at >= 0) {
            int end = at + reference.length();
            boolean free = (at == 0 || !Character.isLetterOrDigit(reply.charAt(at - 1)))
                    && (end == reply.length() || !Character.isLetterOrDigit(reply.charAt(end)));
            if (free) {
                return true;
            }
            at = reply.indexOf(reference, at + 1);
        }
        return false;
    }
}
