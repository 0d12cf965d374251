package cogent.data;

import cogent.answer.Answers;

/**
 * A rationale r (chain of thought).
 *
 * @param text the reasoning, steps separated by blank lines where its author did so; never blank
 * @param conclusion the final answer that the rationale itself states; empty when it states none
 */
public record Rationale(String text, String conclusion) {
    public Rationale {
        Require.text(text, "rationale");
    }

    /** The rationale with the conclusion found in its own text. */
    public static Rationale of(String text) {
        return new Rationale(text, Answers.extract(text).orElse(""));
    }
}
