package cogent.model.decoder;

import cogent.model.tensor.DType;
import cogent.model.tensor.Nn;
import cogent.model.tensor.Scope;
import cogent.model.tensor.Tensor;

/**
 * RMSNorm, x / √(mean(x²) + eps) · weight, with its way back (Zhang and Sennrich, 2019).
 *
 * @param x {@code [rows, d]}
 * @param scale {@code [rows, 1]}: 1/√(mean(x²) + eps)
 * @param y {@code [rows, d]}: the result
 */
record NormPass(Tensor x, Tensor weight, Tensor scale, Tensor y) {
    /** @param dtype of the result; the norm itself is computed in that of x */
    static NormPass of(Tensor x, Tensor weight, double eps, DType dtype) {
        Tensor scale = Nn.rmsScale(x, eps);
        return new NormPass(
                x, weight, scale, Scope.of(() -> x.mul(scale).mul_(weight).to(dtype)));
    }

    /**
     * Adds the gradient of the weight to what it has, if it wants one.
     *
     * @param up gradient of y, in the type of x
     * @return gradient of x
     */
    Tensor backward(Tensor up) {
        Nn.NormGradient gradient = Nn.rmsNormBackward(up, x, weight, scale);
        LinearPass.accumulate(weight, gradient.weight());
        return gradient.x();
    }

    /** Frees all but x. */
    void close() {
        scale.close();
        y.close();
    }
}
