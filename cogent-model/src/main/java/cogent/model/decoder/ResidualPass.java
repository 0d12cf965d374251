package cogent.model.decoder;

import cogent.model.tensor.DType;
import cogent.model.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/** What ends either half of a layer, stream + factor · norm(part), with its way back; the norm is there or not. */
final class ResidualPass {
    private final @Nullable NormPass norm;
    private final @Nullable Tensor normed;
    private final double factor;
    private final DType products;
    private final Tensor y;

    /**
     * @param part what the half computed, in the type of the products; is used up where there is no norm
     * @param stream {@code [tokens, hidden]}
     */
    ResidualPass(Tensor part, Tensor stream, @Nullable Norm norm, double factor) {
        this.factor = factor;
        products = part.dtype();
        if (norm == null) {
            this.norm = null;
            normed = null;
            y = sum(part, stream);
        } else {
            Tensor in = part.dtype() == stream.dtype() ? part : part.to(stream.dtype());
            normed = in;
            this.norm = new NormPass(norm, in, stream.dtype());
            y = scaled_(this.norm.y()).add_(stream); // the norm's way back needs its input, not its result
        }
    }

    private Tensor scaled_(Tensor tensor) {
        return factor == 1 ? tensor : tensor.mul_(factor);
    }

    /** In place, where the types are the same. */
    private Tensor sum(Tensor part, Tensor stream) {
        if (part.dtype() == stream.dtype()) {
            return scaled_(part).add_(stream);
        }
        Tensor sum = factor == 1
                ? stream.add(part)
                : scaled_(part.to(stream.dtype())).add_(stream);
        part.close();
        return sum;
    }

    /** {@code [tokens, hidden]} */
    Tensor y() {
        return y;
    }

    /**
     * @param gradient of y, which is that of the stream too; stays as it is
     * @return gradient of the part
     */
    Tensor backward(Tensor gradient) {
        Tensor up = factor == 1 ? gradient : gradient.mul(factor);
        return (norm == null ? up : norm.backward(up)).to(products);
    }

    /** Frees what it kept. */
    void close() {
        if (norm != null) {
            norm.close();
        }
        if (normed != null) {
            normed.close();
        }
        y.close();
    }
}
