package cogent.pipeline.run;

/** A stage has done what was asked of it, and is not done; the message says what comes next. */
public final class UnfinishedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int exitCode;

    public UnfinishedException(int exitCode, String said) {
        super(said);
        this.exitCode = exitCode;
    }

    /** What the command ends with. */
    public int exitCode() {
        return exitCode;
    }
}
