package cogent.model.decoder;

import cogent.model.tensor.Tensor;

/** How the tokens of a forward pass see each other: sequence by sequence, or through a cache. */
public interface Attention {
    /**
     * @param layer index of the layer
     * @param qkv the projections of every token, {@code [tokens, (heads + 2 kvHeads) · headDim]}
     * @return {@code [tokens, heads · headDim]}
     */
    Tensor attend(int layer, Tensor qkv);
}
