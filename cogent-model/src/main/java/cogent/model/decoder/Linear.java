package cogent.model.decoder;

import cogent.model.tensor.DType;
import cogent.model.tensor.GradMode;
import cogent.model.tensor.Nn;
import cogent.model.tensor.SkinnyGemm;
import cogent.model.tensor.Tensor;
import cogent.model.tensor.Tensors;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * x · weightᵀ + bias, with a low-rank addition where an adapter is on.
 *
 * @param weight {@code [out, in]}
 * @param bias {@code [out]} or none
 * @param products how the product is computed
 */
record Linear(
        Tensor weight, @Nullable Tensor bias, @Nullable LowRank lowRank, Products products) {

    Tensor apply(Tensor x) {
        Tensor in = converted(x);
        Tensor y = isRead() && SkinnyGemm.fits(in, weight)
                ? SkinnyGemm.linear(in, List.of(layer()))
                : Nn.linear(in, converted(weight), bias == null ? null : converted(bias));
        return lowRank == null ? y : y.add(lowRank.apply(in));
    }

    /** In the type of the products; itself where it has that. */
    Tensor converted(Tensor tensor) {
        return products.converted(tensor);
    }

    /** Whether products read the weight as it is. */
    private boolean isRead() {
        return weight.dtype() == products.dtype();
    }

    /** Whether its product can be added up in a tensor itself: on a device, of one type, without a graph. */
    boolean canAddTo(Tensor sum) {
        return !GradMode.isOn()
                && !sum.device().isCpu()
                && bias == null
                && lowRank == null
                && isRead()
                && sum.dtype() == weight.dtype();
    }

    /** The same layer with other products. */
    Linear computing(Products other) {
        return new Linear(weight, bias, lowRank, other);
    }

    /** Frees the weights, where they are its own view of them. */
    void close() {
        weight.close();
        if (bias != null) {
            bias.close();
        }
    }

    private SkinnyGemm.Layer layer() {
        return new SkinnyGemm.Layer(weight, bias);
    }

    /** Several layers of the same input side by side, {@code [rows, out of all]}. */
    static Tensor joined(Tensor x, List<Linear> layers) {
        if (layers.size() == 1) {
            return layers.getFirst().apply(x);
        }
        boolean adapted = layers.stream().anyMatch(layer -> layer.lowRank != null);
        Linear first = layers.getFirst();
        return !adapted && first.isRead() && SkinnyGemm.fits(x, first.weight)
                ? SkinnyGemm.linear(x, layers.stream().map(Linear::layer).toList())
                : Tensors.cat(layers.stream().map(layer -> layer.apply(x)).toList(), -1);
    }

    /**
     * scale · (x · aᵀ) · bᵀ (Hu et al., 2021).
     *
     * @param a {@code [rank, in]}
     * @param b {@code [out, rank]}
     * @param dropout probability with which an element of x is zeroed on the way
     */
    record LowRank(Tensor a, Tensor b, double scale, double dropout) {
        /** Dropout acts where a graph is recorded: in training, not when scoring. */
        Tensor apply(Tensor x) {
            Tensor in = dropout > 0 && GradMode.isOn() ? Nn.dropout(x, dropout) : x;
            DType compute = x.dtype();
            return Nn.linear(Nn.linear(in, a.to(compute), null), b.to(compute), null)
                    .mul(scale);
        }
    }
}
