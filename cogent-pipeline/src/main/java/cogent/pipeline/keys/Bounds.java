package cogent.pipeline.keys;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An interval of numbers.
 *
 * @param minOut whether the lower end itself is left out
 * @param maxOut whether the upper end itself is left out
 */
record Bounds(double min, boolean minOut, double max, boolean maxOut) {
    private static final Pattern WRITTEN = Pattern.compile("([\\[(])([^,]*),([^,]*)([])])");

    /** Reads {@code [0,1)}; an end that is not given is infinite. Of an empty text: any finite number. */
    static Bounds of(String written) {
        if (written.isEmpty()) {
            return of("(,)");
        }
        Matcher m = WRITTEN.matcher(written.replace(" ", ""));
        if (!m.matches()) {
            throw new IllegalArgumentException("\"" + written + "\" is no interval like [0,1)");
        }
        return new Bounds(
                m.group(2).isEmpty() ? Double.NEGATIVE_INFINITY : Double.parseDouble(m.group(2)),
                m.group(1).equals("("),
                m.group(3).isEmpty() ? Double.POSITIVE_INFINITY : Double.parseDouble(m.group(3)),
                m.group(4).equals(")"));
    }

    boolean hold(double value) {
        return Double.isFinite(value) && (minOut ? value > min : value >= min) && (maxOut ? value < max : value <= max);
    }

    /** As it ends a sentence: {@code from 0 to below 1}, with a blank before; empty where anything goes. */
    @Override
    public String toString() {
        String low = Double.isInfinite(min) ? "" : (minOut ? " above " : " from ") + number(min);
        String high = Double.isInfinite(max) ? "" : (maxOut ? " to below " : " to ") + number(max);
        return low + high;
    }

    private static String number(double value) {
        return value == Math.rint(value) ? "%d".formatted((long) value) : String.format(Locale.ROOT, "%s", value);
    }
}
