package cogent.model;

import cogent.tensor.GradMode;
import cogent.tensor.Scope;
import cogent.tensor.Tensor;
import cogent.tensor.Tensors;
import java.util.ArrayList;
import java.util.List;

/**
 * One forward pass for training, and its way back. The caller computes a loss from {@link #hidden()}, which is a leaf,
 * and hands its gradient to {@link #backward()}; gradients of all parameters that want one are then accumulated. The
 * embedding lookup is differentiated by adding rows, never through a dense matrix of the vocabulary's size.
 *
 * <p>With recomputation only the inputs of the layers are kept: one layer's graph exists at a time, for about a third
 * more arithmetic.
 */
public final class ForwardPass {
    private final Decoder decoder;
    private final Tensor ids;
    private final Attention attention;
    private final boolean recompute;
    /** With recomputation the inputs of the layers and of the final norm, else the embedded tokens alone. */
    private final List<Tensor> inputs = new ArrayList<>();

    private final Tensor last;
    private final Tensor hidden;

    private ForwardPass(Decoder decoder, Packed sequences, boolean recompute) {
        this.decoder = decoder;
        this.recompute = recompute;
        ids = decoder.ids(sequences);
        attention = new PackedAttention(decoder, sequences);
        Tensor embedded = decoder.embed(ids);
        if (recompute) {
            last = withoutGraph(embedded);
        } else {
            embedded.requiresGrad(decoder.embedding().requiresGrad());
            inputs.add(embedded);
            last = Scope.of(() -> decoder.norm(decoder.blocks(embedded, attention)));
        }
        hidden = last.detach().requiresGrad(true);
    }

    /** Runs the decoder in the open scope, which must stay open until {@link #backward()} has been called. */
    public static ForwardPass of(Decoder decoder, Packed sequences, boolean recompute) {
        try (var _ = GradMode.on()) {
            return new ForwardPass(decoder, sequences, recompute);
        }
    }

    private Tensor withoutGraph(Tensor embedded) {
        try (var _ = GradMode.off()) {
            inputs.add(embedded);
            for (int i = 0; i < decoder.config().layers(); i++) {
                int layer = i;
                inputs.add(Scope.of(() -> decoder.block(layer, inputs.get(layer), attention)));
            }
            return decoder.norm(inputs.getLast());
        }
    }

    /** The final hidden states, {@code [tokens, hidden]}: a leaf that wants a gradient. */
    public Tensor hidden() {
        return hidden;
    }

    /** Continues from the gradient that a loss's backward left at {@link #hidden()}. */
    public void backward() {
        try (Scope _ = Scope.open()) {
            backward(hidden.grad());
        }
    }

    /**
     * Accumulates the gradients of all parameters.
     *
     * @param gradient of the loss with respect to {@link #hidden()}
     */
    public void backward(Tensor gradient) {
        try (Scope _ = Scope.open();
                var _ = GradMode.on()) {
            Tensor first;
            if (recompute) {
                first = layerByLayer(gradient);
            } else {
                last.backward(gradient);
                first = inputs.getFirst().requiresGrad() ? inputs.getFirst().grad() : gradient;
            }
            if (decoder.embedding().requiresGrad()) {
                addRows(decoder.embedding(), first);
            }
        }
    }

    private Tensor layerByLayer(Tensor gradient) {
        int top = decoder.config().layers();
        Tensor up = Scope.of(() -> through(inputs.get(top), gradient, decoder::norm));
        for (int l = top - 1; l >= 0; l--) {
            int layer = l;
            Tensor above = up;
            up = Scope.of(() -> through(inputs.get(layer), above, x -> decoder.block(layer, x, attention)));
            above.close();
            inputs.get(layer + 1).close();
        }
        return up;
    }

    /** Gradient with respect to the input of one part, whose graph is made here and gone afterwards. */
    private static Tensor through(Tensor input, Tensor up, java.util.function.UnaryOperator<Tensor> part) {
        Tensor x = input.detach().requiresGrad(true);
        part.apply(x).backward(up);
        return x.grad();
    }

    private void addRows(Tensor table, Tensor rows) {
        try (var _ = GradMode.off()) {
            if (!table.hasGrad()) {
                table.setGrad(Tensors.zerosLike(table));
            }
            table.grad().indexAdd_(0, ids, rows);
        }
    }
}
