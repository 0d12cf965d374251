package cogent.data.corpus;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The names of a corpus' fields, where the user states them; null means: recognise the layout.
 *
 * @param problem the field that holds the problem
 * @param rationale the field that holds the reasoning
 * @param answer the field that holds the reference answer
 * @param id the field that identifies a row
 */
public record Fields(
        @Nullable String problem,
        @Nullable String rationale,
        @Nullable String answer,
        @Nullable String id) {
    /** Every field is recognised by the names in common use. */
    public static final Fields RECOGNISED = new Fields(null, null, null, null);

    static final List<String> PROBLEM = List.of("problem", "question", "prompt", "instruction");
    /** Whole replies before bare solutions: where a row has both, the reply holds the reasoning. */
    static final List<String> RATIONALE =
            List.of("rationale", "reasoning", "generation", "response", "output", "solution");

    static final List<String> ANSWER = List.of("answer", "final_answer");
}
