package cogent.llm.openai;

import cogent.llm.ChatException;
import cogent.llm.ChatModel;
import cogent.llm.ChatReply;
import cogent.llm.ChatRequest;
import cogent.llm.resilience.Time;
import io.opentelemetry.api.GlobalOpenTelemetry;
import io.opentelemetry.context.Context;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import okhttp3.Authenticator;
import okhttp3.Call;
import okhttp3.ConnectionPool;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okio.BufferedSource;
import okio.ByteString;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * One base URL of an endpoint, spoken to over {@code POST …/chat/completions}: one call in, one reply out or a
 * {@link ChatException} that says what happened. It neither retries nor limits; that is the wrappers' work.
 *
 * <p>Calls block and are meant for virtual threads: OkHttp's synchronous calls pass by its dispatcher and so by its
 * limit of 64, and the pool keeps 1 024 idle connections.
 */
public final class OpenAiChat implements ChatModel {
    private static final MediaType JSON = MediaType.get("application/json");
    /** Far above any real reply, of which hundreds may come at once. */
    private static final long REPLY_BYTES = 64L << 20;
    /** The same where the tokens are bounded and nothing besides text is asked for (log-probabilities are long). */
    private static final long TEXT_BYTES = 4L << 20;

    private static final int TOKEN_BYTES = 128;

    /** A server that streams says something all the time, if only that it is still thinking. */
    private static final Duration STALL = Duration.ofMinutes(2);
    /** The least room in a context that is worth asking for. */
    private static final int LEAST_TOKENS = 16;
    /** How often one request is asked in other words. */
    private static final int REWORDINGS = 4;
    /** Connections that were closed under a call's feet, until none is kept any more. */
    private static final int STALE_CONNECTIONS = 3;

    private static final Pattern TITLE = Pattern.compile("(?is)<title[^>]*>(.{0,200}?)</title>");

    private static final List<ByteString> EVENT_STARTS = Stream.of(":", "data:", "event:", "id:", "retry:")
            .map(ByteString::encodeUtf8)
            .toList();

    private final Endpoint endpoint;
    private final URI base;
    private final OkHttpClient client;
    private final Listener listener;
    private final Time time;
    private final Duration stall;
    private final Faults faults;
    private final AtomicInteger staleConnections = new AtomicInteger();
    private volatile Dialect dialect;
    /** Whether the server closes each connection after its answer. */
    private volatile boolean closes;

    /** Told what the answers of an endpoint say besides the replies. */
    @FunctionalInterface
    public interface Listener {
        /** Nothing is left until some time has passed. */
        void exhausted(Duration wait);

        /** The server wants to be asked in another way than the settings say, or is another; one sentence for the user. */
        default void adapted(String how) {}
    }

    public OpenAiChat(Endpoint endpoint, URI base, OkHttpClient client, Listener listener, Time time) {
        this(endpoint, base, client, listener, time, STALL);
    }

    /** @param stall how long a stream may be silent once it has begun */
    OpenAiChat(Endpoint endpoint, URI base, OkHttpClient client, Listener listener, Time time, Duration stall) {
        this.endpoint = endpoint;
        this.base = base;
        // one deadline over headers and body: thinking servers are silent for long, and a body can hang
        this.client =
                client.newBuilder().callTimeout(endpoint.limits().deadline()).build();
        this.listener = listener;
        this.time = time;
        this.stall = stall;
        this.faults = new Faults(endpoint, base);
        this.dialect = Dialect.of(endpoint.stream());
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
                .proxyAuthenticator(Authenticator.JAVA_NET_AUTHENTICATOR)
                .eventListenerFactory(CallProgress::of)
                .build();
    }

    @Override
    public ChatReply chat(ChatRequest request) {
        long left = Long.MAX_VALUE;
        for (int wordings = 0; ; wordings++) {
            Dialect spoken = dialect;
            ObjectNode json = Wire.body(endpoint.model(), endpoint.sampling(), request);
            spoken.speak(json, left);
            requireMoreRoom(request, json);
            byte[] body = Wire.JSON.writeValueAsBytes(json);
            Request.Builder http = request("/chat/completions").post(RequestBody.create(body, JSON));
            Answer answer = outcome(exchange(client, http.build(), mostBytes(json)));
            if (answer.status == 200) {
                return reply(answer, body.length);
            }
            Optional<Dialect> other = wordings == REWORDINGS ? Optional.empty() : spoken.after(answer.said, json);
            long less = wordings == REWORDINGS ? 0 : room(answer, Dialect.bound(json));
            if (other.isPresent()) {
                dialect = other.get();
                listener.adapted(base + ": " + dialect.differenceFrom(spoken));
            } else if (less >= LEAST_TOKENS) {
                left = less;
                listener.adapted(base + ": max_tokens does not fit the model's context beside every prompt: such calls"
                        + " ask for what is left of it");
            } else {
                throw refusal(answer, this::offered);
            }
        }
    }

    /** A reply that was cut off is not paid for again where it would be cut off at the same place. */
    private void requireMoreRoom(ChatRequest request, ObjectNode body) {
        long usual = endpoint.sampling().completionBound(request.room() / 2).orElse(Long.MAX_VALUE);
        long sent = Dialect.bound(body).orElse(0);
        if (request.room() > 1 && sent <= usual) {
            throw new ChatException(
                    ChatException.Kind.REQUEST,
                    base + ": the reply was cut off, and "
                            + (sent == 0
                                    ? "by the server's own bound: max_tokens may ask for more."
                                    : "the model's context or its longest reply leaves no more room than %,d tokens."
                                            .formatted(sent)));
        }
    }

    /** What the context leaves for the reply to this prompt, if less was asked for than was sent; 0 where that is unknown. */
    private static long room(Answer answer, OptionalLong sent) {
        JsonNode error = Faults.error(answer.json);
        long room = ContextLimit.of(error, answer.said, sent)
                .map(ContextLimit::room)
                .orElse(0L);
        return sent.isPresent() && room < sent.getAsLong() ? room : 0;
    }

    /** The most that is read of an answer: a server that never ends must not fill the memory. */
    private long mostBytes(ObjectNode body) {
        OptionalLong tokens = Dialect.bound(body);
        return tokens.isPresent() && endpoint.sampling().extraBody().isEmpty() && !body.has("stream")
                ? Math.min(REPLY_BYTES, Math.max(TEXT_BYTES, TOKEN_BYTES * tokens.getAsLong()))
                : REPLY_BYTES;
    }

    /** A reply, or the status of a failure under 200. */
    private Answer outcome(Answer answer) {
        if (answer.status != 200) {
            return answer;
        }
        if (answer.html) {
            throw faults.webPage();
        }
        if (answer.json.isMissingNode()) {
            throw answer.said.isBlank()
                    ? faults.empty("an empty reply came")
                    : faults.unreadable("a reply came that is not whole JSON (" + answer.said + ")");
        }
        int status = ErrorBody.status(answer.json);
        return status == 0 ? answer : new Answer(status, answer.json, answer.said, false, answer.headers);
    }

    private ChatReply reply(Answer answer, long promptBytes) {
        Duration wait = RateHeaders.exhausted(answer.headers::header, time.now());
        if (wait != null) {
            listener.exhausted(wait);
        }
        try {
            ChatReply reply = Wire.reply(answer.json, endpoint.model(), promptBytes);
            if (!reply.model().equalsIgnoreCase(endpoint.model())) {
                listener.adapted(base + ": \"" + endpoint.model() + "\" was asked, and \"" + Wire.line(reply.model())
                        + "\" answered, by the name in the replies");
            }
            return new ChatReply(
                    reply.model(),
                    endpoint.key().redact(reply.text()),
                    endpoint.key().redact(reply.reasoning()),
                    reply.finish(),
                    reply.usage());
        } catch (Wire.Unreadable e) {
            throw e.isEmpty() ? faults.empty(e.getMessage() + " came") : faults.unreadable(e.getMessage() + " came");
        }
    }

    /** The names that {@code GET …/models} lists; a {@link ChatException} where it does not. */
    List<String> models() {
        var quick = client.newBuilder().callTimeout(Duration.ofSeconds(20)).build();
        Answer answer = outcome(exchange(quick, request("/models").get().build(), REPLY_BYTES));
        if (answer.status == 404 || answer.status == 405) {
            throw new ChatException(
                    ChatException.Kind.REQUEST,
                    base
                            + ": there is no list of models at this URL. Is it right (it usually ends in /v1)? Some providers"
                            + " have none.");
        }
        if (answer.status != 200) {
            throw refusal(answer, () -> "");
        }
        var names = new ArrayList<String>();
        JsonNode list = answer.json.isArray() ? answer.json : answer.json.path("data"); // Together's is bare
        for (JsonNode model : list) {
            names.add(Wire.line(model.path("id").asString("")));
        }
        return names;
    }

    /** Whether a list has the endpoint's model; Gemini lists {@code models/NAME}, Ollama {@code NAME:latest}. */
    boolean isAmong(List<String> names) {
        String model = endpoint.model();
        return names.contains(model) || names.contains("models/" + model) || names.contains(model + ":latest");
    }

    private ChatException refusal(Answer answer, Supplier<String> offered) {
        Duration wait = RateHeaders.retryAfter(answer.headers::header, time.now());
        String target = answer.status / 100 == 3 ? answer.headers.header("Location") : null;
        // a query may carry a login
        String said = target == null ? answer.said : Wire.line(endpoint.key().redact(target.replaceFirst("\\?.*", "")));
        return answer.status == 403 && answer.html
                ? faults.turnedAway(said)
                : faults.status(answer.status, answer.json, said, wait, offered);
    }

    private String offered() {
        try {
            List<String> names = models();
            return isAmong(names)
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

    private Request.Builder request(String path) {
        String query = base.getRawQuery();
        String url = query == null ? base + path : base.toString().replace("?" + query, path + "?" + query);
        var http = new Request.Builder().url(url);
        http.header("Accept", "application/json, text/event-stream").header("User-Agent", "cogent");
        GlobalOpenTelemetry.getOrNoop()
                .getPropagators()
                .getTextMapPropagator()
                .inject(
                        Context.current(),
                        http,
                        (_, name, value) -> http.header(name, value)); // traceparent, where there is one
        endpoint.headers().forEach(http::header);
        if (endpoint.key().isSet()) {
            http.header("Authorization", "Bearer " + endpoint.key().value());
            if (query != null) {
                http.header("api-key", endpoint.key().value()); // Azure, before its /openai/v1
            }
        }
        return http;
    }

    private Answer exchange(OkHttpClient over, Request request, long mostBytes) {
        var progress = new CallProgress(Duration.ofMillis(over.connectTimeoutMillis()));
        Request.Builder tagged = request.newBuilder().tag(CallProgress.class, progress);
        if (closes) {
            tagged.header("Connection", "close");
        }
        Call call = over.newCall(tagged.build());
        try (Response response = call.execute()) {
            noteClosing(response);
            return answer(response, mostBytes);
        } catch (IOException e) {
            if (Thread.currentThread().isInterrupted()) {
                throw new ChatException(
                        ChatException.Kind.TRANSIENT,
                        base + ": stopped while waiting for the reply",
                        ChatException.Trouble.LOST,
                        null,
                        e);
            }
            if (progress.stale()) { // it has not been read; the next connection is a new one
                client.connectionPool().evictAll();
                closes |= staleConnections.incrementAndGet() >= STALE_CONNECTIONS;
                return exchange(
                        over, request.newBuilder().header("Connection", "close").build(), mostBytes);
            }
            throw faults.connection(progress.slow() ? new InterruptedIOException("handshake") : e, progress.sent());
        }
    }

    /** HTTP/1.0 closes unless it says otherwise (RFC 9112 §9.3), which OkHttp does not know. */
    private void noteClosing(Response response) {
        if (!closes
                && response.protocol() == Protocol.HTTP_1_0
                && !"keep-alive".equalsIgnoreCase(response.header("Connection"))) {
            closes = true;
            client.connectionPool().evictAll();
        }
    }

    private Answer answer(Response response, long mostBytes) throws IOException {
        var type = response.body().contentType();
        String subtype = type == null ? "" : type.subtype().toLowerCase(Locale.ROOT);
        BufferedSource source = response.body().source();
        int status = response.isSuccessful() && response.code() != 202 ? 200 : response.code();
        if (status == 200 && (subtype.equals("event-stream") || looksLikeEvents(source))) {
            JsonNode json = StreamedReply.read(source, stall, mostBytes);
            return new Answer(200, json, said(ErrorBody.text(json)), false, response);
        }
        if (source.request(mostBytes + 1)) {
            throw faults.unreadable("a reply of more than " + (mostBytes >> 20) + " MiB came");
        }
        byte[] body = source.readByteArray();
        try {
            JsonNode json = Wire.JSON.readTree(body);
            if (!json.isMissingNode()) { // whatever type is said
                return new Answer(status == 202 ? 200 : status, json, said(ErrorBody.text(json)), false, response);
            }
            return new Answer(status, json, "", subtype.contains("html"), response);
        } catch (JacksonException e) {
            String text = new String(body, 0, Math.min(body.length, 2000), StandardCharsets.UTF_8);
            boolean html = subtype.contains("html") || text.stripLeading().startsWith("<");
            String said = html ? title(text) : status == 200 ? e.getOriginalMessage() : text;
            return new Answer(status, MissingNode.getInstance(), said(said), html, response);
        }
    }

    private static String title(String page) {
        Matcher title = TITLE.matcher(page);
        return title.find() ? title.group(1) : "";
    }

    /** Proxies and small servers send streams under other types; blank lines before them keep a connection alive. */
    private static boolean looksLikeEvents(BufferedSource source) throws IOException {
        long begin = 0;
        while (source.request(begin + 1) && " \r\n\t".indexOf(source.getBuffer().getByte(begin)) >= 0) {
            begin++;
        }
        for (ByteString start : EVENT_STARTS) {
            if (source.request(begin + start.size()) && source.rangeEquals(begin, start)) {
                return true;
            }
        }
        return false;
    }

    private String said(String text) {
        return Wire.line(endpoint.key().redact(text));
    }

    /** An answer read whole; {@code json} is missing when the body is none, {@code said} is what an error tells. */
    private record Answer(int status, JsonNode json, String said, boolean html, Response headers) {}
}
