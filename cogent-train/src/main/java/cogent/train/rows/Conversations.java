package cogent.train.rows;

import cogent.data.InputException;
import java.util.Locale;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Conversations in rows: {@code [{"role", "content"}, …]} as chat endpoints and TRL write them, or {@code from} and
 * {@code value} of ShareGPT.
 */
final class Conversations {
    private Conversations() {}

    /**
     * A row that is one conversation ({@code messages} or {@code conversations}) as its last reply, which is trained on,
     * and what came before it. Other rows as they are.
     */
    static ObjectNode sft(ObjectNode row) {
        JsonNode all = conversation(row);
        if (all.isMissingNode() || has(row, "prompt") || has(row, "completion")) {
            return row;
        }
        ArrayNode messages = messages(all, "messages");
        ObjectNode parted = row.deepCopy();
        parted.set("completion", last(messages));
        parted.set("prompt", before(messages, "messages"));
        return parted;
    }

    /**
     * A row whose sides are whole conversations (TRL's implicit prompt), or stand beside one, as prompt and replies.
     *
     * @throws InputException when the sides do not begin with the same messages
     */
    static ObjectNode pair(ObjectNode row) {
        if (row.path("chosen").size() > 1 && row.path("chosen").isArray()) {
            ArrayNode chosen = messages(row.path("chosen"), "chosen");
            ArrayNode rejected = messages(row.path("rejected"), "rejected");
            ArrayNode prompt = before(chosen, "chosen");
            if (!prompt.equals(before(rejected, "rejected")) || !isPrompt(row.path("prompt"), prompt)) {
                throw new InputException("chosen, rejected and prompt do not begin with the same messages");
            }
            ObjectNode parted = row.deepCopy();
            parted.set("prompt", prompt);
            parted.set("chosen", last(chosen));
            parted.set("rejected", last(rejected));
            return parted;
        }
        JsonNode all = conversation(row);
        if (all.isMissingNode() || has(row, "prompt")) {
            return row;
        }
        ObjectNode parted = row.deepCopy();
        parted.set("prompt", all);
        return parted;
    }

    /**
     * The messages with {@code role} and {@code content}, whatever their layout.
     *
     * @param name of the field, for what is said of a bad one
     */
    static ArrayNode messages(JsonNode value, String name) {
        ArrayNode messages = JsonNodeFactory.instance.arrayNode();
        value.forEach(message -> messages.add(message(message)));
        if (!value.isArray()
                || messages.isEmpty()
                || !messages.valueStream().allMatch(m -> m.path("role").isString())) {
            throw new InputException(name + " is not a list of messages with a role each");
        }
        return messages;
    }

    /**
     * The text of one message of the assistant. Thinking that is given apart stands before it in {@code <think>}, as the
     * model is to write it.
     */
    static String reply(JsonNode value, String name) {
        JsonNode message = message(value.isArray() && value.size() == 1 ? value.get(0) : value);
        if (!message.path("role").asString("").equals("assistant")) {
            throw new InputException(name + " is not one message of the assistant");
        }
        if (!message.path("tool_calls").isEmpty()) {
            throw new InputException(name + " calls tools, which cannot be trained on");
        }
        String thinking = message.path("reasoning_content").asString("").strip();
        String text = content(message.path("content"), name);
        return thinking.isEmpty() ? text : "<think>\n" + thinking + "\n</think>\n\n" + text;
    }

    private static String content(JsonNode content, String name) {
        StringBuilder text = new StringBuilder();
        for (JsonNode part : content.isArray()
                ? content
                : JsonNodeFactory.instance.arrayNode().add(content)) {
            JsonNode piece = part.isObject() ? part.path("text") : part;
            if (!piece.isString()) {
                throw new InputException(name + " holds something that is no text");
            }
            text.append(piece.asString());
        }
        return text.toString();
    }

    private static JsonNode message(JsonNode given) {
        if (!(given instanceof ObjectNode)
                || given.has("role")
                || !given.path("from").isString()) {
            return given;
        }
        String from = given.path("from").asString().toLowerCase(Locale.ROOT);
        return JsonNodeFactory.instance
                .objectNode()
                .put(
                        "role",
                        switch (from) {
                            case "human" -> "user";
                            case "gpt", "model" -> "assistant";
                            default -> from;
                        })
                .set("content", given.path("value"));
    }

    private static boolean isPrompt(JsonNode given, ArrayNode messages) {
        return given.isMissingNode()
                || given.isNull()
                || (given.isString()
                        ? given.equals(messages.get(messages.size() - 1).path("content"))
                        : messages(given, "prompt").equals(messages));
    }

    private static ArrayNode before(ArrayNode messages, String name) {
        if (messages.size() < 2) {
            throw new InputException(name + " holds no message before the reply");
        }
        ArrayNode before = messages.deepCopy();
        before.remove(messages.size() - 1);
        return before;
    }

    private static ArrayNode last(ArrayNode messages) {
        return JsonNodeFactory.instance.arrayNode().add(messages.get(messages.size() - 1));
    }

    private static JsonNode conversation(ObjectNode row) {
        return row.path(row.path("messages").isArray() ? "messages" : "conversations");
    }

    private static boolean has(ObjectNode row, String name) {
        return row.hasNonNull(name) || row.hasNonNull(name + "_ids");
    }
}
