package cogent.report.chart;

import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Duration;
import java.util.Locale;
import java.util.OptionalDouble;

/** Numbers as the page writes them: spaces between thousands that do not break, a true minus, the same number of places in a column. */
public final class Typography {
    private static final char SPACE = '\u00A0';

    private Typography() {}

    /** {@code 7 473}. */
    public static String count(long n) {
        return String.format(Locale.ROOT, "%,d", n).replace(',', SPACE).replace('-', '−');
    }

    /** A fraction in points of a hundred, without the sign: {@code 28.4}. */
    public static String points(double fraction) {
        return Double.isFinite(fraction) ? fixed(100 * fraction, 1) : "–";
    }

    /** {@code 28.4 %}. */
    public static String percent(double fraction) {
        return points(fraction) + SPACE + "%";
    }

    /** A difference of fractions, in points, signed: {@code +62.6}, {@code −0.4}. */
    public static String signedPoints(double fraction) {
        String text = points(fraction);
        return text.startsWith("−") || !Double.isFinite(fraction) ? text : "+" + text;
    }

    /** {@code p < 0.001}, {@code p = 0.061}. */
    public static String pValue(double p) {
        if (!Double.isFinite(p)) {
            return "p –";
        }
        return p < 0.001 ? "p < 0.001" : "p = " + fixed(p, p < 0.1 ? 3 : 2);
    }

    /** The same below a heading that says what it is: {@code < 0.001}, {@code 0.061}. */
    public static String bareP(double p) {
        return pValue(p).substring(2).replace("= ", "");
    }

    /** In the currency of the recipe's prices, which is not known. */
    public static String cost(OptionalDouble cost) {
        if (cost.isEmpty()) {
            return "not known";
        }
        double value = cost.getAsDouble();
        return value == 0 ? "0" : fixed(value, value < 0.1 ? 4 : 2);
    }

    /** {@code 1h10m}, {@code 2m41s}, {@code 6s}. */
    public static String duration(Duration time) {
        long s = time.toSeconds();
        if (s >= 3600) {
            return s / 3600 + "h" + s % 3600 / 60 + "m";
        }
        return s >= 60 ? s / 60 + "m" + String.format(Locale.ROOT, "%02d", s % 60) + "s" : s + "s";
    }

    /** {@code 1.4 GB}, decimal units. */
    public static String bytes(long bytes) {
        double value = bytes;
        for (String unit : new String[] {"B", "kB", "MB"}) {
            if (value < 999.5) {
                return (unit.equals("B") ? count(bytes) : value < 10 ? fixed(value, 1) : fixed(value, 0))
                        + SPACE
                        + unit;
            }
            value /= 1000;
        }
        return fixed(value, 1) + SPACE + "GB";
    }

    /** Three significant digits, plain where that is short: {@code 0.144}, {@code −120}, {@code 5e−7}. */
    public static String value(double value) {
        if (!Double.isFinite(value)) {
            return "not finite";
        }
        if (value == 0) {
            return "0";
        }
        double size = Math.abs(value);
        if (size < 1e-3 || size >= 1e7) {
            int exponent = (int) Math.floor(Math.log10(size) + 1e-12);
            String mantissa = plain(new BigDecimal(value / Math.pow(10, exponent)).round(new MathContext(2)));
            return (mantissa + "e" + exponent).replace('-', '−');
        }
        if (size >= 1000) {
            return count(Math.round(value));
        }
        return plain(new BigDecimal(value).round(new MathContext(3))).replace('-', '−');
    }

    private static String plain(BigDecimal value) {
        return value.signum() == 0 ? "0" : value.stripTrailingZeros().toPlainString();
    }

    public static String fixed(double value, int places) {
        String text = String.format(Locale.ROOT, "%,." + places + "f", value).replace(',', SPACE);
        // "-0.0" is 0.0 to a reader
        return text.matches("-0\\.?0*") ? text.substring(1) : text.replace('-', '−');
    }
}
