package cogent.train.rows;

/**
 * A tokenised row for supervised fine-tuning. The arrays are not copied: do not change them.
 *
 * @param id names the row in messages
 * @param prompt token ids that are only read
 * @param completion token ids that are trained on, at least one
 */
@SuppressWarnings("ArrayRecordComponent") // a million rows: boxing or copying the ids would cost more than it guards
public record Example(String id, int[] prompt, int[] completion) {
    /** Tokens of the whole sequence. */
    public int tokens() {
        return prompt.length + completion.length;
    }
}
