package cogent.report.chart;

import java.util.ArrayList;
import java.util.List;

/**
 * One axis: which values it spans, where its ticks stand, and where a value lies on it as a share of its length.
 *
 * @param low the least value shown
 * @param high the greatest value shown, above {@code low}
 * @param ticks values with a label, at 1, 2 or 5 times a power of ten
 */
record Axis(double low, double high, boolean log, List<Double> ticks) {
    /** Values that differ by less than this share of theirs differ by rounding. */
    private static final double ROUNDING = 1e-9;

    /** A linear axis that spans at least these values, widened to whole ticks. */
    static Axis linear(double low, double high, int about) {
        boolean differ = high - low > ROUNDING * Math.max(Math.abs(low), Math.abs(high));
        double step = step(differ ? high - low : Math.max(Math.abs(low), 1), about);
        double from = Math.floor(low / step + 1e-9) * step;
        double to = Math.ceil(high / step - 1e-9) * step;
        return fixed(from, to > from ? to : from + step, step);
    }

    /** A linear axis from 0 to the greatest value, which need not be a tick: for steps of a training. */
    static Axis steps(double high, int about) {
        return fixed(0, Math.max(high, 1), Math.max(1, step(Math.max(high, 1), about)));
    }

    private static Axis fixed(double low, double high, double step) {
        List<Double> ticks = new ArrayList<>();
        long first = Math.round(Math.ceil(low / step - 1e-6));
        for (long i = first; i * step <= high + step * 1e-6; i++) {
            ticks.add(i * step);
        }
        return new Axis(low, high, false, List.copyOf(ticks));
    }

    /** A logarithmic axis over these positive values. */
    static Axis log(double low, double high) {
        double from = Math.log10(low);
        double to = Math.max(Math.log10(high), from + 0.3);
        double[] marks = to - from > 2.2 ? new double[] {1} : new double[] {1, 2, 5};
        List<Double> ticks = new ArrayList<>();
        for (int decade = (int) Math.floor(from); decade <= to; decade++) {
            for (double mark : marks) {
                double tick = mark * Math.pow(10, decade);
                if (tick >= low * 0.999 && Math.log10(tick) <= to) {
                    ticks.add(tick);
                }
            }
        }
        return new Axis(low, Math.pow(10, to), true, List.copyOf(ticks));
    }

    private static double step(double span, int about) {
        double raw = span / about;
        double power = Math.pow(10, Math.floor(Math.log10(raw)));
        double lead = raw / power;
        return power * (lead < 1.4 ? 1 : lead < 2.8 ? 2 : lead < 7 ? 5 : 10);
    }

    /** Where the value lies: 0 at the low end, 1 at the high end; what lies outside is put at the end. */
    double at(double value) {
        double share = log
                ? (Math.log10(Math.max(value, Double.MIN_NORMAL)) - Math.log10(low))
                        / (Math.log10(high) - Math.log10(low))
                : (value - low) / (high - low);
        return Math.clamp(share, 0, 1);
    }

    /** Labels of the ticks, all with the same number of places where they are plain. */
    List<String> labels() {
        double least =
                ticks.stream().mapToDouble(Math::abs).filter(t -> t > 0).min().orElse(1);
        double most = ticks.stream().mapToDouble(Math::abs).max().orElse(1);
        if (log || most >= 1e6) {
            return ticks.stream().map(Typography::value).toList();
        }
        if (most < 1e-2) {
            int exponent = (int) Math.floor(Math.log10(most) + 1e-9);
            return ticks.stream()
                    .map(t -> t == 0 ? "0" : Typography.value(t / Math.pow(10, exponent)) + "e−" + -exponent)
                    .toList();
        }
        double step = ticks.size() > 1 ? ticks.get(1) - ticks.get(0) : least;
        int places = (int) Math.max(0, -Math.floor(Math.log10(Math.abs(step)) + 1e-9));
        return ticks.stream()
                .map(t -> places == 0 ? Typography.count(Math.round(t)) : Typography.fixed(t, places))
                .toList();
    }
}
