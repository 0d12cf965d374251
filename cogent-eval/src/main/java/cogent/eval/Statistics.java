package cogent.eval;

import java.util.Arrays;
import java.util.SplittableRandom;

/** The statistics of accuracies. All intervals are 95 %; all draws are seeded, so equal inputs give equal figures. */
public final class Statistics {
    private static final double Z = 1.959963984540054;
    private static final int RESAMPLES = 10_000;
    private static final int EXACT_SIGNS = 16;
    private static final long SEED = 20_250_409;

    private Statistics() {}

    /** Wilson's score interval of a proportion (E. B. Wilson 1927). */
    public static Interval wilson(long successes, long n) {
        double p = (double) successes / n;
        double z2 = Z * Z / n;
        double centre = (p + z2 / 2) / (1 + z2);
        double half = Z * Math.sqrt(p * (1 - p) / n + z2 / (4 * n)) / (1 + z2);
        return new Interval(Math.max(0, centre - half), Math.min(1, centre + half));
    }

    /** Percentile bootstrap of the mean, resampling the values: the problems, where a value is a problem's accuracy. */
    public static Interval bootstrap(double[] values) {
        SplittableRandom random = new SplittableRandom(SEED);
        double[] means = new double[RESAMPLES];
        for (int r = 0; r < RESAMPLES; r++) {
            double sum = 0;
            for (int i = 0; i < values.length; i++) {
                sum += values[random.nextInt(values.length)];
            }
            means[r] = sum / values.length;
        }
        Arrays.sort(means);
        return new Interval(quantile(means, 0.025), quantile(means, 0.975));
    }

    static double quantile(double[] sorted, double q) {
        double at = q * (sorted.length - 1);
        int below = (int) at;
        double above = sorted[Math.min(below + 1, sorted.length - 1)];
        return sorted[below] + (at - below) * (above - sorted[below]);
    }

    /** Unbiased pass@k of one problem: 1 − C(n−c, k) / C(n, k) for c right samples of n (Chen et al. 2021, eq. 1). */
    public static double passAt(int k, int n, int c) {
        if (k < 1 || k > n) {
            throw new IllegalArgumentException("pass@" + k + " of " + n + " samples");
        }
        double miss = 1;
        for (int i = n - c + 1; i <= n; i++) {
            miss *= i > k ? 1 - (double) k / i : 0;
        }
        return 1 - miss;
    }

    /**
     * Exact two-sided McNemar test: under no difference each discordant problem is a fair coin.
     *
     * @param gained problems that only one model solves
     * @param lost problems that only the other solves
     */
    public static double mcNemar(long gained, long lost) {
        long n = gained + lost;
        double logHalf = n * Math.log(0.5);
        double tail = 0;
        double logChoose = 0;
        for (long i = 0; i <= Math.min(gained, lost); i++) {
            tail += Math.exp(logChoose + logHalf);
            logChoose += Math.log((double) (n - i)) - Math.log((double) (i + 1));
        }
        return Math.min(1, 2 * tail);
    }

    /** Two-sided sign-flip permutation test that the mean of paired differences is 0; exact for few, drawn for many. */
    public static double signFlip(double[] differences) {
        double[] d = Arrays.stream(differences).filter(x -> x != 0).toArray();
        double observed = Math.abs(Arrays.stream(d).sum()) - 1e-12;
        if (d.length <= EXACT_SIGNS) {
            int extreme = 0;
            for (int signs = 0; signs < 1 << d.length; signs++) {
                extreme += Math.abs(flipped(d, signs)) >= observed ? 1 : 0;
            }
            return extreme / (double) (1 << d.length);
        }
        SplittableRandom random = new SplittableRandom(SEED);
        int extreme = 1; // the observed signs are one of the draws
        for (int r = 0; r < RESAMPLES; r++) {
            double sum = 0;
            for (double x : d) {
                sum += random.nextBoolean() ? x : -x;
            }
            extreme += Math.abs(sum) >= observed ? 1 : 0;
        }
        return extreme / (RESAMPLES + 1.0);
    }

    private static double flipped(double[] values, int signs) {
        double sum = 0;
        for (int i = 0; i < values.length; i++) {
            sum += (signs >> i & 1) == 0 ? values[i] : -values[i];
        }
        return sum;
    }
}
