package cogent.llm;

/** No reply could be had. The message names the endpoint and what to do, and never holds a key. */
public final class ChatException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What kind of failure this is, and so what a caller may do about it. */
    public enum Kind {
        /** May go through later: 429, 5xx, connection trouble, a deadline. */
        TRANSIENT,
        /** This request will never be answered (400, context too long, content filter); others may be. */
        REQUEST,
        /** No request will be answered until the user mends something: 401, 403, 404, a budget that is spent. */
        FATAL
    }

    private final Kind kind;

    public ChatException(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    public ChatException(Kind kind, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }
}
