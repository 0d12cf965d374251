package cogent.model;

import cogent.tensor.GradMode;
import cogent.tensor.Nn;
import cogent.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * x · weightᵀ + bias, with a low-rank addition where an adapter is on.
 *
 * @param weight {@code [out, in]}
 * @param bias {@code [out]} or none
 */
record Linear(
        Tensor weight, @Nullable Tensor bias, @Nullable LowRank lowRank) {

    Tensor apply(Tensor x) {
        Tensor y = Nn.linear(x, weight, bias);
        return lowRank == null ? y : y.add(lowRank.apply(x));
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
            return Nn.linear(Nn.linear(in, a, null), b, null).mul(scale);
        }
    }
}
