package cogent.answer;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a text comes to that states no answer: its last formula, else its last emphasised number, else its last number. */
final class Guess {
    private static final Pattern MATH = Pattern.compile(
            "\\$\\$(.{1,2000}?)\\$\\$|\\$([^$]{1,2000})\\$|\\\\\\[(.{1,2000}?)\\\\\\]|\\\\\\((.{1,2000}?)\\\\\\)",
            Pattern.DOTALL);

    private static final Pattern BOLD = Pattern.compile("\\*\\*([^*\\n]{1,200})\\*\\*");
    private static final int TAIL = 6000;

    private static final int SENTENCE = 300;

    private static final Pattern DENIED = Pattern.compile(
            "(?i)\\b(?:not|isn't|rather than|instead of|except(?: for)?|other than|excluding|exclude|(?:less|more|fewer|greater|smaller|larger) than|(?:root|square|cube|reciprocal|multiple|factor|divisor) of|divisible by|(?:can(?:not| not|'t)|could(?:n't| not)) be|(?:all|any|every|anything|everything) (?:[a-z]+ ){0,3}but) \\$?(?:\\\\boxed\\{)?\\\\?\\$?\\d[\\d,]*+(?:\\.\\d+)?(?![\\d\\\\])"
                    + "|\\$?\\d[\\d,]*+(?:\\.\\d+)?\\$?,? (?:(?:which|and that) )?(?:is|was) (?:wrong|incorrect|false|not (?:right|correct|the answer))\\b");

    /** None of its numbers is what it comes to: 10 times as many as 3. */
    private static final Pattern RELATIVE = Pattern.compile(
            "(?i)\\bbetween \\$?\\d[\\d,.]* and \\$?\\d[\\d,.]*(?: \\p{L}+){0,2}[.\\s]*\\z|(?:\\A|[.,:;!?\\n]|\\b(?:is|are|was|has|have)) ?(?:\\p{L}+ ){0,3}\\$?\\d[\\d,.]*+ ?(?:(?:%|per ?cent|times) (?:\\p{L}+ ){0,4}(?:of|off|as|than)|(?:\\p{L}+ ){0,2}(?:for (?:every|each)|over|per)) (?:\\p{L}+ ){0,2}\\$?(?:\\d[\\d,.]*|three|four|five|six|seven|eight|nine|ten)(?: \\p{L}+){0,3}[.\\s]*\\z");

    private static final Pattern REVOKED = Pattern.compile(
            "(?i)\\b(?:(?:that|this|it|which)(?:'s| is| was| must be) (?:wrong|incorrect|false|not (?:right|correct|the answer))|(?:that|this|it) (?:can't|cannot|isn't|could not)(?: be)? (?:right|correct|the answer)|not the answer)[.!\\s]*\\z");

    private static final String NUMBER = "\\$?\\d[\\d,]*+(?:\\.\\d++)?";

    /** The sentence ends before the result of its reckoning: 40 - 10, 40 - 10 =, 5x + 12. */
    private static final Pattern UNFINISHED = Pattern.compile("(?i)(?:((?:" + NUMBER + " ?[-+*/×÷x] ?)+" + NUMBER
            + ")|(?:\\d|\\)|(?<![a-z])[a-z]|\\d \\p{L}{1,20}) ?(?:[-+*/×÷x]|times|plus|minus|divided by|multiplied by) ?"
            + NUMBER + ")(?: \\p{L}+){0,2}[=.\\s]*\\z|[+/×÷=][$\\s]*\\z|(?-i:\\d[abnpxyz])\\s*\\z");

    /** Cut off: the cost is 20 dollars per */
    private static final Pattern CUT = Pattern.compile(
            "(?i)\\s(?:and|or|of|the|per|for|to|with|is|are|was|were|by|from|than|because|if|which|that|so)\\z");

    /** What a reckoning gives, with circumstances behind it: 16 * 3 = 48 kilograms in 3 bags. */
    private static final Pattern RESULT =
            Pattern.compile("\\d[^=]{0,60}[-+*/×÷x][^=]{1,60}= ?(" + NUMBER + ")(?![\\d:]) ([^=]*)\\z");

    /** Another step, or another result. */
    private static final Pattern FURTHER = Pattern.compile(
            "(?i)\\d(?:[*×÷]| [-+*/×÷] )\\$?\\d|\\b(?:so|then|thus|hence|therefore|leaves|gives|makes|is|are|was|were|total|and)\\b");

    /** Behind another number: $64 for 16 glasses. */
    private static final Pattern CIRCUMSTANCE = Pattern.compile(
            "(?i)(?<![\\d.,])\\d[^=]{0,80} (?:for|in|of|at|over|per|every|from|after|with|within|during) (?:(?:the|all|a|these|those|her|his|its|their|last|first|next) ){0,2}"
                    + NUMBER + "(?: \\p{L}+){1,3}[.\\s]*\\z");

    /** Between formulas, each of which is an answer. */
    private static final Pattern JOINED = Pattern.compile("\\s*(?:,|;|,?\\s*and|,?\\s*or)\\s*");

    private static final Pattern SEVERAL = Pattern.compile(
            "(?i)\\b(?:are|solutions?|values|roots|answers|integers|numbers|either)\\b[^.$\\n]{0,30}\\z");

    private static final Pattern LIST = Pattern.compile(
            "(?i)\\b(?:solutions|values|roots|answers|integers|numbers|divisors|factors|primes|it)\\b.{0,40}\\b(?:are|is either):? (-?\\d[\\d.]*(?:(?:, | and |, and | or |, or )-?\\d[\\d.]*)+)[.\\s]*\\z");

    /** Between two signs of dollars: 20 * $3 = $60. */
    private static final Pattern PRICE = Pattern.compile("[\\d.,]+.*[-+*/×÷=]\\s*", Pattern.DOTALL);

    /** Of an item of a list that was not written any more. */
    private static final Pattern MARKER = Pattern.compile("\\s++(?:(?<=\\n)\\d{1,2}[.)]\\s*)?\\z");

    /** Reckonings one behind the other, and perhaps the last result again. */
    private static final Pattern STEPS = Pattern.compile("(?:[^=a-zA-Z\\\\]{1,60}[-+*/×÷][^=a-zA-Z\\\\]{1,40}=\\s?"
            + NUMBER + "(?: [a-z]{1,20})?\\s*+(?:[,;.\\n]|and|so|then)?+\\s*+){2,12}(?:" + NUMBER + "\\.?)?\\s*");

    private Guess() {}

    static boolean isSteps(String text) {
        return text.length() < SENTENCE && STEPS.matcher(text).matches();
    }

    /** The last formula, else the last emphasised number, else the last number. */
    static String in(String text) {
        if (isCut(text)
                || RELATIVE.matcher(text.substring(Math.max(0, text.length() - SENTENCE)))
                        .find()) {
            return "";
        }
        String tail = DENIED.matcher(Reason.withoutAside(text.substring(Math.max(0, text.length() - TAIL))))
                .replaceAll("");
        String last = "";
        Matcher math = MATH.matcher(tail);
        int start = 0;
        int end = 0;
        int from = 0;
        while (math.find(from)) {
            String formula = formula(math);
            boolean money = math.group(2) != null
                    && (Reason.isMoney(formula) || PRICE.matcher(formula).matches());
            from = money ? math.start() + 1 : math.end();
            if (!money) {
                boolean more = !last.isBlank()
                        && JOINED.matcher(tail.substring(end, math.start())).matches()
                        && SEVERAL.matcher(tail.substring(Math.max(0, start - 80), start))
                                .find();
                start = more ? start : math.start();
                last = more ? last + ", " + formula : formula;
                end = math.end();
            }
        }
        String formula = last;
        if (!formula.isBlank()) {
            return Sentences.lastNumber(tail.substring(end)).orElse(formula);
        }
        Matcher bold = BOLD.matcher(tail);
        while (bold.find()) {
            last = Sentences.lastNumber(bold.group(1)).orElse(last);
        }
        return last.isBlank() ? number(tail) : last;
    }

    private static String formula(Matcher math) {
        for (int group = 1; group < 4; group++) {
            if (math.group(group) != null) {
                return math.group(group);
            }
        }
        return math.group(4);
    }

    /** Whether the text ends too early, or takes back what it says. */
    static boolean isCut(String text) {
        return CUT.matcher(text.substring(Math.max(0, text.length() - 20))).find()
                || REVOKED.matcher(text.substring(Math.max(0, text.length() - 60)))
                        .find();
    }

    private static String number(String tail) {
        String end = MARKER.matcher(tail.substring(Math.max(0, tail.length() - SENTENCE)))
                .replaceFirst("");
        String sentence = end.substring(1 + Math.max(end.lastIndexOf('\n'), end.lastIndexOf(". ")));
        Matcher unfinished = UNFINISHED.matcher(sentence);
        if (unfinished.find()) {
            return unfinished.group(1) == null || !sentence.endsWith(".")
                    ? ""
                    : unfinished.group(1).replace("$", "");
        }
        Matcher list = LIST.matcher(sentence);
        if (list.find()) {
            return list.group(1);
        }
        Matcher result = RESULT.matcher(sentence);
        if (result.find() && !FURTHER.matcher(result.group(2)).find()) {
            return result.group(1);
        }
        return CIRCUMSTANCE.matcher(sentence).find()
                ? ""
                : Sentences.lastNumber(MARKER.matcher(tail).replaceFirst("")).orElse(tail.length() < 400 ? tail : "");
    }
}
