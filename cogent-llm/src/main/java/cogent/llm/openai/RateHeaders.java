package cogent.llm.openai;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How long an endpoint's headers ask to be left alone: {@code retry-after-ms}, {@code Retry-After} (seconds or HTTP
 * date, RFC 9110 §10.2.3), and OpenAI's {@code x-ratelimit-remaining-*} with {@code x-ratelimit-reset-*}, which others
 * give as a time of day or in seconds or milliseconds since 1970.
 */
final class RateHeaders {
    private static final Pattern NUMBER = Pattern.compile("\\d{1,12}(\\.\\d{1,9})?");
    private static final Pattern EPOCH_MILLIS = Pattern.compile("\\d{13}");
    /** Seconds since 1970 in 2001: no span is that long. */
    private static final double EPOCH = 1e9;

    private static final Pattern PART = Pattern.compile("(\\d{1,12}(?:\\.\\d{1,9})?)(ms|s|m|h|d)");

    private RateHeaders() {}

    /** On a refusal; null when the headers do not say. */
    static @Nullable Duration retryAfter(Function<String, @Nullable String> header, Instant now) {
        String millis = header.apply("retry-after-ms");
        if (millis != null && NUMBER.matcher(millis.strip()).matches()) {
            return seconds(Double.parseDouble(millis.strip()) / 1e3);
        }
        String after = header.apply("retry-after");
        if (after == null) {
            return exhausted(header, now);
        }
        after = after.strip();
        if (NUMBER.matcher(after).matches()) {
            return seconds(Double.parseDouble(after));
        }
        try {
            Instant date = ZonedDateTime.parse(after, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant();
            return date.isAfter(now) ? Duration.between(now, date) : Duration.ZERO;
        } catch (DateTimeException e) {
            return exhausted(header, now);
        }
    }

    /** On any answer: until the requests or tokens that are used up come back; null when some are left. */
    static @Nullable Duration exhausted(Function<String, @Nullable String> header, Instant now) {
        Duration longest = null;
        for (String what : new String[] {"-requests", "-tokens", ""}) {
            String remaining = header.apply("x-ratelimit-remaining" + what);
            String reset = header.apply("x-ratelimit-reset" + what);
            if (remaining != null && remaining.strip().equals("0") && reset != null) {
                Duration wait = span(reset.strip(), now);
                if (wait != null && (longest == null || wait.compareTo(longest) > 0)) {
                    longest = wait;
                }
            }
        }
        return longest;
    }

    /** {@code 20ms}, {@code 6m0s}, {@code 1.5}: plain numbers are seconds, unless they are a time of this century. */
    private static @Nullable Duration span(String stated, Instant now) {
        String text = stated.toLowerCase(Locale.ROOT);
        if (NUMBER.matcher(text).matches() || EPOCH_MILLIS.matcher(text).matches()) {
            double number = Double.parseDouble(text);
            return number < EPOCH ? seconds(number) : until(number < 1000 * EPOCH ? number : number / 1e3, now);
        }
        try {
            return until((double) OffsetDateTime.parse(stated).toEpochSecond(), now);
        } catch (DateTimeException e) {
            // a span with its units
        }
        Duration total = Duration.ZERO;
        int end = 0;
        Matcher part = PART.matcher(text);
        while (part.lookingAt()) {
            double unit = switch (part.group(2)) {
                case "ms" -> 1e-3;
                case "s" -> 1;
                case "m" -> 60;
                case "h" -> 3600;
                default -> 86400;
            };
            total = total.plus(seconds(Double.parseDouble(part.group(1)) * unit));
            end = part.end();
            part.region(end, text.length());
        }
        return end > 0 && end == text.length() ? total : null;
    }

    private static Duration until(double epochSeconds, Instant now) {
        return seconds(Math.max(0, epochSeconds - now.getEpochSecond()));
    }

    private static Duration seconds(double seconds) {
        return Duration.ofMillis(Math.round(seconds * 1000));
    }
}
