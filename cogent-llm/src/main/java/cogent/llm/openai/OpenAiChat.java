package cogent.llm.openai;

import cogent.llm.ChatException;
import cogent.llm.ChatModel;
import cogent.llm.ChatReply;
import cogent.llm.ChatRequest;
import cogent.llm.resilience.Time;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import okhttp3.Call;
import okhttp3.ConnectionPool;
import okhttp3.EventListener;
import okhttp3.Handshake;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/**
 * One base URL of an endpoint, spoken to over {@code POST …/chat/completions}: one call in, one reply out or a
 * {@link ChatException} that says what happened. It neither retries nor limits; that is the wrappers' work.
 *
 * <p>Calls block and are meant for virtual threads: OkHttp's synchronous calls pass by its dispatcher and so by its
 * limit of 64, and the pool keeps 1 024 idle connections.
 */
public final class OpenAiChat implements ChatModel {
    private static final MediaType JSON = MediaType.get("application/json");
    /** Far above any real reply, of which hundreds may come at once; a server that never ends must not fill the memory. */
    private static final long REPLY_BYTES = 64L << 20;
    /** The same where the tokens are bounded and nothing besides text is asked for (log-probabilities are long). */
    private static final long TEXT_BYTES = 4L << 20;

    private static final int TOKEN_BYTES = 128;

    private final Endpoint endpoint;
    private final URI base;
    private final OkHttpClient client;
    private final Consumer<Duration> exhausted;
    private final Time time;
    private final Faults faults;
    private final long most;

    /** @param exhausted told when the headers of an answer say that nothing is left until some time has passed */
    public OpenAiChat(Endpoint endpoint, URI base, OkHttpClient client, Consumer<Duration> exhausted, Time time) {
        this.endpoint = endpoint;
        this.base = base;
        // one deadline over headers and body: thinking servers are silent for long, and a body can hang
        this.client =
                client.newBuilder().callTimeout(endpoint.limits().deadline()).build();
        this.exhausted = exhausted;
        this.time = time;
        OptionalLong tokens = endpoint.sampling().completionBound();
        this.most = tokens.isPresent() && endpoint.sampling().extraBody().isEmpty()
                ? Math.min(REPLY_BYTES, Math.max(TEXT_BYTES, TOKEN_BYTES * tokens.getAsLong()))
                : REPLY_BYTES;
        this.faults = new Faults(
                base, endpoint.model(), endpoint.key(), endpoint.limits().deadline());
    }

    /** The client that all endpoints of a run share. */
    public static OkHttpClient client() {
        return client(Duration.ofSeconds(20));
    }

    /** @param connectTimeout for the connection, and again for the TLS handshake */
    public static OkHttpClient client(Duration connectTimeout) {
        return new OkHttpClient.Builder()
                .connectionPool(new ConnectionPool(1024, 5, TimeUnit.MINUTES))
                .connectTimeout(connectTimeout)
                .readTimeout(Duration.ZERO)
                .writeTimeout(Duration.ZERO)
                // a resend inside the client would be paid twice unseen; a redirect would carry prompts elsewhere
                .retryOnConnectionFailure(false)
                .followRedirects(false)
                .eventListenerFactory(OpenAiChat::progress)
                .build();
    }

    @Override
    public ChatReply chat(ChatRequest request) {
        byte[] body = Wire.request(endpoint.model(), endpoint.sampling(), request);
        Request.Builder http = request("/chat/completions").post(RequestBody.create(body, JSON));
        Answer answer = exchange(client, http.build());
        if (answer.status != 200) {
            throw refusal(answer);
        }
        if (answer.html) {
            throw faults.webPage();
        }
        if (answer.json.isMissingNode()) {
            throw faults.unreadable("a reply came that is not whole JSON (" + answer.said + ")");
        }
        if (answer.json.has("error") && !answer.json.path("error").isNull()) {
            // OpenRouter and others say 200 first and fail later, with the status inside
            int status = answer.json.path("error").path("code").asInt(500);
            throw refusal(new Answer(status < 400 ? 500 : status, answer.json, answer.said, false, answer.headers));
        }
        Duration wait = RateHeaders.exhausted(answer.headers::header);
        if (wait != null) {
            exhausted.accept(wait);
        }
        try {
            ChatReply reply = Wire.reply(answer.json, endpoint.model(), body.length);
            return new ChatReply(
                    reply.model(),
                    endpoint.key().redact(reply.text()),
                    endpoint.key().redact(reply.reasoning()),
                    reply.finish(),
                    reply.usage());
        } catch (Wire.Unreadable e) {
            throw faults.unreadable(e.getMessage() + " came");
        }
    }

    /** The names that {@code GET …/models} lists; a {@link ChatException} where it does not. */
    List<String> models() {
        var quick = client.newBuilder().callTimeout(Duration.ofSeconds(20)).build();
        Answer answer = exchange(quick, request("/models").get().build());
        if (answer.status == 404) {
            throw new ChatException(
                    ChatException.Kind.REQUEST,
                    base + ": there is no list of models at this URL. Is it right (it usually ends in /v1)?");
        }
        if (answer.status != 200) {
            throw refusal(answer);
        }
        var names = new ArrayList<String>();
        for (JsonNode model : answer.json.path("data")) {
            names.add(Wire.line(model.path("id").asString("")));
        }
        return names;
    }

    private ChatException refusal(Answer answer) {
        Duration wait = RateHeaders.retryAfter(answer.headers::header, time.now());
        String target = answer.status / 100 == 3 ? answer.headers.header("Location") : null;
        // a query may carry a login
        String said = target == null ? answer.said : Wire.line(endpoint.key().redact(target.replaceFirst("\\?.*", "")));
        return faults.status(answer.status, answer.json, said, wait, this::offered);
    }

    private String offered() {
        try {
            List<String> names = models();
            return names.contains(endpoint.model())
                    ? "The server lists it, so the base URL is likely wrong (it usually ends in /v1)."
                    : offer(names);
        } catch (ChatException e) {
            return "It lists no models either: is the base URL right (it usually ends in /v1)?";
        }
    }

    static String offer(List<String> names) {
        return names.isEmpty()
                ? "The server lists no models."
                : "It offers: "
                        + String.join(", ", names.subList(0, Math.min(12, names.size())))
                        + (names.size() > 12 ? ", … (" + names.size() + " in all)." : ".");
    }

    private static EventListener progress(Call call) {
        Progress progress = call.request().tag(Progress.class);
        return progress != null ? progress : EventListener.NONE;
    }

    private Request.Builder request(String path) {
        var http = new Request.Builder().url(base + path);
        http.header("Accept", "application/json").header("User-Agent", "cogent");
        endpoint.headers().forEach(http::header);
        if (endpoint.key().isSet()) {
            http.header("Authorization", "Bearer " + endpoint.key().value());
        }
        return http;
    }

    private Answer exchange(OkHttpClient over, Request request) {
        var progress = new Progress(Duration.ofMillis(over.connectTimeoutMillis()));
        Call call =
                over.newCall(request.newBuilder().tag(Progress.class, progress).build());
        try (Response response = call.execute()) {
            var source = response.body().source();
            if (source.request(most + 1)) {
                throw faults.unreadable("a reply of more than " + (most >> 20) + " MiB came");
            }
            return answer(response, source.readByteArray());
        } catch (IOException e) {
            if (Thread.currentThread().isInterrupted()) {
                throw new ChatException(
                        ChatException.Kind.TRANSIENT,
                        base + ": stopped while waiting for the reply",
                        ChatException.Trouble.LOST,
                        null,
                        e);
            }
            throw faults.connection(progress.slow ? new InterruptedIOException("handshake") : e, progress.sent);
        }
    }

    private Answer answer(Response response, byte[] body) {
        var type = response.body().contentType();
        boolean html = type != null && type.subtype().toLowerCase(Locale.ROOT).contains("html");
        JsonNode json = MissingNode.getInstance();
        String said = "";
        if (!html) {
            try {
                json = Wire.JSON.readTree(body);
                said = Wire.errorText(json);
            } catch (JacksonException e) {
                said = response.code() == 200
                        ? e.getOriginalMessage()
                        : new String(body, 0, Math.min(body.length, 2000), StandardCharsets.UTF_8);
            }
        }
        return new Answer(response.code(), json, Wire.line(endpoint.key().redact(said)), html, response);
    }

    /** An answer read whole; {@code json} is missing when the body is none, {@code said} is what an error tells. */
    private record Answer(int status, JsonNode json, String said, boolean html, Response headers) {}

    /**
     * Where a call is: whether its request is on its way, to tell "nothing was sent" from "sent, and no reply". It also
     * bounds the TLS handshake, which OkHttp measures by the read timeout, and that must be without bound here.
     */
    private static final class Progress extends EventListener {
        private final Duration connectTimeout;
        private volatile boolean sent;
        private volatile boolean slow;
        private volatile @Nullable Thread handshake;

        Progress(Duration connectTimeout) {
            this.connectTimeout = connectTimeout;
        }

        @Override
        public void secureConnectStart(Call call) {
            handshake = Thread.startVirtualThread(() -> {
                try {
                    Thread.sleep(connectTimeout);
                    slow = true;
                    call.cancel();
                } catch (InterruptedException e) {
                    // it came about in time
                }
            });
        }

        @Override
        public void secureConnectEnd(Call call, @Nullable Handshake result) {
            end();
        }

        @Override
        public void connectFailed(
                Call call, InetSocketAddress address, Proxy proxy, @Nullable Protocol protocol, IOException e) {
            end();
        }

        @Override
        public void requestHeadersStart(Call call) {
            sent = true;
        }

        private void end() {
            Thread waiting = handshake;
            if (waiting != null) {
                waiting.interrupt();
            }
        }
    }
}
