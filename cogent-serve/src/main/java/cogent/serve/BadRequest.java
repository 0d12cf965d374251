package cogent.serve;

import org.jspecify.annotations.Nullable;

/** What a client of {@link ChatServer} did wrong, as an HTTP status and OpenAI's words. */
final class BadRequest extends RuntimeException {
    private static final long serialVersionUID = 1L;
    final int status;
    final String type;
    final @Nullable String param;

    BadRequest(int status, String type, @Nullable String param, String message) {
        super(message);
        this.status = status;
        this.type = type;
        this.param = param;
    }

    /** A field of the request that cannot be. */
    static BadRequest field(String param, String message) {
        return new BadRequest(400, "invalid_request_error", param, "\"" + param + "\" " + message);
    }
}
