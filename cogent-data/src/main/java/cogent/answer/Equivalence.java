package cogent.answer;

import java.util.Optional;
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
    private static final Pattern GROUPED = Pattern.compile("\\d,\\d{3}(?!\\d)");
    private static final Pattern PLAIN_NUMBER = Pattern.compile("-?(?:\\d+|\\d{1,3}(?:,\\d{3})++)(?:\\.\\d+)?");
    private static final Pattern PLAIN_WORDS = Pattern.compile("[a-zA-Z][a-zA-Z '\\-]*[a-zA-Z]");

    private Equivalence() {}

    /** Whether the two are certainly the same. */
    public static boolean equal(String gold, String prediction) {
        return compare(gold, prediction).isEqual();
    }

    /** Never throws, whatever the texts. */
    public static Verdict compare(String gold, String prediction) {
        String reference = Candidate.of(gold);
        Optional<Verdict> choice = Choices.compare(reference, prediction);
        return choice.orElseGet(() -> answers(reference, Candidate.of(prediction)));
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
        String reference = Latex.clean(gold);
        String candidate = Latex.clean(other);
        if (!reference.isEmpty() && reference.replace(" ", "").equals(candidate.replace(" ", ""))) {
            return Verdict.equal("written identically");
        }
        Optional<Verdict> words = words(reference, candidate);
        if (words.isPresent()) {
            return words.get();
        }
        if (PLAIN_WORDS.matcher(candidate).matches()
                && candidate.chars().filter(c -> c == ' ').count() >= 2) {
            return Verdict.unknown("a sentence, no answer found");
        }
        Verdict verdict = parsed(reference, candidate, true);
        if (verdict.isEqual()) {
            return verdict;
        }
        return otherCommas(reference, candidate).orElse(verdict);
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

    /** The numbers that an answer consists of: one, or the items of a list, set or tuple; empty when it is anything else. */
    public static double[] numbers(String answer) {
        try {
            String clean = Latex.clean(Candidate.of(answer));
            return clean.length() > MAX_LENGTH
                    ? new double[0]
                    : Values.numbers(Parser.parse(Units.marked(clean), true));
        } catch (ParseException e) {
            return new double[0];
        }
    }

    private static Optional<Verdict> words(String gold, String other) {
        String a = unwrapped(gold);
        String b = unwrapped(other);
        boolean long1 = PLAIN_WORDS.matcher(a).matches() && a.length() > 3;
        boolean long2 = PLAIN_WORDS.matcher(b).matches() && b.length() > 3;
        boolean plain =
                PLAIN_WORDS.matcher(a).matches() && PLAIN_WORDS.matcher(b).matches();
        return plain && (long1 || long2 || a.equalsIgnoreCase(b)) ? Optional.of(Compare.words(a, b)) : Optional.empty();
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
        if (GROUPED.matcher(gold).find() || GROUPED.matcher(other).find()) {
            Verdict separated = parsed(gold, other, false);
            if (separated.isEqual()) {
                return Optional.of(separated);
            }
        }
        if (gold.indexOf(',') >= 0 != other.indexOf(',') >= 0) {
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
