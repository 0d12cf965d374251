package cogent.model;

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
     */
    record LowRank(Tensor a, Tensor b, double scale) {
        Tensor apply(Tensor x) {
            return Nn.linear(Nn.linear(x, a, null), b, null).mul(scale);
        }
    }
}
