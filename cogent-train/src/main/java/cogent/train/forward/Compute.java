package cogent.train.forward;

/**
 * How a step is computed; changes time and memory, and the result by rounding only.
 *
 * @param microBatchTokens tokens that go through the model at once; larger batches are accumulated, with the gradient
 *     that the whole batch would have
 * @param layout how sequences lie
 * @param recompute 0: keep what the layers computed for the way back; k: keep the input of every k-th layer and compute the
 *     rest again, for about a third more arithmetic
 * @param shardOptimiser among several ranks: each holds gradients and the optimiser's state for its share of the weights only
 *     (ZeRO-2)
 */
public record Compute(int microBatchTokens, BatchLayout layout, int recompute, boolean shardOptimiser) {
    public Compute {
        if (microBatchTokens < 1 || recompute < 0) {
            throw new IllegalArgumentException(
                    microBatchTokens + " tokens at once, recomputation every " + recompute + " layers");
        }
    }

    /** With the optimiser's state on every rank. */
    public Compute(int microBatchTokens, BatchLayout layout, int recompute) {
        this(microBatchTokens, layout, recompute, false);
    }

    /** Nothing is computed twice, 8 192 tokens at once. */
    public static Compute standard() {
        return new Compute(8192, BatchLayout.SHARED, 0);
    }
}
