package cogent.model;

import cogent.tensor.GradMode;
import cogent.tensor.Nn;
import cogent.tensor.Scope;
import cogent.tensor.Tensor;
import java.util.List;

/**
 * One layer for training: forward on construction, then its way back, written out. It computes what
 * {@link Decoder#block} does, and keeps what the gradients need. Only attention between its two products is left to
 * autograd: elsewhere a hand-written step back needs fewer passes over memory and can work in place.
 */
final class LayerPass {
    private final NormPass before;
    private final LinearPass qkv;
    /** The projections as a leaf, and what attention made of them. */
    private final Tensor projected;

    private final Tensor seen;
    private final LinearPass o;
    private final NormPass after;
    private final LinearPass gate;
    private final LinearPass up;
    private final Tensor silu;
    private final LinearPass down;

    /** @param x {@code [tokens, hidden]} */
    LayerPass(Decoder decoder, int index, Tensor x, Attention attention) {
        Decoder.Layer w = decoder.layer(index);
        double eps = decoder.config().rmsNormEps();
        before = NormPass.of(x, w.inputNorm(), eps);
        qkv = new LinearPass(List.of(w.q(), w.k(), w.v()), before.y());
        try (var _ = GradMode.on()) {
            projected = qkv.y().detach().requiresGrad(true);
            seen = Scope.of(() -> attention.attend(index, projected));
        }
        o = new LinearPass(List.of(w.o()), seen.detach());
        Tensor mid = o.y().add_(x);
        after = NormPass.of(mid, w.postNorm(), eps);
        gate = new LinearPass(List.of(w.gate()), after.y());
        up = new LinearPass(List.of(w.up()), after.y());
        silu = Nn.silu(gate.y());
        down = new LinearPass(List.of(w.down()), silu.mul(up.y()));
        down.y().add_(mid);
    }

    /** The layer's output, {@code [tokens, hidden]}. */
    Tensor y() {
        return down.y();
    }

    /**
     * Adds the gradients of the parameters to what they have; possible once.
     *
     * @param gradient of the output; becomes, in place, that of the input
     */
    void backward(Tensor gradient) {
        try (Scope _ = Scope.open()) {
            // d(silu(gate) · up)
            Tensor product = down.backward(gradient, null);
            Tensor dUp = silu.mul_(product);
            Tensor dGate = Nn.siluBackward_(product.mul_(up.y()), gate.y());
            Tensor normed = gate.backward(dGate, null);
            gradient.add_(after.backward(up.backward(dUp, normed)));
            seen.backward(o.backward(gradient, null));
            gradient.add_(before.backward(qkv.backward(projected.grad(), null)));
        }
        close();
    }

    private void close() {
        before.close();
        qkv.close();
        projected.close();
        seen.close();
        o.close();
        after.close();
        gate.close();
        up.close();
        silu.close();
        down.close();
    }
}
