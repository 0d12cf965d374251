package cogent.model.generate;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * One text to generate.
 *
 * @param prompt token ids, at least one; not copied: do not change them
 * @param maxNewTokens 0: only the prompt is computed, for its log-probabilities
 * @param stopIds tokens that end the text; they are not part of it
 * @param seed decides the draws alone: not the other texts of the batch, nor their order
 * @param logprobs which log-probabilities the listener is told; none where empty
 */
@SuppressWarnings("ArrayRecordComponent") // token ids go through without boxes
public record Generation(
        int[] prompt,
        int maxNewTokens,
        Sampler sampling,
        Set<Integer> stopIds,
        long seed,
        Optional<Logprobs> logprobs) {
    /**
     * Log-probabilities of the new tokens.
     *
     * @param top how many most probable tokens are told with each
     * @param prompt those of the prompt's tokens too
     */
    public record Logprobs(int top, boolean prompt) {}

    public Generation {
        stopIds = Set.copyOf(stopIds);
        if (prompt.length == 0) {
            throw new IllegalArgumentException("an empty prompt");
        }
        if (maxNewTokens < 0) {
            throw new IllegalArgumentException("max new tokens must be at least 0: " + maxNewTokens);
        }
    }

    /** Without log-probabilities. */
    public Generation(int[] prompt, int maxNewTokens, Sampler sampling, Set<Integer> stopIds, long seed) {
        this(prompt, maxNewTokens, sampling, stopIds, seed, Optional.empty());
    }

    boolean promptScored() {
        return logprobs.map(Logprobs::prompt).orElse(false);
    }

    /** The most probable continuation. */
    public static Generation greedy(int[] prompt, int maxNewTokens, Set<Integer> stopIds) {
        return new Generation(prompt, maxNewTokens, Sampler.GREEDY, stopIds, 0);
    }

    /** Why a text ended. */
    public enum FinishReason {
        /** A stop token came, or the listener ended the text. */
        STOP,
        /** As many tokens as asked for, or as the model has positions. */
        LENGTH,
        /** The caller asked to stop. */
        CANCELLED
    }

    /** @param ids the new tokens, without the stop token */
    @SuppressWarnings("ArrayRecordComponent") // as in Generation
    public record Completion(int[] ids, FinishReason reason) {}

    /** Hears of tokens as they come. */
    public interface Listener {
        /** The prompt's tokens, before the first new one, where their log-probabilities are asked for. */
        default void promptScored(int request, List<TokenScore> scores) {}

        /** A new token, before it comes itself, where its log-probability is asked for; a stop token too. */
        default void scored(int request, TokenScore score) {}

        /**
         * @param request index of the request in their order
         * @return whether the text goes on; false ends it with this token
         */
        default boolean token(int request, int id) {
            return true;
        }

        default void finished(int request, Completion completion) {}
    }
}
