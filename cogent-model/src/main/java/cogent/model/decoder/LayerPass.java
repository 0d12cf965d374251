package cogent.model.decoder;

import cogent.model.tensor.DType;
import cogent.model.tensor.GradMode;
import cogent.model.tensor.Nn;
import cogent.model.tensor.Scope;
import cogent.model.tensor.Tensor;
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
    private final Tensor mid;
    private final NormPass after;
    private final LinearPass gate;
    private final LinearPass up;
    private final LinearPass down;
    private final Tensor y;

    /** @param x {@code [tokens, hidden]}, in the type of the weights; products have that of {@link Decoder#compute} */
    LayerPass(Decoder decoder, int index, Tensor x, Attention attention) {
        Decoder.Layer w = decoder.layer(index);
        double eps = decoder.config().rmsNormEps();
        before = NormPass.of(x, w.inputNorm(), eps, decoder.compute());
        qkv = new LinearPass(List.of(w.q(), w.k(), w.v()), before.y());
        try (var _ = GradMode.on()) {
            projected = qkv.y().detach().requiresGrad(true);
            seen = Scope.of(() -> attention.attend(index, projected));
        }
        o = new LinearPass(List.of(w.o()), seen.detach());
        mid = sum(o.y(), x);
        after = NormPass.of(mid, w.postNorm(), eps, decoder.compute());
        gate = new LinearPass(List.of(w.gate()), after.y());
        up = new LinearPass(List.of(w.up()), after.y());
        Tensor gated = Nn.silu(gate.y()).mul_(up.y());
        down = new LinearPass(List.of(w.down()), gated);
        gated.close(); // the widest tensor: made again on the way back, which costs less than its memory
        y = sum(down.y(), mid);
    }

    /** In place, where the types are the same. */
    private static Tensor sum(Tensor part, Tensor stream) {
        if (part.dtype() == stream.dtype()) {
            return part.add_(stream);
        }
        Tensor sum = stream.add(part);
        part.close();
        return sum;
    }

    /** The layer's output, {@code [tokens, hidden]}. */
    Tensor y() {
        return y;
    }

    /**
     * Adds the gradients of the parameters to what they have; possible once.
     *
     * @param gradient of the output; becomes, in place, that of the input
     */
    void backward(Tensor gradient) {
        try (Scope _ = Scope.open()) {
            // d(silu(gate) · up)
            DType products = up.y().dtype();
            DType stream = gradient.dtype();
            Tensor silu = Nn.silu(gate.y());
            Tensor product = down.backward(silu.mul(up.y()), gradient.to(products), null);
            Tensor dUp = silu.mul_(product);
            Tensor dGate = Nn.siluBackward_(product.mul_(up.y()), gate.y());
            Tensor normed = gate.backward(after.y(), dGate, null);
            gradient.add_(after.backward(up.backward(after.y(), dUp, normed).to(stream)));
            seen.backward(o.backward(seen.detach(), gradient.to(products), null));
            gradient.add_(before.backward(
                    qkv.backward(before.y(), projected.grad(), null).to(stream)));
        }
        close();
    }

    private void close() {
        before.close();
        qkv.close();
        projected.close();
        seen.close();
        o.close();
        mid.close();
        after.close();
        gate.close();
        up.close();
        down.close();
        y.close();
    }
}
