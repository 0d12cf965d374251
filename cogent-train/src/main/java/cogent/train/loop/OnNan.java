package cogent.train.loop;

/** What becomes of a step whose loss or gradient is not a finite number. */
public enum OnNan {
    /** Training ends with a {@link DivergedException} that names the rows; the last good checkpoint is there. */
    STOP,
    /** The weights stay as they were, the step is counted as skipped; too many in a row stop training all the same. */
    SKIP
}
