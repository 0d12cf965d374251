package cogent.serve;

import cogent.llm.ChatMessage;
import cogent.llm.ChatRequest;
import cogent.llm.StreamingChatModel.Call;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * The body of {@code POST /v1/chat/completions}, checked. What would change the reply and cannot be heeded is refused.
 *
 * @param call for the first of the replies; the others take the following samples
 * @param n how many replies
 */
record ChatBody(Call call, int n, Streaming streaming) {
    private static final Set<String> READ =
            Sampled.fields("messages", "max_completion_tokens", "logprobs", "top_logprobs", "chat_template_kwargs");
    private static final Set<String> READ_OF_MESSAGE = Set.of("role", "content");

    /**
     * @param unseeded the sample of a request without a seed
     * @throws BadRequest naming the field
     */
    static ChatBody of(RequestFields fields, int unseeded) {
        fields.requireServed(READ, Neutral.CHAT);
        String agent = fields.text("user");
        var request =
                new ChatRequest(agent == null ? "client" : agent, messages(fields), Sampled.sample(fields, unseeded));
        String bound = fields.has("max_completion_tokens") ? "max_completion_tokens" : "max_tokens";
        Call call = new Call(
                request,
                Sampled.params(fields, fields.whole(bound, 1, Integer.MAX_VALUE)),
                fields.texts("stop", Sampled.MOST_STOPS),
                logprobs(fields));
        return new ChatBody(call, Sampled.n(fields), Streaming.of(fields));
    }

    /** The reply of the given number, from 0. */
    Call reply(int index) {
        ChatRequest first = call.request();
        return new Call(first.withSample(first.sample() + index), call.sampling(), call.stop(), call.topLogprobs());
    }

    private static OptionalInt logprobs(RequestFields fields) {
        int top = fields.whole("top_logprobs", 0, Sampled.MOST_LOGPROBS, 0);
        if (fields.flag("logprobs")) {
            return OptionalInt.of(top);
        }
        if (top > 0) {
            throw fields.wrong("top_logprobs", "needs \"logprobs\": true beside it");
        }
        return OptionalInt.empty();
    }

    private static List<ChatMessage> messages(RequestFields fields) {
        var messages = new ArrayList<ChatMessage>();
        JsonNode list = fields.value("messages");
        for (JsonNode message : list.isArray() ? list : List.<JsonNode>of()) {
            if (!message.isObject()) {
                throw fields.wrong("messages", "must be a list of objects");
            }
            messages.add(message(new RequestFields(message, "messages[" + messages.size() + "].")));
        }
        if (messages.isEmpty()) {
            throw fields.wrong("messages", "must be a list with at least one message");
        }
        return messages;
    }

    private static ChatMessage message(RequestFields message) {
        message.requireServed(READ_OF_MESSAGE, Neutral.MESSAGE);
        JsonNode content = message.value("content");
        if (!content.isString() && !content.isArray() && !content.isNull()) {
            throw message.wrong("content", "must be a text or a list of text parts");
        }
        String text = content.isArray() ? String.join("", parts(message)) : content.asString("");
        return switch (String.valueOf(message.text("role"))) {
            case "system", "developer" -> ChatMessage.system(text);
            case "user" -> ChatMessage.user(text);
            case "assistant" -> ChatMessage.assistant(text);
            default -> throw message.wrong("role", "must be system, user or assistant");
        };
    }

    private static List<String> parts(RequestFields message) {
        var parts = new ArrayList<String>();
        for (JsonNode part : message.value("content")) {
            if (!part.path("type").asString("").equals("text")
                    || !part.path("text").isString()) {
                throw message.wrong("content", "may have parts of the type \"text\" only");
            }
            parts.add(part.path("text").asString());
        }
        return parts;
    }
}
