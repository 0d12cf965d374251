package cogent.data;

/**
 * One row of {@code sft.jsonl}.
 *
 * @param prompt the user's message, before the chat template
 * @param completion the assistant's reply, trained on
 * @param source where the rationale comes from: {@code original} or {@code rewrite}
 */
public record SftRow(String id, String prompt, String completion, String source) {
    public SftRow {
        Require.text(id, "id");
        Require.text(prompt, "prompt");
        Require.text(completion, "completion");
    }
}
