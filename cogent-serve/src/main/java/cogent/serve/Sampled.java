package cogent.serve;

import cogent.data.InputException;
import cogent.llm.SamplingParams;
import cogent.llm.StreamingChatModel;
import cogent.llm.openai.Wire;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The fields that conversations and completions have in common. */
final class Sampled {
    static final int MOST_STOPS = 16;
    static final int MOST_LOGPROBS = 20;
    private static final int MOST_REPLIES = 128;

    /** What a template is given besides its settings. */
    private static final List<String> OWN_OF_TEMPLATE =
            List.of("messages", "tools", "documents", "add_generation_prompt");

    private static final List<String> PENALTIES = List.of("presence_penalty", "frequency_penalty");

    private Sampled() {}

    /** Those, and an endpoint's own. */
    static Set<String> fields(String... own) {
        var fields = new HashSet<>(List.of("model", "user", "n", "stream", "stream_options", "stop", "seed"));
        fields.addAll(List.of("max_tokens", "temperature", "top_p", "top_k", "min_p", "repetition_penalty"));
        fields.addAll(PENALTIES);
        fields.addAll(List.of(own));
        return Set.copyOf(fields);
    }

    static int n(RequestFields fields) {
        return fields.whole("n", 1, MOST_REPLIES, 1);
    }

    /** @param unseeded where there is no seed */
    static int sample(RequestFields fields, int unseeded) {
        Long seed = fields.whole("seed", Long.MIN_VALUE, Long.MAX_VALUE);
        return seed == null ? unseeded : Long.hashCode(seed);
    }

    private static void extra(Map<String, Object> extras, String field, @Nullable Double value) {
        if (value != null) {
            extras.put(field, value);
        }
    }

    static SamplingParams params(RequestFields fields, @Nullable Long most) {
        Map<String, Object> extras = new HashMap<>();
        Long topK = fields.whole("top_k", -1, Integer.MAX_VALUE);
        if (topK != null) {
            extras.put("top_k", Math.max(0, topK)); // vLLM's -1 is "all" too
        }
        PENALTIES.forEach(field -> extra(extras, field, fields.number(field)));
        extra(
                extras,
                "repetition_penalty",
                fields.number("repetition_penalty", value -> value > 0, "must be a number above 0"));
        extra(
                extras,
                "min_p",
                fields.number("min_p", value -> value >= 0 && value <= 1, "must be a number from 0 to 1"));
        RequestFields template = fields.inner(StreamingChatModel.TEMPLATE_SETTINGS);
        OWN_OF_TEMPLATE.stream().filter(template.object()::has).forEach(name -> {
            throw template.wrong(name, "is no setting: it comes from the request itself");
        });
        if (!template.object().isEmpty()) {
            extras.put(StreamingChatModel.TEMPLATE_SETTINGS, Wire.JSON.convertValue(template.object(), Map.class));
        }
        try {
            return new SamplingParams(
                    fields.number("temperature", value -> value >= 0 && value <= 100, "must be a number from 0 to 100"),
                    fields.number("top_p", value -> value > 0 && value <= 1, "must be a number above 0, up to 1"),
                    most == null ? null : Math.toIntExact(most),
                    null,
                    null,
                    extras);
        } catch (InputException e) {
            throw new BadRequest(400, "invalid_request_error", null, String.valueOf(e.getMessage()));
        }
    }
}
