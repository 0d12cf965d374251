package cogent.train.forward;

import cogent.model.hf.ModelConfig;

/**
 * Floating-point operations of a training step: those of the model's matrix products, the causal half of attention, and
 * the head on predicted tokens only. Recomputation, element-wise work and padding are not counted.
 */
final class Flops {
    private Flops() {}

    /** Of forward and backward, all weights trained: twice a multiplication and an addition each, three times. */
    static double training(ModelConfig c, PackedRows.Work work) {
        double d = c.hiddenSize();
        double heads = (double) c.heads() * c.headDim();
        double perToken =
                2 * (d * (heads + 2.0 * c.kvHeads() * c.headDim()) + heads * d + 3 * d * c.intermediateSize());
        double attention = 2 * work.pairs() * heads;
        double head = 2.0 * d * c.vocabSize() * work.targets();
        return 3 * (c.layers() * (perToken * work.tokens() + attention) + head);
    }
}
