package cogent.serve;

import cogent.data.InputException;
import cogent.llm.ChatModel;
import cogent.llm.openai.ApiKey;
import cogent.llm.openai.Endpoint;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Puts a model behind HTTP as OpenAI's {@code POST /v1/chat/completions} and {@code /v1/completions}, whole or streamed,
 * and {@code GET /v1/models}; with {@code /health}, and {@code /metrics} for Prometheus. Requests with different seeds are
 * different samples.
 */
public final class ChatServer implements AutoCloseable {
    static {
        // the JDK's server reads these once: it would close all but 200 idle connections under the client's feet, wait
        // 40 ms for Nagle's algorithm with each reply, wait for ever for a request that does not end, and cut off
        // whoever still sends too large a body before the refusal is read
        setDefault("sun.net.httpserver.maxIdleConnections", "4096");
        setDefault("sun.net.httpserver.nodelay", "true");
        setDefault("sun.net.httpserver.maxReqTime", "60");
        setDefault("sun.net.httpserver.drainAmount", String.valueOf(256 << 20));
    }

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Replies replies;

    /**
     * Where and to whom.
     *
     * @param hosts names that requests may call the server by, besides {@code localhost} and its address
     * @param key that every request but {@code /health} must bring, or {@link ApiKey#NONE}
     */
    public record Settings(InetSocketAddress address, Set<String> hosts, ApiKey key) {
        public Settings {
            hosts = Set.copyOf(hosts);
        }

        /**
         * This machine only, without a key.
         *
         * @param port 0: any free one
         */
        public static Settings loopback(int port) {
            return new Settings(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), Set.of(), ApiKey.NONE);
        }
    }

    private ChatServer(HttpServer server, ServedModel model, Settings settings) {
        this.server = server;
        Metrics metrics = new Metrics();
        this.replies = new Replies(threads, metrics);
        AccessControl gate = new AccessControl(settings.address(), settings.hosts(), settings.key());
        server.setExecutor(threads);
        server.createContext("/", new Router(model, gate, replies, metrics));
    }

    /**
     * Serves a chat model to this machine only.
     *
     * @param port 0: any free one
     */
    public static ChatServer start(String model, ChatModel chat, int port) {
        return start(ServedModel.of(model, chat), Settings.loopback(port));
    }

    /** @throws InputException when the address cannot be had */
    public static ChatServer start(ServedModel model, Settings settings) {
        InetSocketAddress address = settings.address();
        if (address.isUnresolved()) {
            throw new InputException("no address by the name of " + address.getHostString() + ". Is it written right?");
        }
        try {
            var server = new ChatServer(HttpServer.create(address, 1024), model, settings);
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

    /** Refuses new requests, which {@code /health} tells too, and waits so long for the answers under way. */
    public void drain(Duration grace) {
        replies.stop(grace);
    }

    /** Stops; requests under way are cut off. */
    @Override
    public void close() {
        server.stop(replies.stopping() ? 1 : 0); // the last answer that was waited for may not be written yet
        threads.shutdownNow();
    }

    private static void setDefault(String property, String value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, value);
        }
    }
}
