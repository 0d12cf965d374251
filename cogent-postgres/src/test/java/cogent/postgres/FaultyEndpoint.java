package cogent.postgres;

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
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The playground's rules behind HTTP, slow and faulty. The reply's model is the request's hash, so that a store tells which
 * requests have a durable reply.
 */
public final class FaultyEndpoint implements AutoCloseable {
    static {
        // or the JDK's server closes idle connections under the client's feet, and waits 40 ms with each reply
        System.setProperty("sun.net.httpserver.maxIdleConnections", "4096");
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    /** How often each request was answered. */
    public final Map<String, Integer> answered = new ConcurrentHashMap<>();

    /** Requests whose reply a store has; asking one again is an error. */
    public final Set<String> durable = ConcurrentHashMap.newKeySet();

    public final Set<String> askedAgain = ConcurrentHashMap.newKeySet();

    /** When each request came, in nanoseconds of {@link System#nanoTime}; whatever became of it. */
    public final Queue<Long> arrivals = new ConcurrentLinkedQueue<>();

    /** When each reply with 350 tokens left. */
    public final Queue<Long> replies = new ConcurrentLinkedQueue<>();

    public final AtomicInteger mostInFlight = new AtomicInteger();

    private final AtomicInteger inFlight = new AtomicInteger();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final PlaygroundChat rules = new PlaygroundChat(0.1);
    private final HttpServer server;
    private volatile double faults;
    private volatile long millis;

    /**
     * @param faults the share of requests that are turned away, failed, cut off or answered with rubbish
     * @param millis how long a reply takes
     */
    public FaultyEndpoint(double faults, long millis) throws IOException {
        this.faults = faults;
        this.millis = millis;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1024);
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    /** Forgets what was asked so far. */
    public void forget() {
        answered.clear();
        arrivals.clear();
        replies.clear();
        mostInFlight.set(0);
    }

    public void behave(double newFaults, long newMillis) {
        faults = newFaults;
        millis = newMillis;
    }

    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/v1";
    }

    public int asked() {
        return answered.values().stream().mapToInt(Integer::intValue).sum();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            if (exchange.getRequestMethod().equals("GET")) {
                say(exchange, 200, "{\"data\":[{\"id\":\"m\"}]}");
                return;
            }
            arrivals.add(System.nanoTime());
            mostInFlight.accumulateAndGet(inFlight.incrementAndGet(), Math::max);
            try {
                answer(exchange, JsonMapper.shared().readTree(body));
            } finally {
                inFlight.decrementAndGet();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void answer(HttpExchange exchange, JsonNode asked) throws IOException, InterruptedException {
        String text = asked.toString();
        String hash = HexFormat.of().toHexDigits(text.hashCode()) + "-" + text.length();
        if (durable.contains(hash)) {
            askedAgain.add(hash);
        }
        double dice = ThreadLocalRandom.current().nextDouble();
        if (dice < faults * 0.4) {
            exchange.getResponseHeaders().set("Retry-After", "0");
            say(exchange, 429, "{\"error\":{\"message\":\"slow down\"}}");
        } else if (dice < faults * 0.6) {
            say(exchange, 500, "{\"error\":{\"message\":\"oops\"}}");
        } else {
            Thread.sleep(millis);
            if (dice < faults * 0.8) {
                return; // the connection ends without a word
            }
            if (dice < faults) {
                say(exchange, 200, "{\"choices\":[{");
                return;
            }
            answered.merge(hash, 1, Integer::sum);
            replies.add(System.nanoTime());
            reply(exchange, asked, hash);
        }
    }

    private void reply(HttpExchange exchange, JsonNode asked, String hash) throws IOException {
        List<ChatMessage> messages = new ArrayList<>();
        asked.path("messages")
                .forEach(m -> messages.add(
                        m.path("role").asString().equals("system")
                                ? ChatMessage.system(m.path("content").asString())
                                : ChatMessage.user(m.path("content").asString())));
        try {
            ChatReply reply = rules.chat(
                    new ChatRequest("stub", messages, asked.path("seed").asInt(0)));
            ObjectNode body = JsonMapper.shared().createObjectNode();
            body.put("id", "c").put("model", hash);
            ObjectNode choice = body.putArray("choices").addObject();
            choice.put("index", 0).put("finish_reason", "stop");
            choice.putObject("message").put("role", "assistant").put("content", reply.text());
            body.putObject("usage").put("prompt_tokens", 300).put("completion_tokens", 50);
            say(exchange, 200, body.toString());
        } catch (ChatException e) {
            say(exchange, 400, "{\"error\":{\"message\":\"not for these rules\"}}");
        }
    }

    private static void say(HttpExchange exchange, int status, String json) throws IOException {
        byte[] body = json.getBytes(UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
