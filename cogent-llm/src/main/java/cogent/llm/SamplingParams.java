package cogent.llm;

import cogent.data.InputException;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How replies are drawn. What is null is left to the endpoint's default. Part of the key under which replies are
 * stored: other sampling, other replies.
 *
 * @param maxTokens bound on completion tokens, thinking included ({@code max_tokens}); null where the extra body bounds
 *     them by their other name
 * @param seed base seed; a request's {@code sample} is added to it
 * @param reasoningEffort {@code low}, {@code medium}, {@code high} where the model knows it
 * @param extraBody further fields of the request body as they are, such as {@code top_k} or
 *     {@code chat_template_kwargs}
 */
public record SamplingParams(
        @Nullable Double temperature,
        @Nullable Double topP,
        @Nullable Integer maxTokens,
        @Nullable Long seed,
        @Nullable String reasoningEffort,
        Map<String, Object> extraBody) {
    /** Everything as the endpoint has it. */
    public static final SamplingParams DEFAULT = new SamplingParams(null, null, null, null, null, Map.of());

    private static final Set<String> OURS = Set.of("model", "messages", "stream", "stream_options", "max_tokens", "n");

    public SamplingParams {
        if (extraBody.values().stream().anyMatch(Objects::isNull)) {
            throw new InputException("an extra body field without a value: give it one or leave it out");
        }
        extraBody = Map.copyOf(extraBody);
        maxTokens = extraBody.containsKey("max_completion_tokens") ? null : maxTokens;
        if (temperature != null && !(temperature >= 0 && temperature <= 100)) {
            throw new InputException("temperature " + temperature + ": expected a number from 0 to 100");
        }
        if (topP != null && !(topP > 0 && topP <= 1)) {
            throw new InputException("top-p " + topP + ": expected a number above 0, up to 1");
        }
        if (maxTokens != null && maxTokens < 1) {
            throw new InputException("max tokens " + maxTokens + ": expected at least 1");
        }
        for (String field : extraBody.keySet()) {
            if (OURS.contains(field)) {
                throw new InputException("extra body field \"" + field + "\" is set by Cogent itself: leave it out");
            }
        }
    }

    public SamplingParams withTemperature(double value) {
        return new SamplingParams(value, topP, maxTokens, seed, reasoningEffort, extraBody);
    }

    public SamplingParams withMaxTokens(int value) {
        return new SamplingParams(temperature, topP, value, seed, reasoningEffort, extraBody);
    }

    /** Without a bound on completion tokens, under either of its names. */
    public SamplingParams unbounded() {
        var others = new HashMap<>(extraBody);
        others.remove("max_completion_tokens");
        return new SamplingParams(temperature, topP, null, seed, reasoningEffort, others);
    }

    public SamplingParams withSeed(long value) {
        return new SamplingParams(temperature, topP, maxTokens, value, reasoningEffort, extraBody);
    }

    /** The bound on completion tokens, under either of its two names, if one is set. */
    public OptionalLong completionBound() {
        return completionBound(1);
    }

    /** @param room how many times as many a reply may have, see {@link ChatRequest#room} */
    public OptionalLong completionBound(int room) {
        if (maxTokens != null) {
            return OptionalLong.of((long) maxTokens * room);
        }
        return extraBody.get("max_completion_tokens") instanceof Number n
                ? OptionalLong.of(n.longValue() * room)
                : OptionalLong.empty();
    }
}
