package cogent.train.objective;

import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * β-DPO (Wu et al., arXiv 2407.08639, eq. 7–9): β follows how far a batch's pairs are already apart, and pairs far from
 * the usual are left out. With Mᵢ the margin h of pair i (see {@link CogPo}), M₀ and σ moving averages of its mean and
 * standard deviation:
 *
 * <pre>
 *   β of the batch = β · max(10⁻³, 1 + α (mean M − M₀))
 *   kept: a share ρ of the pairs, drawn without replacement with weights exp(−½ ((Mᵢ − M₀)/σ)²)
 * </pre>
 *
 * Where the paper and its published code differ, this follows the code: M without the factor β₀, and averages that have
 * seen the batch before they are used. With β per pair instead of one, all are scaled alike.
 *
 * @param alpha α ≥ 0; the paper uses 0.6
 * @param momentum m of the moving averages, 0 to below 1; the paper uses 0.9
 * @param keep ρ, above 0 to 1; the paper uses 0.8
 */
public record DynamicBeta(double alpha, double momentum, double keep) {
    /** The paper's settings. */
    public static final DynamicBeta PAPER = new DynamicBeta(0.6, 0.9, 0.8);

    private static final double LEAST_FACTOR = 1e-3;

    public DynamicBeta {
        if (!(alpha >= 0 && momentum >= 0 && momentum < 1 && keep > 0 && keep <= 1)) {
            throw new IllegalArgumentException(
                    "dynamic beta with alpha " + alpha + ", momentum " + momentum + ", keep " + keep);
        }
    }

    /** What is carried from batch to batch: M₀ and σ. */
    public record Averages(double mean, double deviation) {
        /** Before the first batch, as in the published code. */
        public static final Averages START = new Averages(0, 0);
    }

    /**
     * What a batch is trained with.
     *
     * @param betaFactor by which every pair's β is multiplied
     * @param kept the rows that are trained on, at least one
     */
    @SuppressWarnings("ArrayRecordComponent") // handed on at once
    public record Decision(double betaFactor, int[] kept, Averages averages) {}

    /**
     * Decides on a batch.
     *
     * @param rows the batch
     * @param margins h of each row of the batch
     */
    public Decision decide(int[] rows, double[] margins, Averages before, RandomGenerator random) {
        double mean = Arrays.stream(margins).average().orElseThrow();
        double squares =
                Arrays.stream(margins).map(m -> (m - mean) * (m - mean)).sum();
        double deviation = Math.sqrt(squares / Math.max(1, margins.length - 1));
        Averages now = new Averages(
                momentum * before.mean() + (1 - momentum) * mean,
                momentum * before.deviation() + (1 - momentum) * deviation);
        double factor = Math.max(LEAST_FACTOR, 1 + alpha * (mean - now.mean()));
        return new Decision(factor, draw(rows, margins, now, random), now);
    }

    /** Weighted drawing without replacement: the rows of the largest keys log(u)/w (Efraimidis and Spirakis, 2006). */
    private int[] draw(int[] rows, double[] margins, Averages now, RandomGenerator random) {
        int count = Math.max(1, (int) Math.round(keep * rows.length));
        double[] keys = new double[rows.length];
        for (int i = 0; i < rows.length; i++) {
            double distance = now.deviation() > 0 ? (margins[i] - now.mean()) / now.deviation() : 0;
            // log of −log(u)/w, which stays finite when the weight itself would vanish
            keys[i] = Math.log(-Math.log(1 - random.nextDouble())) + 0.5 * distance * distance;
        }
        double[] sorted = keys.clone();
        Arrays.sort(sorted);
        int[] kept = new int[count];
        int at = 0;
        for (int i = 0; i < rows.length && at < count; i++) {
            if (keys[i] <= sorted[count - 1]) {
                kept[at++] = rows[i];
            }
        }
        return Arrays.copyOf(kept, at);
    }
}
