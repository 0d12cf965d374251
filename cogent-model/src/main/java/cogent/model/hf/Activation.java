package cogent.model.hf;

import cogent.model.tensor.Nn;
import cogent.model.tensor.Tensor;

/** The nonlinearity of a gated feed-forward part. */
public enum Activation {
    /** x · sigmoid(x). */
    SILU {
        @Override
        public Tensor of(Tensor x) {
            return Nn.silu(x);
        }

        @Override
        public Tensor backward_(Tensor up, Tensor x) {
            return Nn.siluBackward_(up, x);
        }
    },
    /** x · Φ(x) in its approximation by tanh (Hendrycks and Gimpel, 2016). */
    GELU_TANH {
        @Override
        public Tensor of(Tensor x) {
            return Nn.geluTanh(x);
        }

        @Override
        public Tensor backward_(Tensor up, Tensor x) {
            return Nn.geluTanhBackward_(up, x);
        }
    };

    public abstract Tensor of(Tensor x);

    /**
     * Its gradient, in place.
     *
     * @param up gradient of the result; becomes that of x
     */
    public abstract Tensor backward_(Tensor up, Tensor x);
}
