package cogent.data;

/**
 * Something that the user gave is wrong: a file, a value, a setting. The message says what, where and what to do, in
 * words fit for the terminal; the command line prints it alone and exits with 2.
 */
public final class InputException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public InputException(String message) {
        super(message);
    }

    public InputException(String message, Throwable cause) {
        super(message, cause);
    }
}
