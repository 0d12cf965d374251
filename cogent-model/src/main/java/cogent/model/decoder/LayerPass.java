package cogent.model.decoder;

import cogent.model.hf.ModelConfig;
import cogent.model.tensor.DType;
import cogent.model.tensor.GradMode;
import cogent.model.tensor.Scope;
import cogent.model.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

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

    private final List<Attention.Detour> detours = new ArrayList<>();
    private final Supplier<Tensor> attended;
    /** Whether the graph of attention is kept: that of a scan is many times what it made, and is recorded on the way back. */
    private final boolean recorded;

    private final Tensor seen;
    private final LinearPass o;
    private final ResidualPass mid;
    private final NormPass after;
    private final FeedForward.Pass feedForward;
    private final ResidualPass end;

    /** @param x {@code [tokens, hidden]}, in the type of the weights; products have that of {@link Decoder#compute} */
    LayerPass(Decoder decoder, int index, Tensor x, Attention attention) {
        Decoder.Layer w = decoder.layer(index);
        ModelConfig c = decoder.config();
        before = new NormPass(w.beforeAttention(), x, decoder.compute());
        qkv = new LinearPass(w.qkv(), before.y());
        projected = qkv.y().detach().requiresGrad(true);
        attended = () -> decoder.seen(index, projected, (layer, columns) -> attention.attend(layer, columns, detours));
        recorded = w.delta() == null;
        seen = recorded ? recorded() : Scope.of(attended);
        o = new LinearPass(List.of(w.o()), seen.detach());
        mid = new ResidualPass(o.y(), x, w.afterAttention(), c.multipliers().residual());
        after = new NormPass(w.beforeMlp(), mid.y(), decoder.compute());
        feedForward = switch (w.feedForward()) {
            case FeedForward.Gated gated -> new GatedPass(gated, c.activation(), after.y());
            case FeedForward.Mixture mixture -> new MixturePass(mixture, c.activation(), after.y());
        };
        end = new ResidualPass(
                feedForward.y(), mid.y(), w.afterMlp(), c.multipliers().residual());
    }

    private Tensor recorded() {
        try (var _ = GradMode.on();
                Scope scope = Scope.open()) {
            Tensor result = scope.keep(attended.get());
            detours.stream().flatMap(detour -> detour.tensors().stream()).forEach(scope::keep);
            return result;
        }
    }

    /** The layer's output, {@code [tokens, hidden]}. */
    Tensor y() {
        return end.y();
    }

    /**
     * Adds the gradients of the parameters to what they have; possible once.
     *
     * @param gradient of the output; becomes, in place, that of the input
     */
    void backward(Tensor gradient) {
        try (Scope _ = Scope.open()) {
            DType stream = gradient.dtype();
            gradient.add_(after.backward(
                    feedForward.backward(after.y(), end.backward(gradient)).to(stream)));
            Tensor up = o.backward(seen.detach(), mid.backward(gradient), null);
            (recorded ? seen : recorded()).backward(up);
            if (!detours.isEmpty()) {
                Attention.Detour.backward(detours);
            }
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
        detours.stream().flatMap(detour -> detour.tensors().stream()).forEach(Tensor::close);
        o.close();
        mid.close();
        after.close();
        feedForward.close();
        end.close();
    }
}
