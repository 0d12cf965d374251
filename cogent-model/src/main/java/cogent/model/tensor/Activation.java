package cogent.model.tensor;

import static cogent.model.tensor.Tensor.own;

import org.bytedeco.pytorch.global.torch;

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
            return own(torch.gelu(x.raw(), "tanh"));
        }

        @Override
        public Tensor backward_(Tensor up, Tensor x) {
            torch.gelu_backward_out(up.raw(), up.raw(), x.raw(), "tanh");
            return up;
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
