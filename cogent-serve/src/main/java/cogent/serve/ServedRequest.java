package cogent.serve;

import cogent.data.InputException;
import cogent.llm.ChatMessage;
import cogent.llm.ChatRequest;
import cogent.llm.SamplingParams;
import cogent.llm.StreamingChatModel;
import cogent.llm.openai.Wire;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The body of {@code POST /v1/chat/completions}, checked. Fields that only ask for more bookkeeping are not read; those
 * that would change the reply and cannot be heeded are refused.
 *
 * @param call for the first of the replies; the others take the following samples
 * @param n how many replies
 * @param usage whether a stream ends with the token counts
 */
record ServedRequest(StreamingChatModel.Call call, int n, boolean stream, boolean usage) {
    private static final int MOST_REPLIES = 128;
    private static final int MOST_STOPS = 16;
    private static final Set<String> EXTRAS = Set.of("top_k", "min_p", "repetition_penalty");
    private static final List<String> UNSERVED = List.of(
            "tools", "functions", "logprobs", "logit_bias", "presence_penalty", "frequency_penalty", "response_format");

    /**
     * @param unseeded the sample of a request without a seed
     * @throws BadRequest naming the field
     */
    static ServedRequest of(JsonNode body, String model, int unseeded) {
        if (!body.isObject()) {
            throw new BadRequest(400, "invalid_request_error", null, "the body must be a JSON object");
        }
        String name = text(body, "model");
        if (!model.equals(name)) {
            throw new BadRequest(
                    404,
                    "model_not_found",
                    "model",
                    "no model \"" + Wire.line(name == null ? "" : name) + "\" here, only \"" + model + "\"");
        }
        for (String field : UNSERVED) {
            if (asksFor(body.path(field))) {
                throw BadRequest.field(field, "is not served here: leave it out");
            }
        }
        Long seed = body.hasNonNull("seed") ? whole(body, "seed", Long.MIN_VALUE, Long.MAX_VALUE) : null;
        int sample = seed == null ? unseeded : Long.hashCode(seed);
        String agent = text(body, "user");
        ChatRequest request =
                new ChatRequest(agent == null ? "client" : agent, messages(body.path("messages")), sample);
        Long n = whole(body, "n", 1, MOST_REPLIES);
        return new ServedRequest(
                new StreamingChatModel.Call(request, sampling(body), stops(body.path("stop"))),
                n == null ? 1 : Math.toIntExact(n),
                flag(body, "stream"),
                flag(body.path("stream_options"), "include_usage"));
    }

    /** The reply of the given number, from 0. */
    StreamingChatModel.Call reply(int index) {
        ChatRequest first = call.request();
        return new StreamingChatModel.Call(first.withSample(first.sample() + index), call.sampling(), call.stop());
    }

    private static boolean asksFor(JsonNode value) {
        return switch (value.getNodeType()) {
            case MISSING, NULL -> false;
            case BOOLEAN -> value.asBoolean();
            case NUMBER -> value.asDouble() != 0;
            case OBJECT -> !value.isEmpty() && !value.path("type").asString("").equals("text");
            case ARRAY -> !value.isEmpty();
            default -> true;
        };
    }

    private static SamplingParams sampling(JsonNode body) {
        String bound = body.hasNonNull("max_completion_tokens") ? "max_completion_tokens" : "max_tokens";
        Long most = whole(body, bound, 1, Integer.MAX_VALUE);
        Map<String, Object> extras = new LinkedHashMap<>();
        for (String field : EXTRAS) {
            Double value = number(body, field);
            if (value != null) {
                extras.put(field, value);
            }
        }
        try {
            return new SamplingParams(
                    number(body, "temperature"),
                    number(body, "top_p"),
                    most == null ? null : Math.toIntExact(most),
                    null,
                    null,
                    extras);
        } catch (InputException e) {
            throw new BadRequest(400, "invalid_request_error", null, String.valueOf(e.getMessage()));
        }
    }

    private static List<ChatMessage> messages(JsonNode list) {
        var messages = new ArrayList<ChatMessage>();
        for (JsonNode message : list.isArray() ? list : List.<JsonNode>of()) {
            messages.add(message(message));
        }
        if (messages.isEmpty()) {
            throw BadRequest.field("messages", "must be a list with at least one message");
        }
        return messages;
    }

    private static ChatMessage message(JsonNode message) {
        JsonNode content = message.path("content");
        if (!content.isString() && !content.isArray() && !content.isNull()) {
            throw BadRequest.field("messages", "need each a \"content\": a text or a list of text parts");
        }
        String text = content.isArray() ? String.join("", parts(content)) : content.asString("");
        return switch (message.path("role").asString("")) {
            case "system", "developer" -> ChatMessage.system(text);
            case "user" -> ChatMessage.user(text);
            case "assistant" -> ChatMessage.assistant(text);
            default -> throw BadRequest.field("messages", "need each a \"role\": system, user or assistant");
        };
    }

    private static List<String> parts(JsonNode content) {
        var parts = new ArrayList<String>();
        for (JsonNode part : content) {
            if (!part.path("text").isString()) {
                throw BadRequest.field("messages", "may have parts of text only");
            }
            parts.add(part.path("text").asString());
        }
        return parts;
    }

    private static List<String> stops(JsonNode stop) {
        List<String> stops = new ArrayList<>();
        for (JsonNode one :
                stop.isArray() ? stop : stop.isMissingNode() || stop.isNull() ? List.<JsonNode>of() : List.of(stop)) {
            if (!one.isString() || one.asString().isEmpty() || stops.size() == MOST_STOPS) {
                throw BadRequest.field(
                        "stop", "must be a text or a list of at most " + MOST_STOPS + " texts, none empty");
            }
            stops.add(one.asString());
        }
        return stops;
    }

    private static @Nullable String text(JsonNode body, String field) {
        JsonNode value = body.path(field);
        if (value.isMissingNode() || value.isNull()) {
            return null;
        }
        if (!value.isString()) {
            throw BadRequest.field(field, "must be a text");
        }
        return value.asString();
    }

    private static boolean flag(JsonNode body, String field) {
        JsonNode value = body.path(field);
        if (value.isMissingNode() || value.isNull()) {
            return false;
        }
        if (!value.isBoolean()) {
            throw BadRequest.field(field, "must be true or false");
        }
        return value.asBoolean();
    }

    private static @Nullable Double number(JsonNode body, String field) {
        JsonNode value = body.path(field);
        if (value.isMissingNode() || value.isNull()) {
            return null;
        }
        if (!value.isNumber() || !Double.isFinite(value.asDouble())) {
            throw BadRequest.field(field, "must be a number");
        }
        return value.asDouble();
    }

    private static @Nullable Long whole(JsonNode body, String field, long least, long most) {
        JsonNode value = body.path(field);
        if (value.isMissingNode() || value.isNull()) {
            return null;
        }
        if (!value.isIntegralNumber() || !value.canConvertToLong() || value.asLong() < least || value.asLong() > most) {
            throw BadRequest.field(field, "must be a whole number from " + least + " to " + most);
        }
        return value.asLong();
    }
}
