package cogent.train;

import cogent.model.Decoder;
import cogent.model.ForwardPass;
import cogent.tensor.GradMode;
import cogent.tensor.Scope;
import cogent.tensor.Tensor;
import cogent.tensor.Tensors;

/**
 * One pass of packed sequences through a model: forward on construction, then scores of the completion tokens and the
 * gradient of any weighted sum of them. Only hidden states that predict a completion token enter the head.
 *
 * <p>Its tensors belong to the {@link Scope} that is open at construction.
 */
public final class CompletionPass {
    private final ForwardPass forward;
    private final LogProbHead head;
    private final Tensor targets;
    private final Tensor positions;
    /** {@code [targets, d]} */
    private final Tensor hidden;

    /** @param recompute as in {@link Compute} */
    public CompletionPass(Decoder decoder, LogProbHead head, PackedRows rows, int recompute) {
        this.head = head;
        this.forward = ForwardPass.of(decoder, rows.inputs(), recompute);
        this.targets = Tensors.of(rows.targets(), rows.targets().length);
        this.positions = Tensors.of(rows.positions(), rows.positions().length);
        this.hidden = forward.hidden().detach().indexSelect(0, positions);
    }

    /** Log-probabilities of the completion tokens, without gradients. */
    public LogProbHead.Scores score() {
        return head.score(hidden, targets);
    }

    /**
     * Adds the gradient of Σ wᵢ log p(targetᵢ) to the parameters' gradients; possible once.
     *
     * @param weights w, one for each target
     */
    public LogProbHead.Scores backward(float[] weights) {
        try (Scope _ = Scope.open();
                var _ = GradMode.off()) {
            Tensor upstream = Tensors.empty(hidden.dtype(), hidden.shape());
            LogProbHead.Scores scores = head.backward(hidden, targets, Tensors.of(weights, weights.length), upstream);
            Tensor all = Tensors.zerosLike(forward.hidden());
            forward.backward(all.indexAdd_(0, positions, upstream));
            return scores;
        }
    }
}
