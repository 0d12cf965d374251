package cogent.model.hub;

import cogent.data.InputException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.util.OptionalLong;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;

/** The hub, or the storage that it points to, gives no answer that can be used; what is cached may do instead. */
final class HubUnreachable extends IOException {
    private static final long serialVersionUID = 1L;

    private final String advice;

    private HubUnreachable(String message, String advice, Throwable cause) {
        super(message, cause);
        this.advice = advice;
    }

    /** No connection came about, or none lasted. */
    static HubUnreachable noConnection(String host, IOException cause) {
        return cause instanceof SSLException
                ? new HubUnreachable(
                        host + ": no secure connection comes about (" + InputException.reason(cause) + ")",
                        "Is it https? A certificate of your company's own must be known to Java:"
                                + " JAVA_TOOL_OPTIONS=-Djavax.net.ssl.trustStore=FILE",
                        cause)
                : new HubUnreachable(
                        host + " cannot be reached (" + reason(cause) + ")",
                        "Is there a network? HF_ENDPOINT names another hub, HTTPS_PROXY a proxy",
                        cause);
    }

    /** A status of the 500s, or 429, again and again. */
    static HubUnreachable busy(String host, int status, OptionalLong after, boolean withToken) {
        String later = after.isEmpty() ? "later" : "in " + after.getAsLong() + " s, as it asks";
        return new HubUnreachable(
                host + " answers " + status + (status == 429 ? ": too many requests" : ""),
                "Try again " + later + (status == 429 && !withToken ? "; with HF_TOKEN it allows more" : ""),
                new IOException("status " + status));
    }

    /** What the user can do. */
    String advice() {
        return advice;
    }

    private static String reason(IOException e) {
        if (Stream.<Throwable>iterate(e, cause -> cause != null, Throwable::getCause)
                .anyMatch(cause ->
                        cause instanceof UnresolvedAddressException || cause instanceof UnknownHostException)) {
            return "unknown host";
        }
        return switch (e) {
            case HttpTimeoutException _ -> "no answer in time";
            case ConnectException _ -> "connection refused";
            default -> InputException.reason(e);
        };
    }
}
