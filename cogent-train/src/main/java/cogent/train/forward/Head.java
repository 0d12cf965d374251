package cogent.train.forward;

import cogent.model.tensor.Tensor;
import java.util.List;
import java.util.function.Supplier;

/**
 * Log-probabilities of known next tokens, and the gradient of any weighted sum of them, without logits for all tokens
 * at once and without autograd: with p = softmax(h Wᵀ) and L = Σ wᵢ log p(yᵢ),
 *
 * <pre>  ∂L/∂logits = w (onehot(y) − p),   ∂L/∂h = ∂L/∂logits · W,   ∂L/∂W = (∂L/∂logits)ᵀ · h</pre>
 *
 * computed over some rows at a time, so that the peak is O(chunk · vocab).
 */
public interface Head {
    /**
     * What a pass over tokens gave.
     *
     * @param logps {@code [n]}: log-probability of each target, in nats
     * @param correct how many targets have the highest probability of all tokens
     */
    @SuppressWarnings("ArrayRecordComponent") // a plain result, read at once
    record Scores(float[] logps, long correct) {}

    /**
     * Scores targets, without any gradient.
     *
     * @param hidden {@code [n, d]}, after the final norm
     * @param targets {@code [n]}, I64
     */
    Scores score(Tensor hidden, Tensor targets);

    /** Whether there is memory to keep what a pass over so many targets computed. */
    boolean keeps(long targets);

    /**
     * As {@link #score(Tensor, Tensor)}, and keeps what {@link #backward} would compute again, in the scope that is open.
     *
     * @param kept takes it, chunk by chunk
     */
    Scores score(Tensor hidden, Tensor targets, List<Tensor> kept);

    /**
     * Scores targets and adds the gradient of Σ wᵢ log p(yᵢ) to that of the output matrix, if that is trained.
     *
     * @param weights {@code [n]}, F32: w
     * @param gradient {@code [n, d]}: overwritten with the gradient of the hidden states
     * @param kept of the same rows by {@link #score(Tensor, Tensor, List)}, or empty; used up
     * @return the scores, to be asked for while the open scope is
     */
    Supplier<Scores> backward(Tensor hidden, Tensor targets, Tensor weights, Tensor gradient, List<Tensor> kept);
}
