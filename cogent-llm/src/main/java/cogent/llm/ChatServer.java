package cogent.llm;

import cogent.data.InputException;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Puts a chat model behind HTTP, as OpenAI's {@code POST /v1/chat/completions} (whole replies, no streaming) and
 * {@code GET /v1/models}. Sampling settings of a request are the served model's own business and are not read, except
 * {@code seed}: requests with different seeds are different samples.
 */
public final class ChatServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ChatServer.class);
    private static final int REQUEST_BYTES = 16 << 20;

    static {
        // the JDK's server reads these once: it would close all but 200 idle connections under the client's feet, wait
        // 40 ms for Nagle's algorithm with each reply, and wait for ever for a request that does not end
        setDefault("sun.net.httpserver.maxIdleConnections", "4096");
        setDefault("sun.net.httpserver.nodelay", "true");
        setDefault("sun.net.httpserver.maxReqTime", "60");
    }

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final String model;
    private final ChatModel chat;

    private ChatServer(HttpServer server, String model, ChatModel chat) {
        this.server = server;
        this.model = model;
        this.chat = chat;
        server.setExecutor(threads);
        server.createContext("/", this::handle);
    }

    /**
     * Serves this machine only.
     *
     * @param port 0: any free one
     */
    public static ChatServer start(String model, ChatModel chat, int port) {
        return start(model, chat, new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    }

    /**
     * Serves whoever reaches the address; there is no key and no TLS.
     *
     * @throws InputException when the address cannot be had
     */
    public static ChatServer start(String model, ChatModel chat, InetSocketAddress address) {
        try {
            var server = new ChatServer(HttpServer.create(address, 1024), model, chat);
            server.server.start();
            return server;
        } catch (IOException e) {
            throw new InputException(
                    "cannot serve at " + address.getHostString() + ":" + address.getPort()
                            + ". Is the port taken? Choose another.",
                    e);
        }
    }

    /** Such as {@code http://127.0.0.1:8000/v1}: what an {@link Endpoint} wants. */
    public URI base() {
        InetSocketAddress address = server.getAddress();
        String host = address.getAddress().isAnyLocalAddress()
                ? "localhost"
                : address.getAddress().getHostAddress();
        return URI.create("http://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + address.getPort() + "/v1");
    }

    /** Stops; requests under way are cut off. */
    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            try {
                route(exchange);
            } catch (Refusal e) {
                send(exchange, e.status, error(String.valueOf(e.getMessage()), e.type));
            } catch (ChatException e) {
                int status = switch (e.kind()) {
                    case REQUEST -> 400;
                    case TRANSIENT -> 503;
                    case FATAL -> 500;
                };
                send(exchange, status, error(String.valueOf(e.getMessage()), "model_error"));
            } catch (RuntimeException e) {
                LOG.warn("a chat failed", e);
                send(exchange, 500, error("the model failed on this request", "server_error"));
            }
        }
    }

    private void route(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        switch (path) {
            case "/v1/models" -> {
                method(exchange, "GET");
                send(exchange, 200, models());
            }
            case "/v1/chat/completions" -> {
                method(exchange, "POST");
                ChatRequest request = request(body(exchange));
                send(exchange, 200, completion(chat.chat(request)));
            }
            default -> throw new Refusal(404, "not_found_error", "there is only /v1/chat/completions and /v1/models");
        }
    }

    private static void method(HttpExchange exchange, String wanted) {
        if (!exchange.getRequestMethod().equals(wanted)) {
            throw new Refusal(405, "invalid_request_error", "use " + wanted);
        }
    }

    private static JsonNode body(HttpExchange exchange) throws IOException {
        String type = exchange.getRequestHeaders().getFirst("Content-Type");
        if (type == null || !type.toLowerCase(Locale.ROOT).startsWith("application/json")) {
            // also what keeps web pages from posting here unasked
            throw new Refusal(415, "invalid_request_error", "the content type must be application/json");
        }
        byte[] bytes = exchange.getRequestBody().readNBytes(REQUEST_BYTES + 1);
        if (bytes.length > REQUEST_BYTES) {
            throw new Refusal(413, "invalid_request_error", "requests may have 16 MiB at most");
        }
        try {
            return Wire.JSON.readTree(bytes);
        } catch (JacksonException e) {
            throw new Refusal(400, "invalid_request_error", "not JSON: " + Wire.line(e.getOriginalMessage()));
        }
    }

    private ChatRequest request(JsonNode body) {
        String asked = body.path("model").asString("");
        if (!asked.equals(model)) {
            throw new Refusal(
                    404, "model_not_found", "no model \"" + Wire.line(asked) + "\" here, only \"" + model + "\"");
        }
        if (body.path("stream").asBoolean(false) || body.path("n").asInt(1) != 1) {
            throw new Refusal(400, "invalid_request_error", "\"stream\" and \"n\" above 1 are not served here");
        }
        var messages = new ArrayList<ChatMessage>();
        for (JsonNode message : body.path("messages")) {
            messages.add(message(message));
        }
        if (messages.isEmpty()) {
            throw new Refusal(400, "invalid_request_error", "\"messages\" must be a list with at least one message");
        }
        int sample = Long.hashCode(body.path("seed").asLong(0));
        return new ChatRequest(body.path("user").asString("client"), messages, sample);
    }

    private static ChatMessage message(JsonNode message) {
        String text = message.path("content").isArray()
                ? String.join("", parts(message.path("content")))
                : message.path("content").asString("");
        return switch (message.path("role").asString("")) {
            case "system", "developer" -> ChatMessage.system(text);
            case "user" -> ChatMessage.user(text);
            case "assistant" -> ChatMessage.assistant(text);
            default ->
                throw new Refusal(400, "invalid_request_error", "each message needs a role: system, user or assistant");
        };
    }

    private static List<String> parts(JsonNode content) {
        var parts = new ArrayList<String>();
        content.forEach(part -> parts.add(part.path("text").asString("")));
        return parts;
    }

    private JsonNode completion(ChatReply reply) {
        ObjectNode body = Wire.JSON.createObjectNode();
        body.put("id", "chatcmpl-" + UUID.randomUUID());
        body.put("object", "chat.completion");
        body.put("created", System.currentTimeMillis() / 1000);
        body.put("model", model);
        ObjectNode choice = body.putArray("choices").addObject().put("index", 0);
        ObjectNode message =
                choice.putObject("message").put("role", "assistant").put("content", reply.text());
        if (!reply.reasoning().isEmpty()) {
            message.put("reasoning_content", reply.reasoning());
        }
        choice.put(
                "finish_reason",
                switch (reply.finish()) {
                    case STOP, OTHER -> "stop";
                    case LENGTH -> "length";
                    case CONTENT_FILTER -> "content_filter";
                });
        ChatReply.Usage usage = reply.usage();
        body.putObject("usage")
                .put("prompt_tokens", usage.promptTokens())
                .put("completion_tokens", usage.completionTokens())
                .put("total_tokens", usage.promptTokens() + usage.completionTokens())
                .putObject("completion_tokens_details")
                .put("reasoning_tokens", usage.reasoningTokens());
        return body;
    }

    private JsonNode models() {
        ObjectNode body = Wire.JSON.createObjectNode().put("object", "list");
        body.putArray("data")
                .addObject()
                .put("id", model)
                .put("object", "model")
                .put("owned_by", "cogent");
        return body;
    }

    private static JsonNode error(String message, String type) {
        ObjectNode body = Wire.JSON.createObjectNode();
        body.putObject("error").put("message", message).put("type", type).put("code", type);
        return body;
    }

    private static void send(HttpExchange exchange, int status, JsonNode body) throws IOException {
        byte[] bytes = Wire.JSON.writeValueAsBytes(body);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    private static void setDefault(String property, String value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, value);
        }
    }

    /** What the client did wrong. */
    private static final class Refusal extends RuntimeException {
        private static final long serialVersionUID = 1L;
        final int status;
        final String type;

        Refusal(int status, String type, String message) {
            super(message);
            this.status = status;
            this.type = type;
        }
    }
}
