package cogent.answer;

import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Numbers in a few words, which are what they are only beside another number: 3k, none, 3 out of 4, a 20% increase. */
final class Shorthand {
    private static final Pattern NUMBER =
            Pattern.compile("[-+]?\\$?(?:\\d|\\.\\d)[\\d,]*(?:\\.\\d+)?(?: [a-zA-Z ]{1,40})?");

    private static final Pattern THOUSANDS =
            Pattern.compile("([-+]?\\$?)(\\d{1,9})(?:\\.(\\d{1,3}))?(?:\\s?k|K)(?=\\z| [a-z]{3}| per\\b|/[a-z])(.*)");

    private static final Pattern NOTHING = Pattern.compile(
            "(?i)(?:(?:there (?:is|are|was|were|will be)|(?:it|that) is|(?:he|she|they|we|it) [a-z]{2,12}) )?"
                    + "(?:none|nothing|nil|nought|naught)(?: of (?:them|it|these|those|the [a-z ]{1,30}))?(?: left| left over| at all| remains?)?");

    /** Beside 20 or 20 %: a 20% increase, an increase of 20, increases by 20 percent. */
    private static final String CHANGE =
            "(?:increase|decrease|rise|drop|discount|reduction|growth|gain|loss|profit|mark-?up|chance|probability|more|less|larger|smaller|higher|lower)[sd]?";

    private static final String VALUE = "(\\$?\\d[\\d,]*(?:\\.\\d+)?(?: ?\\\\?%| per ?cent)?)";
    private static final Pattern CHANGED = Pattern.compile(
            "(?i)(?:(?:an? )?" + VALUE + " " + CHANGE + "|(?:an? |it )?" + CHANGE + " (?:of|by) " + VALUE + ")\\.?");

    /** Beside a fraction: 3 out of 4, 1 in 6. */
    private static final Pattern OUT_OF = Pattern.compile("(\\d{1,9}) (?:in|out of)(?: every)? (\\d{1,9})\\.?");

    private static final Pattern SHARE = Pattern.compile(".*(?:frac|/|%|percent|\\d\\.\\d).*");
    private static final Pattern PLAIN = Pattern.compile(VALUE);
    private static final Pattern RATIO = Pattern.compile("\\d{1,9}(?: ?: ?\\d{1,9})+");
    private static final Pattern TO = Pattern.compile("\\d{1,9}(?: to \\d{1,9})+");

    private Shorthand() {}

    /** Whether the text is a part of a number, and nothing else. */
    static boolean isShare(String text) {
        return OUT_OF.matcher(text).matches();
    }

    /** What the answer is beside another that is a share, a ratio or a change; other answers as they are. */
    static String beside(String other, String answer) {
        if (answer.length() > 100) {
            return answer;
        }
        Matcher part = OUT_OF.matcher(answer);
        if (part.matches()) {
            return SHARE.matcher(other).matches() ? part.group(1) + "/" + part.group(2) : answer;
        }
        if (RATIO.matcher(other).matches() && TO.matcher(answer).matches()) {
            return answer.replace(" to ", ":");
        }
        Matcher changed = CHANGED.matcher(answer);
        return changed.matches() && PLAIN.matcher(other).matches()
                ? Objects.requireNonNullElse(changed.group(1), changed.group(2))
                : answer;
    }

    /** The number that the answer comes to beside a reference that is a number; other answers as they are. */
    static String number(String reference, String answer) {
        if (answer.length() > 100 || !NUMBER.matcher(reference).matches()) {
            return answer;
        }
        Matcher thousands = THOUSANDS.matcher(answer);
        if (thousands.matches()) {
            String decimals = thousands.group(3) == null ? "" : thousands.group(3);
            return thousands.group(1)
                    + thousands.group(2)
                    + decimals
                    + "0".repeat(3 - decimals.length())
                    + thousands.group(4);
        }
        String words = answer.replaceAll("\\\\(?:text|textbf|mathrm)\\s?\\{([^{}]*)\\}", "$1")
                .strip();
        return NOTHING.matcher(words).matches() ? "0" : answer;
    }
}
