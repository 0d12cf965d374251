package cogent.model.decoder;

import cogent.model.tensor.GradMode;
import cogent.model.tensor.Scope;
import cogent.model.tensor.Tensor;
import cogent.model.tensor.Tensors;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;

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
    /** Layers of a segment that is computed again; 0: none is. */
    private final int recompute;
    /** Without recomputation what the layers keep. */
    private final List<LayerPass> layers;
    /** With recomputation the inputs of the segments. */
    private final List<Tensor> inputs = new ArrayList<>();

    private final NormPass last;
    private final Tensor hidden;

    private ForwardPass(Decoder decoder, Packed sequences, int recompute) {
        this.decoder = decoder;
        this.recompute = recompute;
        ids = decoder.ids(sequences);
        attention = decoder.within(sequences);
        Tensor x = decoder.embed(ids);
        if (recompute == 0) {
            layers = layers(0, decoder.config().layers(), x);
            x = layers.getLast().y();
        } else {
            layers = List.of();
            for (int from = 0; from < decoder.config().layers(); from += recompute) {
                inputs.add(x);
                int first = from;
                x = Scope.of(() -> segment(first, inputs.getLast()).getLast().y());
            }
        }
        last = new NormPass(decoder.finalNorm(), x, x.dtype());
        hidden = last.y().detach().requiresGrad(true);
    }

    /**
     * Runs the decoder in the open scope, which must stay open until {@link #backward()} has been called.
     *
     * @param recompute 0: keep what all layers computed; k: keep the input of every k-th layer, compute the rest again
     */
    public static ForwardPass of(Decoder decoder, Packed sequences, int recompute) {
        try (var _ = GradMode.off()) {
            return new ForwardPass(decoder, sequences, recompute);
        }
    }

    private List<LayerPass> layers(int from, int to, Tensor input) {
        List<LayerPass> passes = new ArrayList<>();
        Tensor x = input;
        for (int i = from; i < to; i++) {
            passes.add(new LayerPass(decoder, i, x, attention));
            x = passes.getLast().y();
        }
        return passes;
    }

    private List<LayerPass> segment(int from, Tensor input) {
        return layers(from, Math.min(decoder.config().layers(), from + recompute), input);
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

    /** As {@link #backward(Tensor, IntConsumer)}, told to nobody. */
    public void backward(Tensor up) {
        backward(up, _ -> {});
    }

    /**
     * Accumulates the gradients of all parameters; possible once.
     *
     * @param up gradient of the loss with respect to {@link #hidden()}
     * @param layerDone told each layer, the last first, once its parameters and those behind it have this pass's gradients;
     *     at the end -1: the embedding has
     */
    public void backward(Tensor up, IntConsumer layerDone) {
        try (Scope _ = Scope.open();
                var _ = GradMode.off()) {
            Tensor gradient = last.backward(up);
            backward(layers, 0, gradient, layerDone);
            for (int i = inputs.size() - 1; i >= 0; i--) {
                try (Scope _ = Scope.open()) {
                    backward(segment(i * recompute, inputs.get(i)), i * recompute, gradient, layerDone);
                }
                inputs.get(i).close();
            }
            if (decoder.embedding().requiresGrad()) {
                addRows(decoder.embedding(), gradient);
            }
            layerDone.accept(-1);
        }
    }

    private static void backward(List<LayerPass> passes, int first, Tensor gradient, IntConsumer layerDone) {
        for (int i = passes.size() - 1; i >= 0; i--) {
            passes.get(i).backward(gradient);
            layerDone.accept(first + i);
        }
    }

    private void addRows(Tensor table, Tensor rows) {
        if (!table.hasGrad()) {
            table.setGrad(Tensors.zerosLike(table));
        }
        double factor = decoder.config().multipliers().embedding();
        table.grad().indexAdd_(0, ids, factor == 1 ? rows : rows.mul(factor));
    }
}
