package cogent.train.rows;

import cogent.data.Gap;
import org.jspecify.annotations.Nullable;

/**
 * A tokenised preference pair. The arrays are not copied: do not change them.
 *
 * @param id names the pair in messages
 * @param prompt token ids that both sides continue
 * @param chosen token ids of the better completion, at least one
 * @param rejected token ids of the worse completion, at least one, different from {@code chosen}
 * @param beta β of this pair, positive and finite
 * @param weight what the pair counts in the mean of its batch, at least 0 and finite; 1 is the usual
 * @param gap the cognitive gap it belongs to, null where the row names none
 */
@SuppressWarnings("ArrayRecordComponent") // as in Example
public record PairExample(
        String id,
        int[] prompt,
        int[] chosen,
        int[] rejected,
        double beta,
        double weight,
        @Nullable Gap gap) {
    /** A pair that counts as any other. */
    public PairExample(String id, int[] prompt, int[] chosen, int[] rejected, double beta, @Nullable Gap gap) {
        this(id, prompt, chosen, rejected, beta, 1, gap);
    }

    /** Tokens of both sequences, the prompt counted twice. */
    public int tokens() {
        return 2 * prompt.length + chosen.length + rejected.length;
    }
}
