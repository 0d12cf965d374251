package cogent.cli.run;

/** A stage has done what was asked of it, and is not done; the message says what comes next. */
public final class Unfinished extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int exitCode;

    public Unfinished(int exitCode, String said) {
        super(said);
        this.exitCode = exitCode;
    }

    /** What the command ends with. */
    public int exitCode() {
        return exitCode;
    }
}
