package cogent.curate.agent;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A reply that could not be used, or a request that got none.
 *
 * @param reason in a few words; what varies from case to case stands after a colon
 */
public record FailedAttempt(Kind kind, String reason) {
    public static final String CUT_OFF = "cut off by the token limit";
    public static final String ALL_THINKING = "is all thinking (reasoning_content), with no answer after it";

    /** Several in a line, equal ones counted: {@code 2 × reaches another answer, 1 × cut off by the token limit}. */
    public static String summary(List<FailedAttempt> failedAttempts) {
        Map<String, Long> counts = new LinkedHashMap<>();
        failedAttempts.forEach(attempt -> counts.merge(withoutDetail(attempt.reason()), 1L, Long::sum));
        return counts.entrySet().stream()
                .map(e -> e.getValue() + " × " + e.getKey())
                .collect(Collectors.joining(", "));
    }

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

    /** A reason up to its colon: what is counted of it. */
    public static String withoutDetail(String reason) {
        int colon = reason.indexOf(':');
        return colon < 0 ? reason : reason.substring(0, colon);
    }
}
