package cogent.serve;

import cogent.llm.openai.Wire;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** What a client of {@link ChatServer} did wrong, as an HTTP status and OpenAI's words. */
final class BadRequest extends RuntimeException {
    private static final long serialVersionUID = 1L;
    final int status;
    private final String type;
    private final @Nullable String param;
    private final String code;

    BadRequest(int status, String type, @Nullable String param, String message) {
        this(status, type, param, type, message);
    }

    BadRequest(int status, String type, @Nullable String param, String code, String message) {
        super(message);
        this.status = status;
        this.type = type;
        this.param = param;
        this.code = code;
    }

    /** A field of the request that cannot be. */
    static BadRequest field(String param, String message) {
        return new BadRequest(400, "invalid_request_error", param, "\"" + param + "\" " + message);
    }

    ObjectNode body() {
        ObjectNode body = Wire.JSON.createObjectNode();
        body.putObject("error")
                .put("message", String.valueOf(getMessage()))
                .put("type", type)
                .put("param", param)
                .put("code", code);
        return body;
    }
}
