package cogent.report.chart;

import cogent.pipeline.run.MetricPoint;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** The points of a curve, made ready to be drawn and judged. */
public final class Curve {
    private Curve() {}

    /** By step; of several points of a step the last one, which is what a resumed run wrote. */
    public static List<MetricPoint> inOrder(List<MetricPoint> points) {
        TreeMap<Long, MetricPoint> byStep = new TreeMap<>();
        points.forEach(p -> byStep.put(p.step(), p));
        return List.copyOf(byStep.values());
    }

    /** The finite points alone. */
    public static List<MetricPoint> finite(List<MetricPoint> points) {
        return points.stream().filter(MetricPoint::isFinite).toList();
    }

    /**
     * Centred running mean over up to {@code window} points. Fewer at the start, evenly on both sides, as curves are
     * steep there; at the end those that there are, so that the last point alone does not decide where the curve ends.
     */
    public static List<MetricPoint> runningMean(List<MetricPoint> points, int window) {
        double[] sums = new double[points.size() + 1];
        for (int i = 0; i < points.size(); i++) {
            sums[i + 1] = sums[i] + points.get(i).value();
        }
        List<MetricPoint> out = new ArrayList<>(points.size());
        for (int i = 0; i < points.size(); i++) {
            int reach = Math.min(window / 2, i);
            int from = i - reach;
            int to = Math.min(i + reach + 1, points.size());
            out.add(new MetricPoint(points.get(i).step(), (sums[to] - sums[from]) / (to - from)));
        }
        return out;
    }

    /** The mean of the values from share {@code from} to share {@code to} of the points; at least one point. */
    public static double mean(List<MetricPoint> points, double from, double to) {
        int size = points.size();
        int start = Math.min(size - 1, (int) Math.floor(from * size));
        int end = Math.max(start + 1, (int) Math.ceil(to * size));
        return points.subList(start, Math.min(size, end)).stream()
                .mapToDouble(MetricPoint::value)
                .average()
                .orElse(Double.NaN);
    }

    /**
     * At most {@code limit} of the points, keeping the curve's shape and its spikes: largest-triangle-three-buckets
     * (Steinarsson, "Downsampling Time Series for Visual Representation", 2013).
     */
    public static List<MetricPoint> downsample(List<MetricPoint> points, int limit) {
        int n = points.size();
        if (n <= limit || limit < 3) {
            return points;
        }
        List<MetricPoint> out = new ArrayList<>(limit);
        out.add(points.getFirst());
        double width = (n - 2.0) / (limit - 2);
        MetricPoint last = points.getFirst();
        for (int bucket = 0; bucket < limit - 2; bucket++) {
            int from = 1 + (int) (bucket * width);
            int to = 1 + (int) ((bucket + 1) * width);
            List<MetricPoint> next =
                    points.subList(to, Math.min(n, Math.max(to + 1, 1 + (int) ((bucket + 2) * width))));
            double nextStep =
                    next.stream().mapToLong(MetricPoint::step).average().orElse(0);
            double nextValue =
                    next.stream().mapToDouble(MetricPoint::value).average().orElse(0);
            MetricPoint best = points.get(from);
            double bestArea = -1;
            for (MetricPoint p : points.subList(from, Math.max(from + 1, to))) {
                double area = Math.abs((last.step() - nextStep) * (p.value() - last.value())
                        - (last.step() - p.step()) * (nextValue - last.value()));
                if (area > bestArea) {
                    bestArea = area;
                    best = p;
                }
            }
            out.add(best);
            last = best;
        }
        out.add(points.getLast());
        return out;
    }
}
