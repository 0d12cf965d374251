package cogent.train.rows;

import cogent.data.InputException;
import cogent.data.Surrogates;
import cogent.data.corpus.Message;
import java.util.List;
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
     * A row as {@code prompt} and {@code completion}, whatever its layout: those two, one conversation ({@code messages}
     * or {@code conversations}) whose last reply is trained on, or Alpaca's {@code instruction}, {@code input} and
     * {@code output}; with the system message and the thinking that stand beside them.
     *
     * @throws InputException when the row says twice what is not the same, or holds what cannot be trained on
     */
    static ObjectNode sft(ObjectNode row) {
        refuseOther(row);
        JsonNode all = conversation(row);
        ObjectNode parted = alpaca(row, "completion", "output");
        if (!all.isMissingNode() && !has(row, "completion")) {
            ArrayNode messages = messages(all, "messages");
            ArrayNode before = before(messages, "messages");
            if (has(row, "prompt") && !isAsked(row.path("prompt"), before)) {
                throw new InputException("prompt and messages say different things: leave one of them out");
            }
            parted = row.deepCopy();
            parted.set("completion", last(messages));
            parted.set("prompt", before);
        }
        String thinking = Message.thinking(row);
        if (!thinking.isEmpty() && has(parted, "completion")) {
            parted = parted.deepCopy();
            parted.put("completion", Message.reply(thinking, reply(parted.path("completion"), "completion")));
        }
        return withSystem(parted, row);
    }

    /**
     * A row whose sides are whole conversations (TRL's implicit prompt), or stand beside one or beside Alpaca's
     * {@code instruction}, as prompt and replies.
     *
     * @throws InputException when the sides do not begin with the same messages
     */
    static ObjectNode pair(ObjectNode row) {
        refuseOther(row);
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
            return withSystem(parted, row);
        }
        JsonNode all = conversation(row);
        if (all.isMissingNode() || has(row, "prompt")) {
            return withSystem(alpaca(row, "chosen", "chosen"), row);
        }
        ObjectNode parted = row.deepCopy();
        parted.set("prompt", all);
        return withSystem(parted, row);
    }

    /** Alpaca's fields under our names; other rows as they are. */
    private static ObjectNode alpaca(ObjectNode row, String name, String field) {
        if (has(row, "prompt") || !row.path("instruction").isString() || !row.hasNonNull(field)) {
            return row;
        }
        String input = row.path("input").asString("");
        ObjectNode parted = row.deepCopy();
        parted.put("prompt", row.path("instruction").asString() + (input.isBlank() ? "" : "\n\n" + input));
        parted.set(name, row.get(field));
        return parted;
    }

    /** The prompt behind the system message that stands in a field of its own. */
    private static ObjectNode withSystem(ObjectNode parted, ObjectNode row) {
        String system = row.path("system").asString("");
        if (system.isBlank() || !parted.hasNonNull("prompt")) {
            return parted;
        }
        ArrayNode messages = JsonNodeFactory.instance.arrayNode();
        messages.addObject().put("role", "system").put("content", system);
        JsonNode prompt = parted.get("prompt");
        if (prompt.isString()) {
            messages.addObject().put("role", "user").set("content", prompt);
        } else {
            ArrayNode given = messages(prompt, "prompt");
            JsonNode first = given.get(0);
            if (first.path("role").asString("").equals("system")) {
                if (!first.path("content").asString("").strip().equals(system.strip())) {
                    throw new InputException("two system messages that are not the same");
                }
                return parted;
            }
            messages.addAll(given);
        }
        ObjectNode whole = parted.deepCopy();
        whole.set("prompt", messages);
        return whole;
    }

    /** What a row may hold and no training here makes use of must not vanish in silence. */
    private static void refuseOther(ObjectNode row) {
        refuseBroken(row);
        Message.refuseUntrained(row);
        for (String name :
                List.of("tools", "functions", "history", "image", "images", "audio", "audios", "video", "videos")) {
            JsonNode value = row.path(name);
            if (!value.isNull()
                    && (value.isContainer()
                            ? !value.isEmpty()
                            : !value.asString("").isBlank())) {
                throw new InputException("has " + name + ", which cannot be trained on");
            }
        }
    }

    private static void refuseBroken(JsonNode value) {
        if (value.isString()) {
            Surrogates.whole(value.asString());
        } else {
            value.forEach(Conversations::refuseBroken);
        }
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
        if (value.isString()) {
            // what a model left unfinished may be a rejected side, and nothing that is learnt
            return name.equals("rejected") ? value.asString() : Message.reply("", value.asString());
        }
        JsonNode given = value.isArray() && value.size() == 1 ? value.get(0) : value;
        Message message = Message.of(given);
        if (!message.role().equals("assistant")) {
            throw new InputException(name + " is not one message of the assistant");
        }
        if (!given.path("tool_calls").isEmpty()) {
            throw new InputException(name + " calls tools, which cannot be trained on");
        }
        Message.refuseUntrained(given);
        return message.text().isBlank() ? "" : message.reply();
    }

    private static JsonNode message(JsonNode given) {
        if (!(given instanceof ObjectNode)
                || given.has("role")
                || !given.path("from").isString()) {
            return given;
        }
        ObjectNode message = JsonNodeFactory.instance.objectNode().put("role", Message.role(given));
        message.set("content", given.path("value"));
        given.properties().stream()
                .filter(field ->
                        !field.getKey().equals("from") && !field.getKey().equals("value"))
                .forEach(field -> message.set(field.getKey(), field.getValue()));
        return message;
    }

    /** Whether a prompt that stands beside a conversation is one of its questions, or all that came before the reply. */
    private static boolean isAsked(JsonNode prompt, ArrayNode before) {
        return prompt.isString()
                ? before.valueStream()
                        .anyMatch(message -> message.path("content")
                                .asString("")
                                .strip()
                                .equals(prompt.asString().strip()))
                : messages(prompt, "prompt").equals(before);
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
