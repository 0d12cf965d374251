package cogent.studio.sample;

/**
 * What somebody noted on a sample.
 *
 * @param marked to be found again
 * @param leftOut not to be trained on
 */
record Note(boolean marked, boolean leftOut, String comment) {
    static final Note NONE = new Note(false, false, "");

    boolean isEmpty() {
        return equals(NONE);
    }
}
