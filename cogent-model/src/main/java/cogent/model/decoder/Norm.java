package cogent.model.decoder;

import cogent.model.tensor.Nn;
import cogent.model.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * RMSNorm, x / √(mean(x²) + eps) · gain with gain = factor · (offset + weight) (Zhang and Sennrich, 2019).
 *
 * @param weight {@code [d]}
 * @param offset 1 where the weight says how far the gain is from it (Gemma)
 * @param factor on the result
 */
record Norm(Tensor weight, double offset, double factor, double eps) {
    /** {@code [d]}, a graph recorded where one is. */
    Tensor gain() {
        Tensor sum = offset == 0 ? weight : weight.add(offset);
        return factor == 1 ? sum : sum.mul(factor);
    }

    /** Computed in the type of x. */
    Tensor apply(Tensor x) {
        return Nn.rmsNorm(x, weight.dtype() == x.dtype() ? gain() : gain().to(x.dtype()), eps);
    }

    /** x, normalised where there is a norm. */
    static Tensor normed(@Nullable Norm norm, Tensor x) {
        return norm == null ? x : norm.apply(x);
    }
}
