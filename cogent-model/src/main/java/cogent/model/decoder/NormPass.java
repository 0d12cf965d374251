package cogent.model.decoder;

import cogent.model.tensor.DType;
import cogent.model.tensor.Nn;
import cogent.model.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/** A {@link Norm} with its way back; without one what comes in goes out. */
final class NormPass {
    private final Tensor x;
    private final @Nullable Norm norm;
    /** {@code [rows, 1]}: 1/√(mean(x²) + eps). */
    private final @Nullable Tensor scale;

    private final Tensor y;

    /**
     * @param x {@code [rows, d]}
     * @param dtype of the result; the norm itself is computed in that of x
     */
    NormPass(@Nullable Norm norm, Tensor x, DType dtype) {
        this.x = x;
        this.norm = norm;
        if (norm == null) {
            scale = null;
            y = x.dtype() == dtype ? x.detach() : x.to(dtype);
        } else {
            Nn.Normed normed = Nn.rmsNormForward(x, norm.gain(), norm.eps());
            scale = normed.scale();
            y = normed.y().dtype() == dtype ? normed.y() : converted(normed.y(), dtype);
        }
    }

    private static Tensor converted(Tensor tensor, DType dtype) {
        Tensor converted = tensor.to(dtype);
        tensor.close();
        return converted;
    }

    /** {@code [rows, d]}: the result. */
    Tensor y() {
        return y;
    }

    /**
     * Adds the gradient of the weight to what it has, if it wants one.
     *
     * @param up gradient of y, in the type of x
     * @return gradient of x
     */
    Tensor backward(Tensor up) {
        if (norm == null || scale == null) {
            return up;
        }
        Nn.NormGradient gradient = Nn.rmsNormBackward(up, x, norm.gain(), scale);
        LinearPass.accumulate(
                norm.weight(),
                norm.factor() == 1 ? gradient.weight() : gradient.weight().mul_(norm.factor()));
        return gradient.x();
    }

    /** Frees all but x. */
    void close() {
        if (scale != null) {
            scale.close();
        }
        y.close();
    }
}
