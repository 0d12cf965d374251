package cogent.llm.openai;

import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A rate limit that does not come back while a run waits: what is allowed for a day or a month is used up. */
final class SpentQuota {
    /** The first that a refusal names is the one it is about: advice on other plans comes after. */
    private static final Pattern SPAN = Pattern.compile(
            "(?:per|by|/) ?[-_]? ?(?<span>sec(?:ond)?|min(?:ute)?|hour|day|month)|\\b(?<adverb>daily|monthly)\\b|\\b[rt]p(?<letter>[smdh])\\b");

    /** Gemini's name of the limit, which its sentence leaves out. */
    private static final Pattern NAMED = Pattern.compile("\"quotaid\" ?: ?\"[^\"]*per(?:day|month)");

    /** Gemini's for models that a plan has not: it would say so for ever. */
    private static final Pattern NOTHING = Pattern.compile("\\blimit: 0\\b(?!\\.)");

    /** A limit of a day that fills up steadily lets the next call through sooner, and says when. */
    private static final Duration STEADY = Duration.ofMinutes(1);

    private SpentQuota() {}

    /**
     * @param error the part of a 429's body that tells of it
     * @param said the same as one line
     */
    static boolean is(JsonNode error, String said, @Nullable Duration retryAfter) {
        if (retryAfter != null && retryAfter.compareTo(STEADY) <= 0) {
            return false;
        }
        String lower = said.toLowerCase(Locale.ROOT);
        String details = error.path("details").toString().toLowerCase(Locale.ROOT);
        return NAMED.matcher(details).find() || NOTHING.matcher(lower).find() || isLong(SPAN.matcher(lower));
    }

    private static boolean isLong(Matcher span) {
        if (!span.find()) {
            return false;
        }
        String named = span.group("span");
        return span.group("adverb") != null
                || "d".equals(span.group("letter"))
                || "day".equals(named)
                || "month".equals(named);
    }
}
