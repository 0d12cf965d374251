package cogent.curate;

/**
 * A reply that could not be used, or a request that got none.
 *
 * @param reason in a few words; what varies from case to case stands after a colon
 */
public record Miss(Kind kind, String reason) {
    /** Why. */
    public enum Kind {
        /** Not in the form that was asked for. */
        UNREADABLE,
        /** In the right form, but refused for what it says. */
        UNFIT,
        /** Cut off by the token limit: never taken as whole. */
        TRUNCATED,
        /** Stopped by the endpoint's content filter. */
        FILTERED,
        /** The endpoint will not answer this request. */
        REQUEST,
        /** Not sent: over the agent's length limit. */
        TOO_LONG
    }
}
