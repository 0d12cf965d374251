package cogent.train.forward;

import cogent.model.decoder.Decoder;
import cogent.model.decoder.ForwardPass;
import cogent.model.tensor.DType;
import cogent.model.tensor.Device;
import cogent.model.tensor.GradMode;
import cogent.model.tensor.Scope;
import cogent.model.tensor.Tensor;
import cogent.model.tensor.Tensors;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;
import java.util.function.Supplier;

/**
 * One pass of packed sequences through a model: forward on construction, then scores of the completion tokens and the
 * gradient of any weighted sum of them. Only hidden states that predict a completion token enter the head.
 *
 * <p>Its tensors belong to the {@link Scope} that is open at construction.
 */
public final class CompletionPass {
    private final ForwardPass forward;
    private final Head head;
    private final Tensor targets;
    private final Tensor positions;
    /** {@code [targets, d]} */
    private final Tensor hidden;
    /** Whether there is memory to keep what the head computed. */
    private final boolean keeps;

    private final List<Tensor> kept = new ArrayList<>();

    /** @param recompute as in {@link Compute} */
    public CompletionPass(Decoder decoder, PackedRows rows, int recompute) {
        this(decoder, Scoring.head(decoder), rows, recompute);
    }

    CompletionPass(Decoder decoder, Head head, PackedRows rows, int recompute) {
        this.head = head;
        this.forward = ForwardPass.of(decoder, rows.inputs(), recompute);
        Device device = decoder.embedding().device();
        this.targets = Tensors.of(rows.targets(), rows.targets().length).to(device, DType.I64);
        this.positions = Tensors.of(rows.positions(), rows.positions().length).to(device, DType.I64);
        this.hidden = forward.hidden().detach().indexSelect(0, positions);
        this.keeps = recompute == 0 && head.keeps(rows.targets().length);
    }

    /** Log-probabilities of the completion tokens, without gradients; once. */
    public Head.Scores score() {
        return keeps ? head.score(hidden, targets, kept) : head.score(hidden, targets);
    }

    /** As {@link #backward(float[], IntConsumer)}, told to nobody. */
    public Head.Scores backward(float[] weights) {
        return backward(weights, _ -> {});
    }

    /**
     * Adds the gradient of Σ wᵢ log p(targetᵢ) to the parameters' gradients; possible once.
     *
     * @param weights w, one for each target
     * @param layerDone as in {@link ForwardPass#backward(Tensor, IntConsumer)}
     */
    public Head.Scores backward(float[] weights, IntConsumer layerDone) {
        try (Scope _ = Scope.open();
                var _ = GradMode.off()) {
            Tensor upstream = Tensors.zerosLike(hidden);
            Tensor w = Tensors.of(weights, weights.length).to(hidden.device(), DType.F32);
            Supplier<Head.Scores> scores = head.backward(hidden, targets, w, upstream, kept);
            backward(upstream, layerDone);
            return scores.get(); // a device is read when all its work is on the way
        }
    }

    /** The hidden states that predict a completion token, {@code [targets, d]}, after the final norm; without a graph. */
    public Tensor hidden() {
        return hidden;
    }

    /**
     * Adds the gradients of a loss of one's own to the parameters' gradients, those of the output matrix excepted; possible once.
     *
     * @param upstream gradient of {@link #hidden()}
     * @param layerDone as in {@link ForwardPass#backward(Tensor, IntConsumer)}
     */
    public void backward(Tensor upstream, IntConsumer layerDone) {
        try (Scope _ = Scope.open();
                var _ = GradMode.off()) {
            Tensor all = Tensors.zerosLike(forward.hidden());
            forward.backward(all.indexAdd_(0, positions, upstream), layerDone);
        }
    }
}
