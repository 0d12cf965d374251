package cogent.pipeline.run;

/** A stage stopped on request, with everything saved. */
public final class StoppedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public StoppedException() {
        super("stopped on request");
    }
}
