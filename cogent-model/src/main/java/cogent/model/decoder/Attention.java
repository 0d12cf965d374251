package cogent.model.decoder;

import cogent.model.delta.GatedDeltaNet;
import cogent.model.tensor.Tensor;

/** How the tokens of a forward pass see each other, or remember: sequence by sequence, or through a cache. */
public interface Attention {
    /**
     * @param layer index of the layer
     * @param qkv the projections of every token, {@code [tokens, (heads + 2 kvHeads) · headDim]}; in a layer that remembers those of
     *     {@link GatedDeltaNet}
     * @return {@code [tokens, heads · headDim]}, or what that gives
     */
    Tensor attend(int layer, Tensor qkv);
}
