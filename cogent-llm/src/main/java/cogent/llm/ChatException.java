package cogent.llm;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** No reply could be had. The message names the endpoint and what to do, and never holds a key. */
public final class ChatException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What kind of failure this is, and so what a caller may do about it. */
    public enum Kind {
        /** May go through later: 429, 5xx, connection trouble, a deadline. */
        TRANSIENT,
        /** What was asked will never be answered (too long for the model, filtered); other requests may be. */
        REQUEST,
        /** The server refused the request (400, 422) and does not say that it is for its text: worth another run. */
        REFUSED,
        /** No request will be answered until the user mends something: 401, 403, 404, a budget that is spent. */
        FATAL,
        /** No reply is stored, and nothing may be sent now: see {@code ChatModels.stored} and {@code BatchWave}. */
        PENDING
    }

    /** What the wrappers need to know beyond the kind. */
    public enum Trouble {
        /** 429. */
        RATE_LIMITED,
        /** 503, 529: fewer calls at once may help. */
        OVERLOADED,
        /** No connection came about: nothing was sent. */
        UNREACHABLE,
        /** Sent, and no usable reply came back: it may have been billed. */
        LOST,
        /** A whole answer without a reply in it: another try seldom helps. */
        EMPTY,
        /** An answer that is not whole, or no completion. */
        UNREADABLE,
        /** A web page answered: most likely no model lives at that URL. */
        WEB_PAGE,
        OTHER;

        /** Whether the endpoint worked on the request, so that it may have been billed. */
        public boolean mayBeBilled() {
            return this == LOST || this == EMPTY || this == UNREADABLE;
        }
    }

    private final Kind kind;
    private final Trouble trouble;
    private final @Nullable Duration retryAfter;

    public ChatException(Kind kind, String message) {
        this(kind, message, Trouble.OTHER, null, null);
    }

    public ChatException(Kind kind, String message, Throwable cause) {
        this(kind, message, Trouble.OTHER, null, cause);
    }

    public ChatException(
            Kind kind, String message, Trouble trouble, @Nullable Duration retryAfter, @Nullable Throwable cause) {
        super(message, cause);
        this.kind = kind;
        this.trouble = trouble;
        this.retryAfter = retryAfter;
    }

    public Kind kind() {
        return kind;
    }

    /** How long the endpoint asked to be left alone. */
    public Optional<Duration> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }

    public Trouble trouble() {
        return trouble;
    }

    public static ChatException pending() {
        return new ChatException(Kind.PENDING, "no reply is stored");
    }

    /** The same failure with its message retold. */
    public ChatException retold(Kind otherKind, String message) {
        return new ChatException(otherKind, message, trouble, retryAfter, this);
    }

    /** The same failure without the endpoint's wish to be left alone. */
    public ChatException withoutRetryAfter() {
        return new ChatException(kind, String.valueOf(getMessage()), trouble, null, getCause());
    }

    /** The thread was interrupted while it waited; its interrupt flag is set again. */
    public static ChatException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new ChatException(Kind.TRANSIENT, "stopped while waiting to send; nothing was sent", e);
    }
}
