package cogent.report.chart;

import cogent.eval.Interval;
import java.util.List;

/**
 * Values with their intervals on one axis, a row each with its name above, so that it reads on a phone too.
 *
 * @param zero whether 0 is a line to compare with: differences
 */
public record IntervalPlot(String title, String unit, boolean zero, List<Row> rows) {
    private static final int WIDTH = 420;
    private static final int LEFT = 10;
    private static final int RIGHT = 20;
    private static final int ROW = 42;
    private static final int TOP = 4;
    private static final int BOTTOM = 40;

    /** A named value in [−1, 1] with its interval; what is not finite is left out of the drawing. */
    public record Row(String name, int colour, double value, Interval interval, String label) {}

    public IntervalPlot {
        rows = List.copyOf(rows);
    }

    public String figure() {
        int height = TOP + ROW * rows.size() + BOTTOM;
        return "<figure><figcaption><b>" + Html.escape(title) + "</b></figcaption>"
                + Svg.picture(WIDTH, height, title, description(), "chart", drawing(height)) + "</figure>\n";
    }

    private String description() {
        StringBuilder out = new StringBuilder(unit + ", with 95 % intervals.");
        for (Row row : rows) {
            out.append(" %s: %s, interval %s to %s."
                    .formatted(
                            row.name(),
                            row.label(),
                            Typography.points(row.interval().low()),
                            Typography.points(row.interval().high())));
        }
        return out.toString();
    }

    private Axis axis() {
        double low = rows.stream()
                .mapToDouble(r -> Math.min(r.interval().low(), r.value()))
                .filter(Double::isFinite)
                .min()
                .orElse(0);
        double high = rows.stream()
                .mapToDouble(r -> Math.max(r.interval().high(), r.value()))
                .filter(Double::isFinite)
                .max()
                .orElse(1);
        return zero ? Axis.linear(100 * Math.min(0, low), 100 * Math.max(0, high), 5) : Axis.linear(0, 100, 5);
    }

    private String drawing(int height) {
        Axis axis = axis();
        double width = WIDTH - LEFT - RIGHT;
        double bottom = height - BOTTOM;
        StringBuilder out = new StringBuilder();
        List<String> labels = axis.labels();
        for (int i = 0; i < labels.size(); i++) {
            double tick = axis.ticks().get(i);
            double at = LEFT + width * axis.at(tick);
            out.append(Svg.line(at, TOP, at, bottom, zero && tick == 0 ? "axis" : "grid"));
            out.append(Svg.text(at, bottom + 16, "middle", "tick", labels.get(i)));
        }
        out.append(Svg.text(LEFT + width, height - 4, "end", "tick", unit));
        for (int i = 0; i < rows.size(); i++) {
            Row row = rows.get(i);
            double y = TOP + ROW * i + 30;
            String colour = "s" + row.colour() % 6;
            out.append(Svg.text(LEFT, y - 13, "start", "label halo", Svg.fit(row.name(), width - 70)));
            out.append(Svg.text(LEFT + width, y - 13, "end", "label strong halo", row.label()));
            if (!Double.isFinite(row.value())) {
                continue;
            }
            double from = LEFT + width * axis.at(100 * row.interval().low());
            double to = LEFT + width * axis.at(100 * row.interval().high());
            out.append(Svg.line(from, y, to, y, "interval " + colour));
            out.append(Svg.line(from, y - 5, from, y + 5, "interval " + colour));
            out.append(Svg.line(to, y - 5, to, y + 5, "interval " + colour));
            out.append(Svg.dot(LEFT + width * axis.at(100 * row.value()), y, 5, "end " + colour));
        }
        return out.toString();
    }
}
