package cogent.pipeline.curate;

import cogent.curate.agent.CallCosts;
import cogent.eval.Interval;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * What all rows of a corpus come to, from some of them: tokens grow with the rationale, so they are scaled by characters (a
 * ratio estimate); how many calls a row takes does not, so calls are scaled by the number of rows.
 *
 * @param tried the rows that are known
 * @param rows of the corpus
 * @param characters of all of them together
 */
record RatioEstimate(List<Row> tried, long rows, double characters, long seed) {
    private static final int RESAMPLES = 2000;

    record Row(double characters, CallCosts bill) {}

    RatioEstimate {
        // they come in the order in which they were answered, and the same rows are to give the same interval
        tried = tried.stream()
                .sorted(Comparator.comparingDouble(Row::characters))
                .toList();
    }

    /** Characters of the corpus times the sum over the tried rows per character. */
    double whole(ToDoubleFunction<CallCosts> of) {
        return scaled(IntStream.range(0, tried.size()).toArray(), each(of));
    }

    private double[] each(ToDoubleFunction<CallCosts> of) {
        return tried.stream().mapToDouble(row -> of.applyAsDouble(row.bill)).toArray();
    }

    /** Rows of the corpus times the mean over the tried rows. */
    double calls(ToDoubleFunction<CallCosts> of) {
        return tried.isEmpty() ? 0 : rows * Arrays.stream(each(of)).sum() / tried.size();
    }

    /** The bootstrap's, 95 %; no wider than the estimate itself where every row was tried. */
    Interval interval(ToDoubleFunction<CallCosts> of) {
        int n = tried.size();
        if (n == rows || n == 0) {
            return new Interval(whole(of), whole(of));
        }
        double[] each = each(of);
        Random random = new Random(seed);
        double[] resampled = DoubleStream.generate(
                        () -> scaled(random.ints(n, 0, n).toArray(), each))
                .limit(RESAMPLES)
                .sorted()
                .toArray();
        return new Interval(resampled[RESAMPLES / 40], resampled[RESAMPLES - 1 - RESAMPLES / 40]);
    }

    private double scaled(int[] some, double[] each) {
        double sum = Arrays.stream(some).mapToDouble(row -> each[row]).sum();
        double length = Arrays.stream(some)
                .mapToDouble(row -> tried.get(row).characters)
                .sum();
        return length == 0 ? 0 : characters * sum / length;
    }
}
