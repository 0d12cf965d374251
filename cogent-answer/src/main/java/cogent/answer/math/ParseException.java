package cogent.answer.math;

/** The text is no mathematics that the parser knows, or too much of it. */
public final class ParseException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ParseException(String message) {
        super(message, null, false, false); // thrown often and never shown: no stack trace
    }
}
