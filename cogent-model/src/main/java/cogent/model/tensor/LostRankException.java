package cogent.model.tensor;

/** Another rank is gone or hangs, so that this one cannot go on; the message says which and where, as far as it is known. */
public final class LostRankException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    LostRankException(String message, RuntimeException cause) {
        super(message, cause);
    }
}
