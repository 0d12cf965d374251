package cogent.model.process;

/** Another rank is gone or hangs, so that this one cannot go on; the message says which and where, as far as it is known. */
public final class LostRankException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** @param message with the ranks that are missing, and where */
    public LostRankException(String message, RuntimeException cause) {
        super(message, cause);
    }
}
