package cogent.eval;

import java.util.Arrays;
import java.util.Comparator;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.apache.commons.statistics.distribution.TDistribution;

/**
 * The statistics of the same measurement with several seeds. A seed is one replicate: its data, initial weights, order
 * and, where they are drawn, its problems. So the spread between seeds holds all that varies, and Student's t over seeds
 * says how far the mean of other seeds may lie; with few seeds its intervals are rightly wide.
 */
public final class Replicates {
    private static final int RESAMPLES = 5_000;
    private static final long SEED = 20_250_409;

    private Replicates() {}

    /**
     * A mean over seeds.
     *
     * @param deviation the standard deviation between seeds; not a number for one seed
     * @param interval 95 %, Student's t with n − 1 degrees of freedom; not a number for one seed
     */
    public record Mean(double mean, double deviation, Interval interval, int n) {}

    /** Of one value a seed; at least one. */
    public static Mean mean(double[] values) {
        int n = values.length;
        double mean = Arrays.stream(values).average().orElseThrow();
        double squares = Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum();
        double deviation = n == 1 ? Double.NaN : Math.sqrt(squares / (n - 1));
        double half = n == 1
                ? Double.NaN
                : TDistribution.of(n - 1.0).inverseCumulativeProbability(0.975) * deviation / Math.sqrt(n);
        return new Mean(mean, deviation, new Interval(mean - half, mean + half), n);
    }

    /**
     * Two-sided paired t-test that the mean of differences is 0; not a number for one seed. Where the differences do not
     * vary at all, the t-test would be certain after two seeds; the sign-flip test is asked instead.
     */
    public static double pairedTest(double[] differences) {
        Mean mean = mean(differences);
        if (mean.n() == 1) {
            return Double.NaN;
        }
        if (mean.deviation() < 1e-12) {
            return Statistics.signFlip(differences);
        }
        double t = Math.abs(mean.mean()) / (mean.deviation() / Math.sqrt(mean.n()));
        return Math.min(1, 2 * TDistribution.of(mean.n() - 1.0).survivalProbability(t));
    }

    /** Holm's step-down correction for the number of p-values (S. Holm 1979); what is not a number is not counted. */
    public static double[] holm(double[] p) {
        double[] corrected = p.clone();
        int[] order = IntStream.range(0, p.length)
                .filter(i -> !Double.isNaN(p[i]))
                .boxed()
                .sorted(Comparator.comparingDouble(i -> p[i]))
                .mapToInt(Integer::intValue)
                .toArray();
        double least = 0;
        for (int rank = 0; rank < order.length; rank++) {
            least = Math.max(least, Math.min(1, (order.length - rank) * p[order[rank]]));
            corrected[order[rank]] = least;
        }
        return corrected;
    }

    /**
     * Percentile bootstrap of the mean over seeds of the mean over problems, 95 %: seeds are drawn with replacement, and
     * within each its problems. With one seed it is a bootstrap over problems alone. With few seeds it is narrower than
     * it should be: five seeds cannot show how seeds vary.
     *
     * @param values a row of problems for each seed; rows may differ in length
     */
    public static Interval hierarchical(double[][] values) {
        SplittableRandom random = new SplittableRandom(SEED);
        double[] means = new double[RESAMPLES];
        for (int r = 0; r < RESAMPLES; r++) {
            double sum = 0;
            for (int s = 0; s < values.length; s++) {
                double[] problems = values[random.nextInt(values.length)];
                double inner = 0;
                for (int i = 0; i < problems.length; i++) {
                    inner += problems[random.nextInt(problems.length)];
                }
                sum += inner / problems.length;
            }
            means[r] = sum / values.length;
        }
        Arrays.sort(means);
        return new Interval(Statistics.quantile(means, 0.025), Statistics.quantile(means, 0.975));
    }
}
