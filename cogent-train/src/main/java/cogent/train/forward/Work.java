package cogent.train.forward;

import cogent.model.hf.ModelConfig;

/**
 * What a pass has to compute.
 *
 * @param tokens that go through the layers
 * @param pairs of tokens that see each other: Σ T² / 2 over the sequences, a shared prompt counted once, times 2
 * @param targets tokens that are predicted
 */
public record Work(long tokens, double pairs, long targets) {
    /** Nothing. */
    public static final Work NONE = new Work(0, 0, 0);

    /** Both together. */
    public Work plus(Work other) {
        return new Work(tokens + other.tokens, pairs + other.pairs, targets + other.targets);
    }

    /** Floating-point operations of a training step on this with all weights trained. */
    public double flops(ModelConfig c) {
        return flops(c, 1);
    }

    /**
     * Floating-point operations of a training step on this, forward and backward: those of the
     * model's matrix products (a multiplication and an addition each, three times where weights are trained), the causal half of attention, and the
     * head on predicted tokens only; of layers that remember what reads and writes their state token by token. Recomputation,
     * element-wise work and padding are not counted.
     *
     * @param trained share of the weights that are trained: gradients of the others are not computed
     */
    public double flops(ModelConfig c, double trained) {
        double d = c.hiddenSize();
        double linear = c.linear().count();
        double full = c.layers() - linear;
        double heads = (double) c.heads() * c.headDim();
        double queries = c.outputGate() ? 2 * heads : heads;
        double attention = d * (queries + 2.0 * c.kvHeads() * c.headDim()) + heads * d;
        double values = c.linear().values();
        double memory = d * (c.linear().channels() + values + 2.0 * c.linear().valueHeads())
                + values * d
                + 3.0 * c.linear().keyDim() * values;
        double feedForward = c.layers() * 3 * d * c.feedForwardWidth();
        double perToken = 2 * (full * attention + linear * memory + feedForward);
        double head = 2.0 * d * c.vocabSize() * targets;
        return (2 + trained) * (perToken * tokens + head) + 3 * full * 2 * pairs * heads;
    }
}
