package cogent.serve;

import cogent.data.InputException;
import cogent.llm.ChatException;
import cogent.llm.ChatModel;
import cogent.llm.ChatReply;
import cogent.llm.StreamingChatModel;
import cogent.llm.openai.Endpoint;
import cogent.llm.openai.EventStream;
import cogent.llm.openai.Wire;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Puts a chat model behind HTTP, as OpenAI's {@code POST /v1/chat/completions}, whole or streamed, and
 * {@code GET /v1/models}. Requests with different seeds are different samples.
 */
public final class ChatServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ChatServer.class);
    private static final long STARTED = System.currentTimeMillis() / 1000;
    private static final int REQUEST_BYTES = 16 << 20;
    private static final int REPLIES_AT_ONCE = 4096;

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
    private final StreamingChatModel chat;
    private final Semaphore room = new Semaphore(REPLIES_AT_ONCE);
    private final AtomicInteger unseeded = new AtomicInteger();

    private ChatServer(HttpServer server, String model, StreamingChatModel chat) {
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
        return start(model, StreamingChatModel.of(chat), new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    }

    /**
     * Serves whoever reaches the address; there is no key and no TLS.
     *
     * @throws InputException when the address cannot be had
     */
    public static ChatServer start(String model, StreamingChatModel chat, InetSocketAddress address) {
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
            } catch (RuntimeException e) {
                BadRequest bad = bad(e);
                send(exchange, bad.status, error(bad));
            }
        }
    }

    private static BadRequest bad(RuntimeException e) {
        return switch (e) {
            case BadRequest bad -> bad;
            case ChatException chat ->
                new BadRequest(
                        switch (chat.kind()) {
                            case REQUEST, REFUSED -> 400;
                            case TRANSIENT, PENDING -> 503;
                            case FATAL -> 500;
                        },
                        chat.kind() == ChatException.Kind.REQUEST || chat.kind() == ChatException.Kind.REFUSED
                                ? "invalid_request_error"
                                : "model_error",
                        null,
                        String.valueOf(chat.getMessage()));
            default -> {
                LOG.warn("a chat failed", e);
                yield new BadRequest(500, "server_error", null, "the model failed on this request");
            }
        };
    }

    private void route(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        switch (path) {
            case "/v1/models" -> {
                method(exchange, "GET");
                ObjectNode list = Wire.JSON.createObjectNode().put("object", "list");
                list.putArray("data").add(about());
                send(exchange, 200, list);
            }
            case "/v1/chat/completions" -> {
                method(exchange, "POST");
                complete(exchange, ServedRequest.of(body(exchange), model, unseeded.getAndIncrement()));
            }
            default -> {
                if (!path.equals("/v1/models/" + model)) {
                    throw new BadRequest(
                            404, "not_found_error", null, "there is only /v1/chat/completions and /v1/models");
                }
                method(exchange, "GET");
                send(exchange, 200, about());
            }
        }
    }

    private static void method(HttpExchange exchange, String wanted) {
        if (!exchange.getRequestMethod().equals(wanted)) {
            exchange.getResponseHeaders().set("Allow", wanted);
            throw new BadRequest(405, "invalid_request_error", null, "use " + wanted);
        }
    }

    private static JsonNode body(HttpExchange exchange) throws IOException {
        String type = exchange.getRequestHeaders().getFirst("Content-Type");
        if (type == null || !type.toLowerCase(Locale.ROOT).startsWith("application/json")) {
            // also what keeps web pages from posting here unasked
            throw new BadRequest(415, "invalid_request_error", null, "the content type must be application/json");
        }
        byte[] bytes = exchange.getRequestBody().readNBytes(REQUEST_BYTES + 1);
        if (bytes.length > REQUEST_BYTES) {
            throw new BadRequest(413, "invalid_request_error", null, "requests may have 16 MiB at most");
        }
        try {
            return Wire.JSON.readTree(bytes);
        } catch (JacksonException e) {
            throw new BadRequest(400, "invalid_request_error", null, "not JSON: " + Wire.line(e.getOriginalMessage()));
        }
    }

    private void complete(HttpExchange exchange, ServedRequest request) throws IOException {
        if (!room.tryAcquire(request.n())) {
            throw new BadRequest(429, "rate_limit_exceeded", null, "too many replies at once; try again later");
        }
        try {
            Completion completion = new Completion(model);
            if (request.stream()) {
                stream(new EventStream(exchange), request, completion);
            } else {
                send(
                        exchange,
                        200,
                        completion.whole(replies(
                                request,
                                (_, _) -> {},
                                new Disconnect(exchange.getLocalAddress(), exchange.getRemoteAddress()))));
            }
        } finally {
            room.release(request.n());
        }
    }

    private void stream(EventStream events, ServedRequest request, Completion completion) {
        try {
            List<ChatReply> replies = replies(
                    request,
                    (index, text) -> {
                        if (!text.isEmpty()) {
                            events.send(completion.piece(index, text, request.usage()));
                        }
                    },
                    events::gone);
            for (int i = 0; i < replies.size(); i++) {
                events.send(completion.end(i, replies.get(i).finish(), request.usage()));
            }
            if (request.usage()) {
                events.send(completion.usage(replies));
            }
        } catch (RuntimeException e) {
            if (!events.begun()) {
                throw e;
            }
            events.send(error(bad(e)));
        }
        events.end();
    }

    /** All replies that one request asks for, drawn at the same time. */
    private List<ChatReply> replies(ServedRequest request, BiConsumer<Integer, String> text, BooleanSupplier gone) {
        if (request.n() == 1) {
            return List.of(chat.reply(request.reply(0), piece -> text.accept(0, piece), gone));
        }
        List<Future<ChatReply>> drawn = IntStream.range(0, request.n())
                .mapToObj(i -> threads.submit(() -> chat.reply(request.reply(i), piece -> text.accept(i, piece), gone)))
                .toList();
        List<ChatReply> replies = new ArrayList<>();
        for (Future<ChatReply> one : drawn) {
            try {
                replies.add(one.get());
            } catch (ExecutionException e) {
                throw e.getCause() instanceof RuntimeException why ? why : new IllegalStateException(e.getCause());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new ChatException(ChatException.Kind.FATAL, "the server was stopped");
            }
        }
        return replies;
    }

    private JsonNode about() {
        return Wire.JSON
                .createObjectNode()
                .put("id", model)
                .put("object", "model")
                .put("created", STARTED)
                .put("owned_by", "cogent");
    }

    private static JsonNode error(BadRequest bad) {
        ObjectNode body = Wire.JSON.createObjectNode();
        body.putObject("error")
                .put("message", String.valueOf(bad.getMessage()))
                .put("type", bad.type)
                .put("param", bad.param)
                .put("code", bad.type);
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
}
