package cogent.train.rows;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The longest sequence that is trained on, and what becomes of longer ones. Nothing is ever cut silently: what was
 * dropped is refused with its line, what was cut is counted.
 *
 * @param maxTokens prompt and completion together, at least 2
 */
public record LengthLimit(int maxTokens, Policy policy) {
    /** What becomes of a sequence that is too long. */
    public enum Policy {
        /** Refuse the row: half a rationale teaches to stop halfway. */
        DROP,
        /** Cut the prompt's beginning; a completion that is too long by itself is refused. */
        TRUNCATE_PROMPT,
        /** Cut the completion's end; for SFT only, a pair's sides must stay comparable. */
        TRUNCATE_COMPLETION
    }

    public LengthLimit {
        if (maxTokens < 2) {
            throw new IllegalArgumentException("a sequence limit below 2 tokens leaves nothing to train on");
        }
    }

    /** Drops what is longer. */
    public static LengthLimit drop(int maxTokens) {
        return new LengthLimit(maxTokens, Policy.DROP);
    }

    /** The same for a model of so many positions. */
    LengthLimit within(int positions) {
        return positions < maxTokens ? new LengthLimit(Math.max(2, positions), policy) : this;
    }

    /** The prompt to use before a completion of that length, or null where the row must be refused. */
    int @Nullable [] prompt(int[] prompt, int completionTokens) {
        int room = maxTokens - completionTokens;
        if (prompt.length <= room) {
            return prompt;
        }
        return policy == Policy.TRUNCATE_PROMPT && room > 0
                ? Arrays.copyOfRange(prompt, prompt.length - room, prompt.length)
                : null;
    }

    /** The completion to use after the whole prompt, or null where the row must be refused. */
    int @Nullable [] completion(int[] completion, int promptTokens) {
        int room = maxTokens - promptTokens;
        if (completion.length <= room) {
            return completion;
        }
        return policy == Policy.TRUNCATE_COMPLETION && room > 0 ? Arrays.copyOf(completion, room) : null;
    }
}
