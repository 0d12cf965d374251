package cogent.llm.openai;

import cogent.llm.ChatException;
import cogent.llm.ChatException.Kind;
import cogent.llm.ChatException.Trouble;
import cogent.llm.ChatRequest;
import cogent.llm.resilience.Time;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What went wrong between here and one base URL, told so that the user knows what to do next.
 *
 * @param base one of the endpoint's
 */
public record Faults(Endpoint endpoint, URI base) {
    private static final String AGAIN = " Rerun the same command to continue.";
    /** Statuses of proxies that stopped waiting, or lost the server: it may have worked all the same. */
    private static final Set<Integer> GATEWAY = Set.of(502, 504, 520, 524);
    /** Besides 5xx: what may pass. 499 is Google's, for a call that was cancelled on its way. */
    private static final Set<Integer> AGAIN_STATUSES = Set.of(408, 409, 424, 425, 499);

    private static final Pattern NO_MODEL = Pattern.compile(
            "model_(?:not_found|not_available|not_supported|decommissioned)|not a valid model|invalid[ _]model|no such model"
                    + "|no models? (?:is )?loaded|model identifier is invalid|(?:unknown|unsupported) model|(?:could not find|not found the) model"
                    + "|unable to access model|not have access to model|no endpoints found for|模型不存在"
                    + "|model\\b.{0,80}?(?:not found|does not exist|not exist|is not (?:available|loaded)|not loaded|has been decommissioned)"
                    + "|model \\S{1,80} is not supported");

    private static final Pattern NO_KEY =
            Pattern.compile("api[ _-]?key.{0,20}(?:invalid|incorrect|not valid)|(?:invalid|incorrect)[ _]api[ _-]?key");
    private static final Pattern NO_CREDIT = Pattern.compile(
            "insufficient_quota|credit balance is too low|insufficient[ _](?:\\w+[ _])?(?:balance|credit|funds)"
                    + "|exceeded_current_quota_error|billing[_ ](?:not_active|hard[_ ]limit)|arrearage|spending limit"
                    + "|(?:doesn't have any|used all available) credits|specified api usage limits|account \\S{1,80} is suspended");
    private static final Pattern NO_CHAT =
            Pattern.compile("not a chat model|not in (?:the )?v1/chat/completions|only supported in v1/responses");
    private static final Pattern NO_REGION =
            Pattern.compile("unsupported_country|(?:region|territory|location)\\b.{0,20} not supported");
    /** What the model wrote, and the server could not read; another try may bring another text. */
    private static final Pattern MISWRITTEN = Pattern.compile(
            "tool_use_failed|json_validate_failed|model called a tool|harmonyerror|in message header|expecting start token");

    private static final Pattern TOO_LARGE = Pattern.compile("request (?:is )?too large|request entity too large");
    private static final Pattern NO_EFFORT = Pattern.compile("does not support (?:thinking|reasoning)|reasoning value");
    private static final Pattern NO_SETTING = Pattern.compile(
            "(?:unknown|unsupported|unrecogni[sz]ed|unexpected) (?:request )?(?:parameter|argument|field|keyword|property|key)"
                    + "|extra inputs? (?:are|is) not permitted|additional properties are not allowed|argument not supported");
    private static final Pattern FILTERED =
            Pattern.compile("content_filter|content management|flagged|safety|moderation");

    /**
     * An answer with an error status.
     *
     * @param body the parsed error body, or a missing node
     * @param said the same as one line, already cleaned
     * @param offered asks which models there are, as a sentence; only called for 404
     */
    public ChatException status(
            int status, JsonNode body, String said, @Nullable Duration retryAfter, Supplier<String> offered) {
        JsonNode error = error(body);
        String code = error.path("code").asString("") + " " + error.path("type").asString("");
        String lower = (code + " " + said).toLowerCase(Locale.ROOT);
        String quoted = said.isEmpty() ? "" : ": " + said;
        if (status == 402 || NO_CREDIT.matcher(lower).find()) {
            return fatal("the account is out of credit (" + status + quoted + "). Top it up." + AGAIN);
        }
        if (status == 413 || (status == 429 && TOO_LARGE.matcher(lower).find())) {
            return request("the request is too large for the server (" + status + quoted + ")."
                    + " Where many are refused, lower max_tokens or curate's max_characters.");
        }
        if (status == 429 && SpentQuota.is(error, said, retryAfter)) {
            return fatal("what the account may ask in a day or a month is used up (429" + quoted
                    + "). What was answered is kept. Rerun the same command when it is renewed"
                    + (retryAfter == null ? "" : " (it asks for " + Time.seconds(retryAfter) + ")")
                    + ", or name another model in the recipe.");
        }
        if (status == 429) {
            return transientFault(Trouble.RATE_LIMITED, retryAfter, "rate limited (429" + quoted + ").");
        }
        if (ContextLimit.exceeded(error, said)) {
            return tooLong(error, said, status + quoted);
        }
        if (status == 503 || status == 529 || status == 498) {
            return transientFault(Trouble.OVERLOADED, retryAfter, "overloaded or starting (" + status + quoted + ").");
        }
        if (GATEWAY.contains(status)) {
            return transientFault(
                    Trouble.LOST,
                    retryAfter,
                    "a proxy got no reply from the server in time (" + status + quoted + ")."
                            + (endpoint.stream() ? "" : " Where replies take long, stream: true keeps it waiting."));
        }
        if (status == 202) {
            return transientFault(
                    Trouble.LOST,
                    retryAfter,
                    "the server means to answer later (202" + quoted
                            + "), which Cogent does not wait for. stream: true may help.");
        }
        if (MISWRITTEN.matcher(lower).find()) {
            return unreadable("the server could not read what its model wrote (" + status + quoted + ")");
        }
        if (status >= 500 || AGAIN_STATUSES.contains(status)) {
            return transientFault(Trouble.OTHER, retryAfter, "the server failed (" + status + quoted + ").");
        }
        if (NO_REGION.matcher(lower).find()) {
            return fatal("the server does not serve this country (" + status + quoted + ")." + AGAIN);
        }
        if (NO_CHAT.matcher(lower).find()) {
            return fatal("the model \"" + endpoint.model() + "\" does no chat completions (" + status + quoted
                    + "). Name another in the recipe.");
        }
        boolean model = NO_MODEL.matcher(lower).find();
        if (status == 401
                || (status == 403 && !model && !FILTERED.matcher(lower).find())
                || NO_KEY.matcher(lower).find()) {
            return fatal(
                    key().isSet()
                            ? "the key in " + key() + " was refused (" + status + quoted
                                    + "). What was answered is kept. Put a valid one there." + AGAIN
                            : "a key is wanted and none is set (" + status + quoted
                                    + "). Name the environment variable that holds it in the recipe.");
        }
        if (status == 404
                || status == 405
                || status == 410
                || model
                || error.path("param").asString("").equals("model")) {
            return fatal(
                    "no model \"" + endpoint.model() + "\" at this URL (" + status + quoted + "). " + offered.get());
        }
        if (status >= 300 && status < 400) {
            return fatal("the server points elsewhere (" + status + quoted
                    + "). Give the base URL that it points to, if you trust it: prompts and key go there.");
        }
        if (FILTERED.matcher(lower).find()) {
            return request("the request was filtered (" + status + quoted + ").");
        }
        Optional<String> setting = refusedSetting(error.path("param").asString(""), said.toLowerCase(Locale.ROOT));
        if (setting.isPresent()) {
            return fatal("the model does not take the setting " + setting.get() + " (" + status + quoted
                    + "). Change it in the recipe." + AGAIN);
        }
        return new ChatException(Kind.REFUSED, base + ": the request was refused (" + status + quoted + ").");
    }

    /** The part of an error's body that holds its code, its type and the setting that it is about. */
    static JsonNode error(JsonNode body) {
        JsonNode root = ErrorBody.unwrapped(body);
        return root.path("error").isObject() ? root.path("error") : root;
    }

    private ChatException tooLong(JsonNode error, String said, String quoted) {
        OptionalLong bound = endpoint.sampling().completionBound();
        Optional<ContextLimit> limit = ContextLimit.of(error, said, bound);
        String what = limit.isEmpty()
                ? "prompt and reply do not fit the model's context"
                : "a prompt of %,d tokens leaves no room for a reply in the model's context of %,d"
                        .formatted(limit.get().prompt(), limit.get().context());
        return request(what + " (" + quoted + ")."
                + (limit.isEmpty() && bound.isPresent()
                        ? " max_tokens is %,d: where many are refused, lower it.".formatted(bound.getAsLong())
                        : ""));
    }

    /** The field of the request that a refusal names, other than the text itself. */
    private Optional<String> refusedSetting(String param, String said) {
        if (param.matches("[\\w.\\[\\]-]+") && !param.matches("(?:messages|prompt|input|content)\\b.*")) {
            return Optional.of(param);
        }
        if (endpoint.sampling().reasoningEffort() != null
                && NO_EFFORT.matcher(said).find()) {
            return Optional.of("reasoning_effort");
        }
        ObjectNode sent = Wire.body(endpoint.model(), endpoint.sampling(), ChatRequest.of("", ""));
        sent.remove(List.of("model", "messages"));
        Stream<String> fields =
                Stream.concat(sent.propertyNames().stream(), Stream.of("stream", "max_completion_tokens"));
        return fields.filter(field -> names(said, field))
                .findFirst()
                .or(() -> NO_SETTING.matcher(said).find() ? Optional.of("named there") : Optional.empty());
    }

    /** Whether a refusal speaks of a field as such: a text may hold the word. */
    private static boolean names(String said, String field) {
        String name = Pattern.quote(field);
        return (field.contains("_") && said.contains(field))
                || Pattern.compile("['`\"]" + name + "['`\"]|^" + name + "[ :]"
                                + "|(?:argument|param(?:eter)?|field|keyword|key|property|option|setting|name|value)s?(?: supplied| for)?"
                                + "\\W{1,4}(?:\\w+\\.)?" + name + "\\b"
                                + "|\\b" + name
                                + ":? (?:is |are )?(?:not (?:supported|allowed|permitted|a valid)|unsupported|unknown"
                                + "|invalid|must be|should be|extra inputs)")
                        .matcher(said)
                        .find();
    }

    private ApiKey key() {
        return endpoint.key();
    }

    /** A 403 with a web page: a firewall before the server took offence, at the text or at whoever asks. */
    ChatException turnedAway(String title) {
        return new ChatException(
                Kind.REFUSED,
                base + ": a firewall before the server refused the request (403" + (title.isEmpty() ? "" : ": " + title)
                        + ").");
    }

    /** A 200 with a web page: a proxy, a login, the server's front door. */
    ChatException webPage() {
        return transientFault(
                Trouble.WEB_PAGE,
                null,
                "a web page came instead of a reply. Is the base URL right (it usually ends in /v1)?");
    }

    /** A 200 that holds no usable reply. */
    public ChatException unreadable(String what) {
        return transientFault(Trouble.UNREADABLE, null, what + ".");
    }

    /** A 200 that is whole, and holds no reply. */
    ChatException empty(String what) {
        return transientFault(Trouble.EMPTY, null, what + ".");
    }

    /** No whole answer came. */
    ChatException connection(IOException e, boolean connected) {
        String detail = e.getMessage() == null ? e.getClass().getSimpleName() : Wire.line(key().redact(e.getMessage()));
        if (e instanceof UnknownHostException) {
            return unreachable("host " + base.getHost() + " is not known. Is the name right, is the network up?", e);
        }
        if (e instanceof SSLException tls) {
            if (tls instanceof SSLPeerUnverifiedException || caused(tls, CertificateException.class)) {
                return fatal("the server's certificate is not trusted (" + detail + "). Is the host the right one?");
            }
            if (detail.contains("plaintext") || detail.contains("Unsupported or unrecognized SSL message")) {
                return fatal("the server does not speak TLS. Should the base URL begin with http://?");
            }
        }
        if (!connected) {
            String what = e instanceof ConnectException
                            && !(e.getCause() instanceof SocketTimeoutException)
                            && detail.toLowerCase(Locale.ROOT).contains("connect")
                    ? "connection refused"
                    : e instanceof NoRouteToHostException
                            ? "no route to host"
                            : e instanceof InterruptedIOException
                                    ? "no connection in time"
                                    : "no connection (" + detail + ")";
            return unreachable(what + ". Nothing was sent; nothing was lost. Is the server up?", e);
        }
        if (e instanceof SocketTimeoutException && endpoint.stream()) {
            return transientFault(Trouble.LOST, null, "the stream stalled before the reply was whole.", e);
        }
        if (e instanceof InterruptedIOException) {
            return transientFault(
                    Trouble.LOST,
                    null,
                    "no whole reply within the deadline of "
                            + Time.seconds(endpoint.limits().deadline()) + ".",
                    e);
        }
        return transientFault(
                Trouble.LOST, null, "the connection broke before the reply was whole (" + detail + ").", e);
    }

    private ChatException unreachable(String message, IOException e) {
        return transientFault(Trouble.UNREACHABLE, null, message, e);
    }

    private ChatException transientFault(Trouble trouble, @Nullable Duration retryAfter, String message) {
        return new ChatException(Kind.TRANSIENT, base + ": " + message, trouble, retryAfter, null);
    }

    private ChatException transientFault(
            Trouble trouble, @Nullable Duration retryAfter, String message, IOException e) {
        return new ChatException(Kind.TRANSIENT, base + ": " + message, trouble, retryAfter, e);
    }

    private ChatException fatal(String message) {
        return new ChatException(Kind.FATAL, base + ": " + message);
    }

    private ChatException request(String message) {
        return new ChatException(Kind.REQUEST, base + ": " + message);
    }

    private static boolean caused(Throwable e, Class<? extends Throwable> type) {
        for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
            if (type.isInstance(cause)) {
                return true;
            }
        }
        return false;
    }
}
