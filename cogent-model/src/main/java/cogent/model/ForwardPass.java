package cogent.model;

import cogent.tensor.GradMode;
import cogent.tensor.Scope;
import cogent.tensor.Tensor;
import cogent.tensor.Tensors;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * One forward pass for training, and its way back. The caller computes a loss from {@link #hidden()}, which is a leaf,
 * and hands its gradient to {@link #backward()}; gradients of all parameters that want one are then accumulated. The
 * embedding lookup is differentiated by adding rows, never through a dense matrix of the vocabulary's size.
 *
 * <p>With recomputation only the inputs of segments of layers are kept: the graph of one segment exists at a time, for about a
 * third more arithmetic.
 */
public final class ForwardPass {
    private final Decoder decoder;
    private final Tensor ids;
    private final Attention attention;
    /** Layers of a segment; 0: no recomputation. */
    private final int recompute;
    /** With recomputation the inputs of the segments and of the final norm, else the embedded tokens alone. */
    private final List<Tensor> inputs = new ArrayList<>();

    private final Tensor last;
    private final Tensor hidden;

    private ForwardPass(Decoder decoder, Packed sequences, int recompute) {
        this.decoder = decoder;
        this.recompute = recompute;
        ids = decoder.ids(sequences);
        attention = new PackedAttention(decoder, sequences);
        Tensor embedded = decoder.embed(ids);
        if (recompute > 0) {
            last = withoutGraph(embedded);
        } else {
            embedded.requiresGrad(decoder.embedding().requiresGrad());
            inputs.add(embedded);
            last = Scope.of(() -> decoder.norm(decoder.blocks(embedded, attention)));
        }
        hidden = last.detach().requiresGrad(true);
    }

    /**
     * Runs the decoder in the open scope, which must stay open until {@link #backward()} has been called.
     *
     * @param recompute 0: keep what all layers computed; k: keep the input of every k-th layer, compute the rest again
     */
    public static ForwardPass of(Decoder decoder, Packed sequences, int recompute) {
        try (var _ = GradMode.on()) {
            return new ForwardPass(decoder, sequences, recompute);
        }
    }

    private Tensor withoutGraph(Tensor embedded) {
        try (var _ = GradMode.off()) {
            inputs.add(embedded);
            for (int i = 0; i < segments(); i++) {
                int segment = i;
                inputs.add(Scope.of(() -> segment(segment, inputs.get(segment))));
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
            if (recompute > 0) {
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
        int top = segments();
        Tensor up = Scope.of(() -> through(inputs.get(top), gradient, decoder::norm));
        for (int s = top - 1; s >= 0; s--) {
            int segment = s;
            Tensor above = up;
            up = Scope.of(() -> through(inputs.get(segment), above, x -> segment(segment, x)));
            above.close();
            inputs.get(segment + 1).close();
        }
        return up;
    }

    private int segments() {
        return Math.ceilDiv(decoder.config().layers(), recompute);
    }

    /** The layers of a segment. */
    private Tensor segment(int segment, Tensor input) {
        Tensor x = input;
        int end = Math.min(decoder.config().layers(), (segment + 1) * recompute);
        for (int i = segment * recompute; i < end; i++) {
            int layer = i;
            Tensor in = x;
            x = Scope.of(() -> decoder.block(layer, in, attention));
        }
        return x;
    }

    /** Gradient with respect to the input of one part, whose graph is made here and gone afterwards. */
    private static Tensor through(Tensor input, Tensor up, UnaryOperator<Tensor> part) {
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
