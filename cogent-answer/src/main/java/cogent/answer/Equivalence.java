package cogent.answer;

import cogent.answer.math.Compounds;
import cogent.answer.math.Expr;
import cogent.answer.math.Latex;
import cogent.answer.math.ParseException;
import cogent.answer.math.Parser;
import cogent.answer.math.PlainSigns;
import cogent.answer.math.Units;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Decides whether a predicted answer says the same as the reference answer. Both may be bare answers, LaTeX, or whole
 * replies. Every input is decided in bounded time and memory: texts, numbers, nesting and points of evaluation are
 * capped, and what lies beyond is UNKNOWN unless it is written identically.
 */
public final class Equivalence {
    /** Longer answers are compared as written. */
    private static final int MAX_LENGTH = 6000;

    private static final Pattern DECIMAL_COMMA = Pattern.compile("(-? ?\\d+),(\\d+)(?= ?%?$)");
    /** As likely 1 and 2 as one and two tenths. */
    private static final Pattern LISTED = Pattern.compile("-?[1-9],[1-9]");

    private static final Pattern INDIAN = Pattern.compile("-?\\d{1,2}(?:,\\d{2})+,\\d{3}(?:\\.\\d+)?");
    private static final Pattern GROUPED = Pattern.compile("\\d,\\d{3}(?!\\d)");
    private static final Pattern PLAIN_NUMBER = Pattern.compile("-?(?:\\d+|\\d{1,3}(?:,\\d{3})++)(?:\\.\\d+)?");
    private static final Pattern PLAIN_WORDS = Pattern.compile("[a-zA-Z][a-zA-Z '\\-]*[a-zA-Z]");

    /** A name with something behind it: {@code Route 66}. */
    private static final Pattern WORDY = Pattern.compile("[a-zA-Z]{2,}[ ,.]");

    private static final Pattern MONEY = Pattern.compile("\\\\?[$€£¥₹] ?-?\\d[\\d,.]{0,30}");
    private static final Pattern ORDINAL =
            Pattern.compile("(\\d{1,9})(?:\\^\\{?)? ?(?:\\\\text ?\\{ ?)?(?:st|nd|rd|th)(?: ?\\}){0,2}");
    private static final List<String> ROMAN_DIGITS =
            List.of("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX");
    /** Of quadrants and statements; one letter alone may be anything. */
    private static final Pattern ROMAN = Pattern.compile("(?=[XVI]{2})(X{0,3})(IX|IV|V?I{0,3})(?: only)?");

    /** What may be a number in some language; a truth value is none in any. */
    private static final Pattern WORD = Pattern.compile("(?!(?i:true|false)$)\\p{L}{4,}(?:[ -]\\p{L}{1,12}){0,3}");

    private static final Pattern VERTICES = Pattern.compile("[A-Z]{3,12}");
    private static final Pattern SPACE = Pattern.compile("(?<!\\d) | (?!\\d)");
    private static final Pattern CLOCK = Pattern.compile("\\d{1,3}:[0-5]\\d");
    private static final Pattern TIME = Pattern.compile("\\b(?:h|hours?|hrs?|min(?:ute)?s?|sec(?:ond)?s?)\\b");
    private static final Pattern BOUND = Pattern.compile(
            "(?i)(?:\\b(?:than(?: or equal to)?|at least|at most|exceeds?|between [-$\\d.]{1,20} and) \\$?-?|[<>≤≥] ?)[\\d.,]{1,30}\\$?(?: [a-z]{1,20})?\\.?\\s*\\z");
    /** A number that ends a reckoning or is what something comes to is no guess; so is one that is all that was said. */
    private static final Pattern RESULT = Pattern.compile(
            "(?i)(?:\\A|(?:=|\\b(?:is|are|was|were|makes?|gives?|gets?|got|leaves?|costs?|total(?:s| of)?|equals?|so|becomes))) ?[$\\\\-]{0,3}\\d[\\d.,]*(?: ?[a-zA-Z%$]{1,20}){0,2}[.!$)\\s]*\\z");

    private static final Pattern CHAIN = Pattern.compile("[^:=]{1,60}(?::[^:=]{1,60}){2,20}");

    private static final Pattern APPROXIMATED = Pattern.compile(
            "(?<=\\A[^,a-z]{0,40}[√/π^][^,(]{1,40})\\s*[,(]\\s*(?:≈|~|\\\\approx|about|approximately|approx\\.?|roughly)\\s*(-?[\\d.,]*\\d)\\)?\\.?\\z");

    private static final Pattern RECKONED =
            Pattern.compile("([-\\d.,]{1,30}(?: [a-zA-Z]{2,20})?) \\( ?([^()=a-z]{0,20}\\d[^()=]{1,40})\\)");

    private Equivalence() {}

    /** Whether the two are certainly the same. */
    public static boolean equal(String gold, String prediction) {
        return compare(gold, prediction).isEqual();
    }

    /** Never throws, whatever the texts. */
    public static Verdict compare(String gold, String prediction) {
        String reference = PlainSigns.of(gold);
        String reply = PlainSigns.of(prediction);
        String small = Compounds.inSmaller(reference);
        String given = Compounds.inSmaller(reply);
        Verdict verdict = plain(small, given);
        if (verdict.isEqual() || (small.equals(reference) && given.equals(reply))) {
            return verdict;
        }
        Verdict larger = plain(Compounds.inLarger(reference), Compounds.inLarger(reply));
        return larger.isEqual() ? larger : verdict;
    }

    private static Verdict plain(String gold, String prediction) {
        if (isProse(gold) && bare(gold).equals(bare(prediction))) {
            return Verdict.equal("written identically");
        }
        String reference = Candidate.of(gold);
        Optional<Verdict> choice = Choices.compare(reference, prediction, Equivalence::plain);
        return choice.or(() -> Judgements.compare(reference, prediction))
                .or(() -> Wording.compare(unwrapped(reference), prediction))
                .orElseGet(() -> {
                    String answer = Candidate.of(prediction);
                    Verdict verdict = answers(reference, answer);
                    boolean more = Judgements.mayBeSaid(reference, answer)
                            || isBound(reference, answer, prediction)
                            || isOneOfSeveral(reference, answer, prediction);
                    return verdict.kind() == Verdict.Kind.DIFFERENT && more
                            ? Verdict.unknown("words that may say the same")
                            : verdict;
                });
    }

    /** A number guessed from a sentence that holds the reference too and announces neither: "There are 12 below 100". */
    private static boolean isOneOfSeveral(String gold, String number, String reply) {
        String end = reply.substring(Math.max(0, reply.length() - 200)).strip();
        String sentence = end.substring(1 + Math.max(end.lastIndexOf('\n'), end.lastIndexOf(". ")));
        return PLAIN_NUMBER.matcher(gold).matches()
                && PLAIN_NUMBER.matcher(number).matches()
                && !RESULT.matcher(sentence).find()
                && Pattern.compile("(?<![\\w.,-]|= ?)" + Pattern.quote(gold) + "(?![\\w.,]\\w|\\w)")
                        .matcher(sentence)
                        .find()
                && Answers.extract(reply).isEmpty();
    }

    /** "At least 2" beside a reference that is no number: an interval in words. */
    private static boolean isBound(String gold, String number, String reply) {
        return PLAIN_NUMBER.matcher(number).matches()
                && !PLAIN_NUMBER.matcher(gold).matches()
                && BOUND.matcher(reply.substring(Math.max(0, reply.length() - 200)))
                        .find();
    }

    /** A reference of several formulas with words between them is more than the last of its formulas. */
    private static boolean isProse(String gold) {
        return gold.length() < MAX_LENGTH && gold.indexOf('$') >= 0 && gold.indexOf(' ') >= 0;
    }

    private static String bare(String text) {
        String answer = text.length() < MAX_LENGTH ? Answers.extract(text).orElse(text) : "";
        return answer.replaceAll("[\\s$.]+", "");
    }

    private static Verdict answers(String gold, String other) {
        if (gold.isBlank() || other.isBlank()) {
            return Verdict.unknown(gold.isBlank() ? "no reference answer" : "no answer found");
        }
        if (PLAIN_NUMBER.matcher(gold).matches() && PLAIN_NUMBER.matcher(other).matches()) {
            return plainNumbers(gold, other);
        }
        if (gold.length() > MAX_LENGTH || other.length() > MAX_LENGTH) {
            return gold.equals(other) ? Verdict.equal("written identically") : Verdict.unknown("too long to compare");
        }
        if ((isMoney(gold) && isPercent(other)) || (isPercent(gold) && isMoney(other))) {
            return Verdict.different("money against per cent");
        }
        String said = numeral(Latex.clean(approximated(other)));
        String asked = Shorthand.beside(said, numeral(Latex.clean(gold)));
        String shorthand = Shorthand.number(asked, Shorthand.beside(asked, said));
        boolean family = Families.isFamily(asked) || Families.isFamily(shorthand);
        String renamed = Families.named(asked, shorthand);
        String reference = Named.sign(Families.formula(asked), unwrapped(asked));
        String candidate = Named.sign(renamed, unwrapped(renamed));
        if (!reference.isEmpty() && tight(reference).equals(tight(candidate))) {
            return Verdict.equal("written identically");
        }
        if (Named.areNothings(reference, candidate)) {
            return Verdict.unknown("nothing of another kind");
        }
        String plain = unwrapped(reference);
        String given = unwrapped(candidate);
        Optional<Verdict> words =
                words(plain, given).or(() -> Dates.compare(plain, given)).or(() -> ratios(reference, candidate));
        if (words.isPresent()) {
            return words.get();
        }
        if (PLAIN_WORDS.matcher(candidate).matches()
                && candidate.chars().filter(c -> c == ' ').count() >= 2) {
            return Verdict.unknown("a sentence, no answer found");
        }
        Verdict verdict = parsed(reference, candidate, true);
        if (isNone(reference, candidate) || isNone(candidate, reference)) {
            return Verdict.unknown("no solution of another kind");
        }
        if (PLAIN_NUMBER.matcher(reference).matches() && WORD.matcher(candidate).matches()) {
            return Verdict.unknown("a word that may be a number");
        }
        if (family && !verdict.isEqual()) {
            return Verdict.unknown("other formulas, which may give the same values");
        }
        if (verdict.isEqual()) {
            return Units.mayDiffer(reference, candidate) ? Verdict.unknown("other words behind the number") : verdict;
        }
        return otherCommas(reference, candidate).orElse(verdict);
    }

    private static boolean isNone(String sign, String words) {
        return sign.equals("\\emptyset") && unwrapped(words).matches("(?i)no [a-z ]{1,60}");
    }

    private static boolean isMoney(String answer) {
        return MONEY.matcher(answer).matches();
    }

    private static boolean isPercent(String answer) {
        return answer.endsWith("%");
    }

    /** Spaces between digits stay: 1 2 is not 12. */
    private static String tight(String text) {
        return SPACE.matcher(text).replaceAll("");
    }

    /** Without big numbers: the digits are the value. */
    private static Verdict plainNumbers(String gold, String other) {
        String a = digits(gold);
        String b = digits(other);
        if (a.equals(b)) {
            return Verdict.equal("equal numbers");
        }
        boolean comma = gold.indexOf(',') >= 0 != other.indexOf(',') >= 0;
        boolean decimal = gold.indexOf('.') >= 0 || other.indexOf('.') >= 0;
        if ((comma || decimal) && gold.length() < 40 && other.length() < 40) {
            return parsed(gold, other, true).isEqual()
                    ? Verdict.equal("equal to the digits given")
                    : otherCommas(gold, other).orElse(Verdict.different("different numbers"));
        }
        return Verdict.different("different numbers");
    }

    private static String digits(String number) {
        boolean negative = number.startsWith("-");
        String plain = number.replace(",", "").replace("-", "");
        int start = 0;
        while (start < plain.length() - 1 && plain.charAt(start) == '0' && plain.charAt(start + 1) != '.') {
            start++;
        }
        int end = plain.length();
        if (plain.indexOf('.') >= 0) {
            while (plain.charAt(end - 1) == '0') {
                end--;
            }
            end -= plain.charAt(end - 1) == '.' ? 1 : 0;
        }
        String value = plain.substring(start, end);
        return negative && !value.equals("0") ? "-" + value : value;
    }

    /**
     * Whether the two have the same structure with numbers that are close enough.
     *
     * @param absolute allowed error for each answer of a list, in the order of the reference, the last for all further
     *     ones; empty: none
     * @param relative allowed error relative to the reference
     */
    public static boolean close(String gold, String prediction, List<Double> absolute, double relative) {
        String reference = Candidate.of(PlainSigns.of(gold));
        String candidate = Candidate.of(PlainSigns.of(prediction));
        if (reference.length() > MAX_LENGTH || candidate.length() > MAX_LENGTH) {
            return false; // before the cleaning, which takes its time with megabytes
        }
        try {
            return new Closeness(absolute, relative).holds(read(reference), read(candidate));
        } catch (ParseException e) {
            return false;
        }
    }

    private static Expr read(String answer) {
        return Parser.parse(Units.marked(Latex.clean(answer)), true);
    }

    private static Optional<Verdict> words(String a, String b) {
        if (VERTICES.matcher(a).matches() && VERTICES.matcher(b).matches() && !a.equals(b)) {
            return Optional.of(Verdict.unknown("letters that may name angles or an order"));
        }
        boolean long1 = PLAIN_WORDS.matcher(a).matches() && a.length() > 3;
        boolean long2 = PLAIN_WORDS.matcher(b).matches() && b.length() > 3;
        boolean plain =
                PLAIN_WORDS.matcher(a).matches() && PLAIN_WORDS.matcher(b).matches();
        if (plain && (long1 || long2 || a.equalsIgnoreCase(b))) {
            Verdict verdict = Compare.words(a, b);
            return Optional.of(
                    !verdict.isEqual() && (holds(a, b) || holds(b, a))
                            ? Verdict.unknown("the other's words and more")
                            : verdict);
        }
        return WORDY.matcher(a).lookingAt() && squeezed(a).equalsIgnoreCase(squeezed(b))
                ? Optional.of(Verdict.equal("same words"))
                : Optional.empty();
    }

    private static boolean holds(String words, String others) {
        return words.length() > others.length()
                && Pattern.compile("(?i)\\b" + Pattern.quote(others) + "s?\\b")
                        .matcher(words)
                        .find();
    }

    /** {@code 1:2:3} is neither a quotient of quotients nor a tuple: all its parts may be multiplied by the same. */
    private static Optional<Verdict> ratios(String gold, String other) {
        if ((CLOCK.matcher(gold).matches() && TIME.matcher(other).find())
                || (CLOCK.matcher(other).matches() && TIME.matcher(gold).find())) {
            return Optional.of(Verdict.unknown("hours and minutes, or minutes and seconds"));
        }
        boolean chain = CHAIN.matcher(gold).matches();
        if (!chain && !CHAIN.matcher(other).matches()) {
            return Optional.empty();
        }
        String[] a = gold.split(" ?: ?", -1);
        String[] b = other.split(" ?: ?", -1);
        if (a.length != b.length) {
            return Optional.of(Verdict.different("a ratio of " + a.length + " against " + b.length));
        }
        List<Verdict> parts = new ArrayList<>();
        for (int i = 1; i < a.length; i++) {
            parts.add(parsed("(" + a[i] + ")/(" + a[0] + ")", "(" + b[i] + ")/(" + b[0] + ")", true));
        }
        return Optional.of(Verdict.all(parts, "the same ratio"));
    }

    private static String numeral(String clean) {
        Matcher ordinal = ORDINAL.matcher(clean);
        if (ordinal.matches()) {
            return ordinal.group(1);
        }
        Matcher roman = ROMAN.matcher(unwrapped(clean));
        if (roman.matches()) {
            return String.valueOf(10 * roman.group(1).length() + ROMAN_DIGITS.indexOf(roman.group(2)));
        }
        String words = unwrapped(clean);
        String said = Reason.beforeCause(words);
        String numeral = NumberWords.numeral(said);
        String digits = numeral.equals(said) ? NumberWords.inDigits(said) : numeral;
        String led = Candidate.led(digits);
        String value = led.equals(digits) ? numeral : led;
        return withoutReckoning(value.equals(words) ? clean : value);
    }

    /** {@code √2 (about 1.414)}: either may be what was asked for. */
    private static String approximated(String value) {
        return value.length() > 200 ? value : APPROXIMATED.matcher(value).replaceFirst(" \\\\approx $1");
    }

    /** A value with the same value reckoned out in brackets: 72 (48 + 24). */
    private static String withoutReckoning(String value) {
        Matcher reckoned = RECKONED.matcher(value);
        return reckoned.matches()
                        && parsed(reckoned.group(1), reckoned.group(2), true).isEqual()
                ? reckoned.group(1)
                : value;
    }

    private static String squeezed(String text) {
        return text.replaceAll("[\\s.,]+", " ").strip();
    }

    private static String unwrapped(String text) {
        return text.replaceAll("\\\\(?:text|mathrm|textbf|mbox|mathbf|textit)\\s*\\{([^{}]*)\\}", " $1 ")
                .strip();
    }

    private static Verdict parsed(String gold, String other, boolean thousands) {
        Expr reference;
        try {
            reference = Parser.parse(Units.marked(gold), thousands);
        } catch (ParseException e) {
            return Verdict.unknown("the reference cannot be read: " + e.getMessage());
        }
        try {
            return Compare.of(reference, Parser.parse(Units.marked(other), thousands));
        } catch (ParseException e) {
            return Verdict.unknown("the answer cannot be read: " + e.getMessage());
        }
    }

    /** The other readings of commas: as separators everywhere, and as a decimal sign. */
    private static Optional<Verdict> otherCommas(String gold, String other) {
        if (INDIAN.matcher(gold).matches() != INDIAN.matcher(other).matches()
                && parsed(gold.replace(",", ""), other.replace(",", ""), false).isEqual()) {
            return Optional.of(Verdict.equal("equal with lakhs set apart"));
        }
        if (GROUPED.matcher(gold).find() || GROUPED.matcher(other).find()) {
            Verdict separated = parsed(gold, other, false);
            if (separated.isEqual()) {
                return Optional.of(separated);
            }
        }
        boolean comma = gold.indexOf(',') >= 0 != other.indexOf(',') >= 0;
        if (comma
                && !LISTED.matcher(gold).matches()
                && !GROUPED.matcher(gold + " " + other).find()) { // 15,000 is no 15
            Verdict decimal = parsed(decimalPoint(gold), decimalPoint(other), false);
            if (decimal.isEqual()) {
                return Optional.of(Verdict.equal("equal with a decimal comma"));
            }
        }
        return Optional.empty();
    }

    private static String decimalPoint(String text) {
        return DECIMAL_COMMA.matcher(text).matches() || text.endsWith("%")
                ? DECIMAL_COMMA.matcher(text).replaceFirst("$1.$2")
                : text;
    }
}
