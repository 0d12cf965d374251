package cogent.model.decoder;

import cogent.model.delta.GatedDeltaNet;
import cogent.model.direct.BlockedAttention;
import cogent.model.tensor.Tensor;
import java.util.List;
import java.util.stream.Stream;

/** How the tokens of a forward pass see each other, or remember: sequence by sequence, or through a cache. */
public interface Attention {
    /**
     * @param layer index of the layer
     * @param qkv the projections of every token, {@code [tokens, (heads + 2 kvHeads) · headDim]}; in a layer that remembers those of
     *     {@link GatedDeltaNet}
     * @return {@code [tokens, heads · headDim]}, or what that gives
     */
    Tensor attend(int layer, Tensor qkv);

    /**
     * As {@link #attend(int, Tensor)} with a graph, which may be left where the gradient is known without it.
     *
     * @param detours takes the places; the way back goes on with each of them once its result has its gradient
     */
    default Tensor attend(int layer, Tensor qkv, List<Detour> detours) {
        return attend(layer, qkv);
    }

    /**
     * A stretch of the way without a graph.
     *
     * @param seen {@code [batch, time, heads, headDim]}, a leaf
     */
    record Detour(AttentionHeads.Turned heads, Tensor seen, double scale) {
        /** All of a layer at once, since they may share what leads to them. */
        static void backward(List<Detour> detours) {
            List<Tensor> slopes = detours.stream()
                    .flatMap(detour -> BlockedAttention.backward(
                            detour.heads.q(), detour.heads.k(), detour.heads.v(), detour.scale, detour.seen.grad())
                            .stream())
                    .toList();
            Tensor.backward(
                    detours.stream()
                            .flatMap(detour -> Stream.of(detour.heads.q(), detour.heads.k(), detour.heads.v()))
                            .toList(),
                    slopes);
        }

        List<Tensor> tensors() {
            return List.of(heads.q(), heads.k(), heads.v(), seen);
        }
    }
}
