package cogent.serve;

import cogent.data.InputException;
import cogent.data.Surrogates;
import cogent.llm.ChatException;
import cogent.llm.openai.Wire;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectReader;

/** JSON in, JSON out, and failures as OpenAI's clients know them. */
final class Http {
    private static final Logger LOG = LoggerFactory.getLogger(Http.class);
    private static final int REQUEST_BYTES = 16 << 20;
    private static final ObjectReader REQUESTS = Wire.JSON.reader().with(StreamReadFeature.STRICT_DUPLICATE_DETECTION);
    private static final String INSIDES = "(?s)( ?\\((start marker at|bound as)|: enable `|, from `).*";
    private static final Pattern TWICE = Pattern.compile("(?s)^Duplicate Object property \"(.*)\"");

    private Http() {}

    static void requireMethod(HttpExchange exchange, String wanted) {
        String method = exchange.getRequestMethod();
        if (!method.equals(wanted) && !(method.equals("HEAD") && wanted.equals("GET"))) {
            exchange.getResponseHeaders().set("Allow", wanted);
            throw new BadRequest(405, "invalid_request_error", null, "use " + wanted);
        }
    }

    static JsonNode body(HttpExchange exchange) throws IOException {
        String type = exchange.getRequestHeaders().getFirst("Content-Type");
        if (type == null || !type.toLowerCase(Locale.ROOT).matches("application/json\\s*(;.*)?")) {
            // also what keeps web pages from posting here unasked
            throw new BadRequest(415, "invalid_request_error", null, "the content type must be application/json");
        }
        byte[] bytes = exchange.getRequestBody().readNBytes(REQUEST_BYTES + 1);
        if (bytes.length > REQUEST_BYTES) {
            throw new BadRequest(413, "invalid_request_error", null, "requests may have 16 MiB at most");
        }
        if (bytes.length == 0) {
            throw new BadRequest(
                    400, "invalid_request_error", null, "no body came: send one, with its Content-Length or chunked");
        }
        try {
            JsonNode body = REQUESTS.readTree(bytes);
            Surrogates.whole(body.toString());
            return body;
        } catch (JacksonException e) {
            Matcher twice = TWICE.matcher(e.getOriginalMessage());
            if (twice.find()) {
                throw BadRequest.field(Wire.line(twice.group(1)), "stands there twice: leave one out");
            }
            String reason = e.getOriginalMessage().replaceFirst(INSIDES, "");
            throw new BadRequest(400, "invalid_request_error", null, "not JSON: " + Wire.line(reason));
        }
    }

    static void send(HttpExchange exchange, int status, JsonNode body) throws IOException {
        send(exchange, status, "application/json", Wire.JSON.writeValueAsBytes(body));
    }

    static void text(HttpExchange exchange, String type, String body) throws IOException {
        send(exchange, 200, type, body.getBytes(StandardCharsets.UTF_8));
    }

    private static void send(HttpExchange exchange, int status, String type, byte[] body) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", type);
        if (exchange.getRequestMethod().equals("HEAD")) { // as GET, without the body
            exchange.getResponseHeaders().set("Content-Length", String.valueOf(body.length));
            exchange.sendResponseHeaders(status, -1);
            return;
        }
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
    }

    /** What a failure is to the client; what is no fault of the request is logged and shows no insides. */
    static BadRequest bad(RuntimeException e) {
        return switch (e) {
            case BadRequest bad -> bad;
            case InputException wrong ->
                new BadRequest(400, "invalid_request_error", null, String.valueOf(wrong.getMessage()));
            case ChatException chat -> bad(chat);
            default -> {
                LOG.warn("a request failed", e);
                yield new BadRequest(500, "server_error", null, "the model failed on this request");
            }
        };
    }

    private static BadRequest bad(ChatException e) {
        String message = String.valueOf(e.getMessage());
        return switch (e.kind()) {
            case REQUEST, REFUSED -> new BadRequest(400, "invalid_request_error", null, message);
            case TRANSIENT, PENDING -> new BadRequest(503, "model_error", null, message);
            case FATAL -> new BadRequest(500, "model_error", null, message);
        };
    }
}
