package cogent.train;

import cogent.tensor.GradMode;
import cogent.tensor.Nn;
import cogent.tensor.Scope;
import cogent.tensor.Tensor;
import cogent.tensor.Tensors;

/**
 * One pass of packed sequences through a model: forward on construction, then scores of the completion tokens and the
 * gradient of any weighted sum of them. Autograd sees only the layers in between: at the head the gradient is computed
 * chunk by chunk ({@link LogProbHead}), and at the embedding it is added row by row, because autograd would build and
 * add a whole {@code [vocab, d]} for the lookup.
 *
 * <p>Its tensors belong to the {@link Scope} that is open at construction.
 */
final class CompletionPass {
    private final Student model;
    private final LogProbHead head;
    private final Tensor ids;
    private final Tensor targets;
    private final Tensor embedded;
    /** {@code [targets, d]}: the hidden states that predict completion tokens; no others enter the head. */
    private final Tensor hidden;

    CompletionPass(Student model, LogProbHead head, Packed packed) {
        this.model = model;
        this.head = head;
        this.ids = Tensors.of(packed.ids(), packed.ids().length);
        this.targets = Tensors.of(packed.targets(), packed.targets().length);
        try (var _ = GradMode.off()) {
            this.embedded = Nn.embedding(model.embedding(), ids);
        }
        if (GradMode.isOn()) {
            embedded.requiresGrad(true);
        }
        this.hidden = Scope.of(() -> model.hidden(embedded, packed.lengths())
                .indexSelect(0, Tensors.of(packed.positions(), packed.positions().length)));
    }

    /** Log-probabilities of the completion tokens, without gradients. */
    LogProbHead.Scores score() {
        return head.score(hidden.detach(), targets);
    }

    /**
     * Adds the gradient of Σ wᵢ log p(targetᵢ) to the parameters' gradients; possible once.
     *
     * @param weights w, one for each target
     */
    LogProbHead.Scores backward(float[] weights) {
        try (Scope _ = Scope.open()) {
            Tensor upstream = Tensors.empty(hidden.dtype(), hidden.shape());
            LogProbHead.Scores scores =
                    head.backward(hidden.detach(), targets, Tensors.of(weights, weights.length), upstream);
            hidden.backward(upstream);
            try (var _ = GradMode.off()) {
                model.embedding().grad().indexAdd_(0, ids, embedded.grad());
            }
            return scores;
        }
    }
}
