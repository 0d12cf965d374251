package cogent.report.chart;

import cogent.pipeline.run.MetricPoint;
import cogent.report.Diagnosis;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * Curves over optimiser steps. Of a noisy curve the faint line is every logged value (at most {@value #LIMIT} drawn) and
 * the bold one its running mean. Each curve carries its own name at its end; a value that is not finite is a gap.
 *
 * @param unit what the vertical axis shows
 * @param scale {@code LOG} where values span decades; falls back to linear when a value is not positive
 */
public record LineChart(String title, String unit, Scale scale, List<Line> lines, List<Rule> rules) {
    static final int LIMIT = 500;
    private static final int WIDTH = 420;
    private static final int HEIGHT = 236;
    private static final int TOP = 30;
    private static final int BOTTOM = 34;
    private static final int LEFT = 48;
    /** Curves with fewer points are drawn as they are. */
    private static final int SMOOTH_FROM = 60;

    private static final int LABEL_HEIGHT = 15;

    /** How values lie on the vertical axis. */
    public enum Scale {
        LINEAR,
        LOG,
        /** From 0 to 1. */
        SHARE,
        /** Linear; the curves are exact settings, not noisy measurements: never smoothed, no value at their ends. */
        SETTING
    }

    /**
     * A named curve.
     *
     * @param colour which of the page's series colours, from 0
     * @param points in the order of their steps
     */
    public record Line(String name, int colour, List<MetricPoint> points) {}

    /** A level worth comparing with: {@code ln 2}. */
    public record Rule(String name, double value) {}

    public LineChart {
        lines = lines.stream().filter(l -> !Curve.finite(l.points()).isEmpty()).toList();
        rules = List.copyOf(rules);
    }

    /** The chart as a figure; a sentence instead when there is nothing to draw yet. */
    public String figure() {
        String caption = "<figcaption><b>" + Html.escape(title) + "</b>" + Html.escape(note()) + "</figcaption>";
        if (lines.stream().allMatch(l -> Curve.finite(l.points()).size() < 2)) {
            return "<figure>" + caption
                    + "<p class=\"none\">Too few steps are logged yet to draw a curve.</p></figure>\n";
        }
        return "<figure>" + caption + Svg.picture(WIDTH, HEIGHT, title, description(), "chart", drawing())
                + "</figure>\n";
    }

    private String note() {
        boolean isLog = vertical().log();
        return (isLog ? ", log scale" : "") + (lines.stream().anyMatch(this::isSmoothed) ? ", bold: running mean" : "");
    }

    private boolean isSmoothed(Line line) {
        return scale != Scale.SETTING && line.points().size() >= SMOOTH_FROM;
    }

    private List<MetricPoint> shown(Line line) {
        List<MetricPoint> finite = Curve.finite(line.points());
        return isSmoothed(line) ? Curve.runningMean(finite, Math.max(3, finite.size() / 25) | 1) : finite;
    }

    /** Where the curve ends: of a noisy one the mean of its last tenth, as in {@link Diagnosis}. */
    private double end(Line line) {
        List<MetricPoint> finite = Curve.finite(line.points());
        return isSmoothed(line) ? Curve.mean(finite, 0.9, 1) : finite.getLast().value();
    }

    private String description() {
        StringBuilder out = new StringBuilder(unit + " by optimiser step.");
        for (Line line : lines) {
            List<MetricPoint> points = shown(line);
            out.append(" %s: %s at step %s, %s at step %s."
                    .formatted(
                            line.name(),
                            Typography.value(points.getFirst().value()),
                            Typography.count(points.getFirst().step()),
                            Typography.value(end(line)),
                            Typography.count(points.getLast().step())));
        }
        return out.toString();
    }

    private Axis vertical() {
        if (scale == Scale.SHARE) {
            return Axis.linear(0, 1, 4);
        }
        double low = extreme(MetricPoint::value, true);
        double high = extreme(MetricPoint::value, false);
        for (Rule rule : rules) {
            low = Math.min(low, rule.value());
            high = Math.max(high, rule.value());
        }
        if (scale == Scale.LOG && low > 0 && high / low > 20) {
            return Axis.log(low, high);
        }
        // a curve that nearly reaches zero is drawn from zero
        return Axis.linear(low > 0 && low < 0.5 * high ? 0 : low, high, 4);
    }

    private double extreme(ToDoubleFunction<MetricPoint> of, boolean least) {
        var values =
                lines.stream().flatMap(l -> Curve.finite(l.points()).stream()).mapToDouble(of);
        return (least ? values.min() : values.max()).orElse(0);
    }

    private String drawing() {
        Axis y = vertical();
        Axis x = Axis.steps(extreme(MetricPoint::step, false), 4);
        int longest = lines.stream().mapToInt(l -> label(l).length()).max().orElse(0);
        double right = Math.clamp(longest * Svg.CHARACTER + 12, 24, 140);
        double width = WIDTH - LEFT - right;
        double height = HEIGHT - TOP - BOTTOM;
        StringBuilder out = new StringBuilder();

        List<String> yLabels = y.labels();
        for (int i = 0; i < yLabels.size(); i++) {
            double at = TOP + height * (1 - y.at(y.ticks().get(i)));
            out.append(Svg.line(LEFT, at, LEFT + width, at, y.ticks().get(i) == 0 ? "zero" : "grid"));
            out.append(Svg.text(LEFT - 7, at + 4, "end", "tick", yLabels.get(i)));
        }
        List<String> xLabels = x.labels();
        for (int i = 0; i < xLabels.size(); i++) {
            double at = LEFT + width * x.at(x.ticks().get(i));
            out.append(Svg.line(at, TOP + height, at, TOP + height + 4, "axis"));
            out.append(Svg.text(at, TOP + height + 17, "middle", "tick", xLabels.get(i)));
        }
        out.append(Svg.line(LEFT, TOP + height, LEFT + width, TOP + height, "axis"));
        out.append(Svg.text(LEFT + width, HEIGHT - 3, "end", "tick", "optimiser step"));
        out.append(Svg.text(2, 14, "start", "unit", unit));
        for (Rule rule : rules) {
            double at = TOP + height * (1 - y.at(rule.value()));
            out.append(Svg.line(LEFT, at, LEFT + width, at, "rule"));
            out.append(Svg.text(LEFT + width - 3, at - 5, "end", "tick halo", rule.name()));
        }
        for (Line line : lines) {
            String colour = "s" + line.colour() % 6;
            if (isSmoothed(line)) {
                out.append(Svg.path(trace(line.points(), x, y, width, height), "curve raw " + colour));
                out.append(Svg.path(trace(shown(line), x, y, width, height), "curve " + colour));
            } else {
                out.append(Svg.path(trace(line.points(), x, y, width, height), "curve " + colour));
            }
        }
        out.append(endLabels(x, y, width, height, right));
        return out.toString();
    }

    private String label(Line line) {
        return scale == Scale.SETTING ? line.name() : line.name() + " " + Typography.value(end(line));
    }

    private static String trace(List<MetricPoint> points, Axis x, Axis y, double width, double height) {
        StringBuilder d = new StringBuilder();
        int from = 0;
        while (from < points.size()) {
            int to = from;
            while (to < points.size() && points.get(to).isFinite()) {
                to++;
            }
            int share = Math.max(3, (int) ((long) LIMIT * (to - from) / points.size()));
            String command = "M";
            for (MetricPoint p : Curve.downsample(points.subList(from, to), share)) {
                d.append(command)
                        .append(Svg.number(LEFT + width * x.at((double) p.step())))
                        .append(' ')
                        .append(Svg.number(TOP + height * (1 - y.at(p.value()))));
                command = "L";
            }
            from = to + 1;
        }
        return d.toString();
    }

    private record Label(Line line, double x, double y) {}

    /** Names at the curves' ends, pushed apart where the ends meet. */
    private String endLabels(Axis x, Axis y, double width, double height, double right) {
        List<Label> labels = new ArrayList<>();
        for (Line line : lines) {
            MetricPoint end = shown(line).getLast();
            labels.add(
                    new Label(line, LEFT + width * x.at((double) end.step()), TOP + height * (1 - y.at(end.value()))));
        }
        labels.sort(Comparator.comparingDouble(Label::y));
        double[] at = labels.stream().mapToDouble(Label::y).toArray();
        double lowest = TOP + height + 2;
        for (int i = at.length - 1; i >= 0; i--) {
            at[i] = Math.min(at[i], lowest - (at.length - 1 - i) * LABEL_HEIGHT);
        }
        for (int i = 1; i < at.length; i++) {
            at[i] = Math.max(at[i], at[i - 1] + LABEL_HEIGHT);
        }
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < at.length; i++) {
            Label label = labels.get(i);
            String colour = "s" + label.line().colour() % 6;
            out.append(Svg.dot(label.x(), label.y(), 2.5, "end " + colour));
            out.append(Svg.text(
                    LEFT + width + 8, at[i] + 4, "start", "name " + colour, Svg.fit(label(label.line()), right - 8)));
        }
        return out.toString();
    }
}
