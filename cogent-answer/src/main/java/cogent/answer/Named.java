package cogent.answer;

import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Answers that have a name in words as well as a sign: no solution is ∅, all real numbers are ℝ, infinitely many is ∞. */
final class Named {
    private record Name(Pattern words, String sign) {}

    private static final Pattern EXCEPT = Pattern.compile(
            "(?i)(?:for )?(?:all |any )?(?:the )?real(?: number| value)?s?(?: of x| x)? (?:except|but|excluding|other than|besides|without)(?: for)? (?:x ?= ?)?(.{1,40}?)\\.?");

    private static final List<Name> NAMES = List.of(
            name(
                    "(?:(?:there (?:is|are|exists?)|(?:it|the (?:equation|system|problem)) has) )?no (?:such )?(?:solutions?|roots?|values?|numbers?|integers?)(?: exists?)?"
                            + "|(?:it is |there are |there is )?none(?: exists?)?|(?:it is )?(?:the |an )?(?:empty|null) set",
                    "\\emptyset"),
            name(
                    "(?:for |true for |x can be )?(?:all|any|every|each) (?:the )?real(?: numbers?| values?)?(?: of x| x)?|(?:the )?(?:set of )?(?:all )?(?:the )?real numbers",
                    "\\mathbb{R}"),
            name("(?:for )?(?:all|any|every) (?:the )?integers?|(?:the )?(?:set of )?(?:all )?integers", "\\mathbb{Z}"),
            name(
                    "(?:(?:positive |plus )?infinity|infinite(?:ly)?(?: many)?|(?:(?:there (?:are|exist)|it has|the (?:equation|system) has) )?(?:infinitely many|an infinite number of)(?: [a-z]{3,20}){0,2})",
                    "\\infty"),
            name(
                    "(?:(?:the |this )?(?:expression|value|limit|function|it) )?(?:is )?(?:undefined|not defined)",
                    "undefined"),
            name("(?:negative |minus )infinity", "-\\infty"),
            name("(?:the |this )?(?:limit |it )?(?:does not|doesn't|do not) exist|d\\.?n\\.?e", "DNE"),
            name(
                    "(?:the |this )?(?:series|integral|sequence|sum|limit|it)? ?(?:is divergent|diverges|divergent)",
                    "diverges"),
            name(
                    "(?:the |this )?(?:series|integral|sequence|sum|limit|it)? ?(?:is convergent|converges|convergent)",
                    "converges"));

    private static final List<String> NOTHINGS = List.of("\\emptyset", "DNE", "undefined", "diverges");

    private static final int LONGEST = 80;

    private Named() {}

    /** Whether both are signs that there is nothing, each of its own kind. */
    static boolean areNothings(String sign, String other) {
        boolean none = sign.equals("0") ? other.equals("\\emptyset") : NOTHINGS.contains(sign);
        return none && (NOTHINGS.contains(other) || other.equals("0")) && !sign.equals(other);
    }

    /** Whether the words are all real numbers but a few. */
    static boolean isAllBut(String words) {
        return EXCEPT.matcher(words).matches();
    }

    private static Name name(String words, String sign) {
        return new Name(Pattern.compile(words), sign);
    }

    /**
     * The sign where the answer is such a name and nothing else; other answers as they are.
     *
     * @param words the answer without commands around its words
     */
    static String sign(String answer, String words) {
        if (words.length() > LONGEST || words.length() < 3 || !Character.isLetter(words.charAt(0))) {
            return answer;
        }
        Matcher except = EXCEPT.matcher(words);
        if (except.matches()) {
            return "\\mathbb{R} \\setminus \\{" + except.group(1).replaceAll(" and (?:x ?= ?)?", ", ") + "\\}";
        }
        String plain =
                words.toLowerCase(Locale.ROOT).replaceAll("\\s+", " ").strip().replaceFirst("[.!]\\z", "");
        return NAMES.stream()
                .filter(name -> name.words.matcher(plain).matches())
                .map(Name::sign)
                .findFirst()
                .orElse(answer);
    }
}
