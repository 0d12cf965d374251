package cogent.answer.math;

import java.math.BigDecimal;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Amounts told in two units, a larger and a smaller one: 1 hour and 30 minutes, 5 ft 6 in, 12 dollars and 50 cents. */
public final class Compounds {
    private static final String AMOUNT =
            "(\\d{1,9}(?:\\.\\d{1,9})?)(?:\\\\?[ ,~]){0,2}(?:\\\\(?:text|mathrm) ?\\{ ?([a-zA-Z]{1,12})\\.?,?(?: and)? ?\\}|([a-zA-Z]{1,12})\\.?)";

    private static final Pattern COMPOUND = Pattern.compile("(?<![\\w.,/^])" + AMOUNT
            + "(?:(?:,|\\\\?[ ~])*(?:\\\\text ?\\{ ?and ?\\}|and)?(?:\\\\?[ ~])+|(?<=\\}|\\d[hms]))" + AMOUNT
            + "(?![\\w/^])");

    /** Beside them an m is a minute: 2h 30m, 1m 30s. */
    private static final Pattern HOURS = Pattern.compile("(?i)h|hrs?|hours?");

    private static final Pattern SECONDS = Pattern.compile("(?i)s|secs?|seconds?");

    /** 5'6", not behind degrees. */
    private static final Pattern FEET =
            Pattern.compile("(?<![\\d°.])(\\d{1,3})['’′] ?(\\d{1,2}(?:\\.\\d)?)(?:[\"”″]|'')(?!\\w)");

    private static final int MOST_UNITS = 3;

    /** Answers stand near the end. */
    private static final int WINDOW = 4000;

    private Compounds() {}

    /** The text with every such amount in its smaller unit. */
    public static String inSmaller(String text) {
        return replaced(text, false);
    }

    /** The text with every such amount in its larger unit. */
    public static String inLarger(String text) {
        return replaced(text, true);
    }

    private static String replaced(String text, boolean larger) {
        int start = Math.max(0, text.length() - WINDOW);
        String plain = FEET.matcher(text.substring(start)).replaceAll("$1 ft $2 in");
        for (int i = 1; i < MOST_UNITS; i++) {
            plain = COMPOUND.matcher(plain)
                    .replaceAll(m -> Matcher.quoteReplacement(amount(m, larger).orElse(m.group())));
        }
        return text.substring(0, start) + plain;
    }

    private static Optional<String> amount(MatchResult m, boolean larger) {
        String large = m.group(2) == null ? m.group(3) : m.group(2);
        String small = m.group(5) == null ? m.group(6) : m.group(5);
        large = large.equals("m") && SECONDS.matcher(small).matches() ? "min" : large;
        small = small.equals("m") && HOURS.matcher(large).matches() ? "min" : small;
        Optional<Unit> first = UnitNames.find(large);
        Optional<Unit> second = UnitNames.find(small);
        if (first.isEmpty() || second.isEmpty() || !first.get().measuresLike(second.get())) {
            return Optional.empty();
        }
        Rational ratio = first.get().size().over(second.get().size());
        Rational rest = Rational.of(new BigDecimal(m.group(4)));
        if (ratio.compare(Rational.ONE) <= 0 || rest.compare(ratio) >= 0) {
            return Optional.empty(); // two amounts, not one
        }
        Rational all = Rational.of(new BigDecimal(m.group(1))).times(ratio).plus(rest);
        Rational value = larger ? all.over(ratio) : all;
        return Optional.of(written(value) + " " + (larger ? large : small));
    }

    private static String written(Rational value) {
        try {
            return new BigDecimal(value.numerator())
                    .divide(new BigDecimal(value.denominator()))
                    .toPlainString();
        } catch (ArithmeticException e) { // a decimal without end
            return "\\frac{" + value.numerator() + "}{" + value.denominator() + "}";
        }
    }
}
