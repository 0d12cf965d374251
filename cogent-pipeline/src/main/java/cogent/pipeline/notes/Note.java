package cogent.pipeline.notes;

/**
 * What somebody noted on a sample.
 *
 * @param marked to be found again
 * @param leftOut not to be trained on
 */
public record Note(boolean marked, boolean leftOut, String comment) {
    public static final Note NONE = new Note(false, false, "");

    public boolean isEmpty() {
        return equals(NONE);
    }
}
