package cogent.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import cogent.llm.ChatException;
import cogent.llm.ChatMessage;
import cogent.llm.ChatReply;
import cogent.llm.ChatRequest;
import cogent.playground.PlaygroundChat;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The playground's rules behind HTTP, as an endpoint that a test can make slow, faulty or forbidding. It keeps all that it
 * is asked. Each reply names its request's hash as the model, so that {@code calls.model} in {@code run.db} tells which
 * requests have a durable reply.
 */
final class StubTeacher implements AutoCloseable {
    static {
        // or the JDK's server closes idle connections under the client's feet, and waits 40 ms with each reply
        System.setProperty("sun.net.httpserver.maxIdleConnections", "4096");
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    /** What becomes of a call. */
    @FunctionalInterface
    interface Manner {
        /** True when it has answered, or will not; false to leave the call to the rules. */
        boolean answers(Call call, HttpExchange exchange) throws IOException, InterruptedException;
    }

    /**
     * @param number from 1, in the order of arrival
     * @param hash of the request
     * @param key the header that carries it, or empty
     */
    record Call(int number, String hash, String key, long nanos) {}

    final Queue<Call> calls = new ConcurrentLinkedQueue<>();

    private final AtomicInteger count = new AtomicInteger();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final PlaygroundChat rules = new PlaygroundChat(0.1);
    private final HttpServer server;
    private volatile Manner manner;

    StubTeacher(Manner manner) throws IOException {
        this.manner = manner;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1024);
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    void behave(Manner other) {
        manner = other;
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/v1";
    }

    int asked() {
        return count.get();
    }

    /** How many different requests came. */
    long distinct() {
        return calls.stream().map(Call::hash).distinct().count();
    }

    static boolean say(HttpExchange exchange, int status, String type, byte[] body) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
        return true;
    }

    static boolean say(HttpExchange exchange, int status, String json) throws IOException {
        return say(exchange, status, "application/json", json.getBytes(UTF_8));
    }

    /** The answer as it should be. */
    static byte[] completion(String model, String text, String finish) {
        ObjectNode body = JsonMapper.shared().createObjectNode();
        body.put("id", "c").put("model", model);
        ObjectNode choice = body.putArray("choices").addObject();
        choice.put("index", 0).put("finish_reason", finish);
        choice.putObject("message").put("role", "assistant").put("content", text);
        body.putObject("usage").put("prompt_tokens", 300).put("completion_tokens", 1 + text.length() / 4);
        return JsonMapper.shared().writeValueAsBytes(body);
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            long nanos = System.nanoTime();
            byte[] body = exchange.getRequestBody().readAllBytes();
            if (exchange.getRequestMethod().equals("GET")) {
                say(exchange, 200, "{\"data\":[{\"id\":\"m\"}]}");
                return;
            }
            JsonNode asked = JsonMapper.shared().readTree(body);
            String key = exchange.getRequestHeaders().getFirst("Authorization");
            Call call = new Call(count.incrementAndGet(), hash(asked), key == null ? "" : key, nanos);
            calls.add(call);
            if (!manner.answers(call, exchange)) {
                reply(exchange, asked, call);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void reply(HttpExchange exchange, JsonNode asked, Call call) throws IOException {
        List<ChatMessage> messages = new ArrayList<>();
        asked.path("messages")
                .forEach(m -> messages.add(
                        m.path("role").asString().equals("system")
                                ? ChatMessage.system(m.path("content").asString())
                                : ChatMessage.user(m.path("content").asString())));
        try {
            ChatReply reply = rules.chat(
                    new ChatRequest("stub", messages, asked.path("seed").asInt(0)));
            say(exchange, 200, "application/json", completion(call.hash(), reply.text(), "stop"));
        } catch (ChatException e) {
            say(exchange, 400, "{\"error\":{\"message\":\"not for these rules\"}}");
        }
    }

    /** Of messages and sampling alike: two judges ask the same of the same model with other settings. */
    private static String hash(JsonNode asked) {
        String text = asked.toString();
        return HexFormat.of().toHexDigits(text.hashCode()) + "-" + text.length();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
