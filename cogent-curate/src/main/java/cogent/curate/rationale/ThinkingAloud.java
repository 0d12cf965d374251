package cogent.curate.rationale;

import java.util.regex.Pattern;

/** Tells a text that hesitates, checks itself and begins anew from a solution that is set down. */
public final class ThinkingAloud {
    /** One "wait" may be a turn of phrase. */
    private static final int TURNS = 2;

    private static final Pattern TURN = Pattern.compile(
            "(?i)\\b(?:wait|hmm+|hold on|alternatively|actually|let me|double[- ]check\\w*|maybe|not sure)\\b"
                    + "|等等|等一下|让我|不对|或者");

    private ThinkingAloud() {}

    public static boolean in(String text) {
        return TURN.matcher(text).results().limit(TURNS).count() == TURNS;
    }
}
