package cogent.answer;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Numbers written short, which only stand for themselves where a number is asked for: 3k, none, 72 (48 + 24). */
final class Shorthand {
    private static final Pattern NUMBER =
            Pattern.compile("[-+]?\\$?(?:\\d|\\.\\d)[\\d,]*(?:\\.\\d+)?(?: [a-zA-Z ]{1,40})?");

    private static final Pattern THOUSANDS =
            Pattern.compile("([-+]?\\$?)(\\d{1,9})(?:\\.(\\d{1,3}))?\\s?[kK](?=\\z| [a-z]{3}| per\\b|/[a-z])(.*)");

    private static final Pattern NOTHING = Pattern.compile(
            "(?i)(?:(?:there (?:is|are|was|were|will be)|(?:it|that) is|(?:he|she|they|we|it) [a-z]{2,12}) )?"
                    + "(?:none|nothing|nil|nought|naught)(?: of (?:them|it|these|those|the [a-z ]{1,30}))?(?: left| left over| at all| remains?)?");

    private Shorthand() {}

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
