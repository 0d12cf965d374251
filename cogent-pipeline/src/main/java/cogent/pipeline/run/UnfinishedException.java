package cogent.pipeline.run;

/** A stage has done what was asked of it, and is not done; the message says what comes next. */
public final class UnfinishedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final boolean failed;

    /** @param failed whether something is missing that should be there */
    public UnfinishedException(boolean failed, String said) {
        super(said);
        this.failed = failed;
    }

    /** Whether something is missing that should be there; false where it only waits, or all that was wished is told. */
    public boolean failed() {
        return failed;
    }
}
