package cogent.model.generate;

import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * One text to generate.
 *
 * @param prompt token ids, at least one
 * @param maxNewTokens at least one
 * @param stopIds tokens that end the text; they are not part of it
 * @param seed decides the draws alone: not the other texts of the batch, nor their order
 */
public record Generation(List<Integer> prompt, int maxNewTokens, Sampler sampling, Set<Integer> stopIds, long seed) {
    public Generation {
        prompt = List.copyOf(prompt);
        stopIds = Set.copyOf(stopIds);
        if (prompt.isEmpty()) {
            throw new IllegalArgumentException("an empty prompt");
        }
        if (maxNewTokens < 1) {
            throw new IllegalArgumentException("max new tokens must be at least 1: " + maxNewTokens);
        }
    }

    /** The most probable continuation. */
    public static Generation greedy(int[] prompt, int maxNewTokens, Set<Integer> stopIds) {
        return new Generation(Arrays.stream(prompt).boxed().toList(), maxNewTokens, Sampler.GREEDY, stopIds, 0);
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
    public record Completion(List<Integer> ids, FinishReason reason) {
        public Completion {
            ids = List.copyOf(ids);
        }
    }

    /** Hears of tokens as they come. */
    public interface Listener {
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
