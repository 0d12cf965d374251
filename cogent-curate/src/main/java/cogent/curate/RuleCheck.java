package cogent.curate;

import java.math.BigDecimal;
import java.util.Locale;

/** Whether two final answers are equal. */
final class RuleCheck {
    private RuleCheck() {}

    /** The answer to the question. */
    enum Same {
        EQUAL,
        DIFFERENT,
        UNKNOWN
    }

    static Same same(String stated, String reference) {
        String a = plain(stated);
        String b = plain(reference);
        if (a.equals(b)) {
            return Same.EQUAL;
        }
        try {
            return new BigDecimal(a).compareTo(new BigDecimal(b)) == 0 ? Same.EQUAL : Same.DIFFERENT;
        } catch (NumberFormatException e) {
            return Same.DIFFERENT;
        }
    }

    private static String plain(String answer) {
        return answer.strip().replaceAll("[\\s$,]", "").replaceAll("\\.$", "").toLowerCase(Locale.ROOT);
    }
}
