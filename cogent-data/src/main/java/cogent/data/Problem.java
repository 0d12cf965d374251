package cogent.data;

/**
 * A problem x with its reference answer y.
 *
 * @param id unique within a corpus, never blank
 * @param text the problem as the student will see it, never blank
 * @param answer the reference final answer, never blank
 */
public record Problem(String id, String text, String answer) {
    public Problem {
        Require.text(id, "id");
        Require.text(text, "problem");
        Require.text(answer, "answer");
    }
}
