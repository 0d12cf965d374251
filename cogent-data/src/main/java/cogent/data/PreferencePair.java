package cogent.data;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * One row of {@code preferences.jsonl}: the authors' {@code prompt, chosen, rejected, beta} with its gap and provenance.
 *
 * @param id unique in the file: the sample's id, the gap, and a number where a sample has several pairs of a gap
 * @param beta β of this pair, finite and positive
 * @param gap null for pairs of other origin (plain DPO data), which belong to no mini-task
 * @param chosenFrom {@code rewrite}, {@code original}; empty when unknown
 * @param rejectedFrom {@code original}, {@code distractor}, {@code refused-rewrite}, {@code student}; empty
 *     when unknown
 */
public record PreferencePair(
        String id,
        String prompt,
        String chosen,
        String rejected,
        double beta,
        @Nullable Gap gap,
        @JsonProperty("chosen_from") String chosenFrom,
        @JsonProperty("rejected_from") String rejectedFrom) {
    public PreferencePair {
        Require.text(id, "id");
        Require.text(prompt, "prompt");
        Require.text(chosen, "chosen");
        Require.text(rejected, "rejected");
        if (chosen.equals(rejected)) {
            throw new InputException("chosen and rejected are equal");
        }
        if (!(beta > 0) || Double.isInfinite(beta)) {
            throw new InputException("beta must be positive and finite, not " + beta);
        }
    }
}
