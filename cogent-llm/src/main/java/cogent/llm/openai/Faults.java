package cogent.llm.openai;

import cogent.llm.ChatException;
import cogent.llm.ChatException.Kind;
import cogent.llm.ChatException.Trouble;
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
import java.util.Locale;
import java.util.Set;
import java.util.function.Supplier;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What went wrong between here and one base URL, told so that the user knows what to do next. */
public record Faults(URI base, String model, ApiKey key, Duration deadline) {
    private static final String AGAIN = " Rerun the same command to continue.";
    private static final Set<String> SETTINGS =
            Set.of("temperature", "top_p", "seed", "reasoning_effort", "max_completion_tokens", "model");

    /**
     * An answer with an error status.
     *
     * @param body the parsed error body, or a missing node
     * @param said the same as one line, already cleaned
     * @param offered asks which models there are, as a sentence; only called for 404
     */
    public ChatException status(
            int status, JsonNode body, String said, @Nullable Duration retryAfter, Supplier<String> offered) {
        JsonNode error = body.path("error");
        String code = error.path("code").asString("") + " " + error.path("type").asString("");
        String lower = said.toLowerCase(Locale.ROOT);
        String quoted = said.isEmpty() ? "" : ": " + said;
        if (status == 402 || (status == 429 && code.contains("insufficient_quota"))) {
            return fatal("the account is out of credit (" + status + quoted + "). Top it up." + AGAIN);
        }
        if (status == 429) {
            return transientFault(Trouble.RATE_LIMITED, retryAfter, "rate limited (429" + quoted + ").");
        }
        if (status == 503 || status == 529) {
            return transientFault(Trouble.OVERLOADED, retryAfter, "overloaded or starting (" + status + quoted + ").");
        }
        if (status >= 500 || status == 408 || status == 409 || status == 425) {
            return transientFault(Trouble.OTHER, retryAfter, "the server failed (" + status + quoted + ").");
        }
        if (status == 401 || (status == 403 && !lower.contains("flagged"))) {
            return fatal(
                    key.isSet()
                            ? "the key in " + key + " was refused (" + status + quoted
                                    + "). What was answered is kept. Put a valid one there." + AGAIN
                            : "a key is wanted and none is set (" + status + quoted
                                    + "). Name the environment variable that holds it in the recipe.");
        }
        if (status == 404 || status == 405 || status == 410) {
            return fatal("no model \"" + model + "\" at this URL (" + status + quoted + "). " + offered.get());
        }
        if (status >= 300 && status < 400) {
            return fatal("the server points elsewhere (" + status + quoted
                    + "). Give the base URL that it points to, if you trust it: prompts and key go there.");
        }
        if (lower.contains("context length") || lower.contains("context size") || code.contains("context_length")) {
            return request("prompt and reply do not fit the model's context (" + status + quoted + ").");
        }
        if (SETTINGS.contains(error.path("param").asString(""))) {
            return fatal(
                    "the model does not take a setting (" + status + quoted + "). Change it in the recipe." + AGAIN);
        }
        return request("the request was refused (" + status + quoted + ").");
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
        return transientFault(Trouble.LOST, null, what + ".");
    }

    /** No whole answer came. */
    ChatException connection(IOException e, boolean connected) {
        String detail = e.getMessage() == null ? e.getClass().getSimpleName() : Wire.line(key.redact(e.getMessage()));
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
        if (e instanceof InterruptedIOException) {
            return transientFault(
                    Trouble.LOST, null, "no whole reply within the deadline of " + Time.seconds(deadline) + ".", e);
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
