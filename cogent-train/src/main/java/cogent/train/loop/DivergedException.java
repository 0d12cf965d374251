package cogent.train.loop;

/** Loss or gradient is no longer a finite number; the message names the rows of the step and the last good checkpoint. */
public final class DivergedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public DivergedException(String message) {
        super(message);
    }
}
