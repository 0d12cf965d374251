package cogent.serve;

import cogent.llm.ChatReply;
import cogent.llm.openai.Wire;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** The answers to one request, as OpenAI writes them: whole, or in chunks under the same id. */
final class Completion {
    private final String id = "chatcmpl-" + UUID.randomUUID();
    private final long created = System.currentTimeMillis() / 1000;
    private final String model;

    Completion(String model) {
        this.model = model;
    }

    ObjectNode whole(List<ChatReply> replies) {
        ObjectNode body = body("chat.completion");
        var choices = body.putArray("choices");
        for (int i = 0; i < replies.size(); i++) {
            ChatReply reply = replies.get(i);
            ObjectNode choice = choices.addObject().put("index", i);
            ObjectNode message =
                    choice.putObject("message").put("role", "assistant").put("content", reply.text());
            if (!reply.reasoning().isEmpty()) {
                message.put("reasoning_content", reply.reasoning());
            }
            choice.put("finish_reason", finish(reply.finish()));
        }
        body.set("usage", counts(replies));
        return body;
    }

    /** @param counted whether the stream will end with the counts: then every other chunk says that it has none */
    ObjectNode piece(int index, String text, boolean counted) {
        return chunk(index, text, null, counted);
    }

    ObjectNode end(int index, ChatReply.Finish finish, boolean counted) {
        return chunk(index, null, finish(finish), counted);
    }

    ObjectNode usage(List<ChatReply> replies) {
        ObjectNode body = body("chat.completion.chunk");
        body.putArray("choices");
        body.set("usage", counts(replies));
        return body;
    }

    private ObjectNode chunk(int index, @Nullable String text, @Nullable String finish, boolean counted) {
        ObjectNode body = body("chat.completion.chunk");
        ObjectNode choice = body.putArray("choices").addObject().put("index", index);
        ObjectNode delta = choice.putObject("delta");
        if (text != null) {
            delta.put("role", "assistant").put("content", text);
        }
        choice.put("finish_reason", finish);
        if (counted) {
            body.putNull("usage");
        }
        return body;
    }

    private ObjectNode body(String object) {
        return Wire.JSON
                .createObjectNode()
                .put("id", id)
                .put("object", object)
                .put("created", created)
                .put("model", model);
    }

    private static String finish(ChatReply.Finish finish) {
        return switch (finish) {
            case STOP, OTHER -> "stop";
            case LENGTH -> "length";
            case CONTENT_FILTER -> "content_filter";
        };
    }

    /** The prompt counts once, the replies all. */
    private static ObjectNode counts(List<ChatReply> replies) {
        long prompt = replies.getFirst().usage().promptTokens();
        long completion = replies.stream()
                .mapToLong(reply -> reply.usage().completionTokens())
                .sum();
        ObjectNode counts = Wire.JSON
                .createObjectNode()
                .put("prompt_tokens", prompt)
                .put("completion_tokens", completion)
                .put("total_tokens", prompt + completion);
        counts.putObject("completion_tokens_details")
                .put(
                        "reasoning_tokens",
                        replies.stream()
                                .mapToLong(reply -> reply.usage().reasoningTokens())
                                .sum());
        return counts;
    }
}
