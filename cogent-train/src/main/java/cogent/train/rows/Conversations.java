package cogent.train.rows;

import cogent.data.InputException;
import cogent.data.Surrogates;
import cogent.data.corpus.Fields;
import cogent.data.corpus.Message;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.NullNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/**
 * Conversations in rows: {@code [{"role", "content"}, …]} as chat endpoints and TRL write them, or {@code from} and
 * {@code value} of ShareGPT.
 */
final class Conversations {
    /** The fields of a message that say who speaks, and what. */
    private static final Set<String> SAID = Set.of("role", "from", "content", "value");

    private Conversations() {}

    /**
     * A row as prompt and replies.
     *
     * @param fields {@code prompt} and {@code completion}, or {@code chosen} and {@code rejected}, besides the row's own
     * @param unused what the row says that no training makes use of
     */
    record Parted(ObjectNode fields, List<String> unused) {
        private static Parted of(ObjectNode fields, ObjectNode row, Set<String> used, String... sides) {
            List<String> unused = new ArrayList<>(Message.unused(row, used));
            for (String side : sides) {
                JsonNode reply = fields.path(side).isArray() ? fields.path(side).path(0) : fields.path(side);
                Set<String> said = new HashSet<>(SAID);
                said.addAll(Message.thinkingFields(reply));
                Message.unused(reply, said).forEach(name -> unused.add(side + "." + name));
            }
            return new Parted(withSystem(fields, row), unused);
        }
    }

    /**
     * A row as {@code prompt} and {@code completion}, whatever its layout: those two, one conversation ({@code messages}
     * or {@code conversations}) whose last reply is trained on, or Alpaca's {@code instruction}, {@code input} and
     * {@code output}, or question and reply by the names that corpora give them; with the system message and the thinking that stand beside them.
     *
     * @throws InputException when the row says twice what is not the same, or holds what cannot be trained on
     */
    static Parted sft(ObjectNode row) {
        refuseOther(row);
        if (row.path("label").isBoolean() && !row.path("label").asBoolean()) {
            throw new InputException("label false: not to be trained on"); // TRL's unpaired preferences
        }
        var used =
                new HashSet<>(Set.of("id", "prompt", "prompt_ids", "completion", "completion_ids", "system", "source"));
        used.addAll(Message.thinkingFields(row));
        ObjectNode parted = row.deepCopy();
        if (!conversation(row).isEmpty() && !has(row, "completion")) {
            used.add(conversation(row));
            ArrayNode messages = messages(row.path(conversation(row)), conversation(row));
            ArrayNode before = before(messages, conversation(row));
            if (has(row, "prompt") && !isAsked(row.path("prompt"), before)) {
                throw new InputException("prompt and messages say different things: leave one of them out");
            }
            parted.set("completion", last(messages));
            parted.set("prompt", before);
        } else {
            ask(parted, row, used);
            if (!has(row, "completion")) {
                Fields.reply(row).ifPresent(name -> {
                    used.add(name);
                    parted.set("completion", row.path(name));
                });
            }
        }
        String thinking = Message.thinking(row);
        if (!thinking.isEmpty() && has(parted, "completion")) {
            parted.put("completion", Message.reply(thinking, reply(parted.path("completion"), "completion")));
        }
        require(parted, row, "prompt", "completion");
        return Parted.of(parted, row, used, "completion");
    }

    /**
     * A row whose sides are whole conversations (TRL's implicit prompt), or stand beside one or beside a question by any
     * of its names, as prompt and replies.
     *
     * @throws InputException when the sides do not begin with the same messages
     */
    static Parted pair(ObjectNode given) {
        ObjectNode row = PairIdioms.plain(given);
        refuseOther(row);
        var used = new HashSet<>(
                Set.of("id", "prompt", "prompt_ids", "system", "beta", "gap", "gap_score", "reward_margin"));
        used.addAll(List.of("chosen", "chosen_ids", "chosen_from", "rejected", "rejected_ids", "rejected_from"));
        ObjectNode parted = row.deepCopy();
        if (row.path("chosen").size() > 1 && row.path("chosen").isArray()) {
            ArrayNode chosen = messages(row.path("chosen"), "chosen");
            ArrayNode rejected = messages(row.path("rejected"), "rejected");
            ArrayNode prompt = before(chosen, "chosen");
            if (!prompt.equals(before(rejected, "rejected")) || !isPrompt(row.path("prompt"), prompt)) {
                throw new InputException("chosen, rejected and prompt do not begin with the same messages");
            }
            parted.set("prompt", prompt);
            parted.set("chosen", last(chosen));
            parted.set("rejected", last(rejected));
        } else if (!has(row, "prompt") && !conversation(row).isEmpty()) {
            used.add(conversation(row));
            parted.set("prompt", row.path(conversation(row)));
        } else {
            ask(parted, row, used);
        }
        for (String side : List.of("chosen", "rejected")) {
            ObjectNode apart = Message.thinkingOf(row, side);
            String thinking = Message.thinking(apart);
            if (!thinking.isEmpty() && parted.hasNonNull(side)) {
                Message.thinkingFields(apart).forEach(name -> used.add(side + "_" + name));
                parted.put(side, Message.reply(thinking, reply(parted.path(side), side)));
            }
        }
        String beside = Message.thinking(row);
        if (!beside.isEmpty() && parted.hasNonNull("chosen") && parted.hasNonNull("rejected")) {
            used.addAll(Message.thinkingFields(row));
            String rejected = reply(parted.path("rejected"), "rejected");
            parted.put("chosen", Message.chosen(beside, reply(parted.path("chosen"), "chosen"), rejected));
        }
        require(parted, row, "prompt", "chosen", "rejected");
        return Parted.of(parted, row, used, "chosen", "rejected");
    }

    private static void require(ObjectNode parted, ObjectNode row, String... names) {
        for (String name : names) {
            if (!has(parted, name)) {
                throw new InputException("no " + name + " and no " + name + "_ids; the row has "
                        + String.join(", ", row.propertyNames()));
            }
        }
    }

    /** What asks by another name is the prompt; Alpaca's {@code instruction} with its {@code input}. */
    private static void ask(ObjectNode parted, ObjectNode row, Set<String> used) {
        if (has(row, "prompt")) {
            return;
        }
        Fields.question(row).ifPresent(name -> {
            used.add(name);
            parted.set("prompt", row.path(name));
            if (name.equals("instruction") && Fields.has(row, "input")) {
                used.add("input");
                parted.put("prompt", row.path(name).asString("") + "\n\n" + Fields.only(row, "input"));
            }
        });
    }

    /** The prompt behind the system message that stands in a field of its own. */
    private static ObjectNode withSystem(ObjectNode parted, ObjectNode row) {
        String system = Fields.only(row, "system");
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
        return parted.set("prompt", messages);
    }

    /** What a row may hold and no training here makes use of must not vanish in silence. */
    private static void refuseOther(ObjectNode row) {
        refuseBroken(row);
        Message.refuseUntrained(row);
        Message.refuseWeighted(row);
        for (String name :
                List.of("tools", "functions", "history", "image", "images", "audio", "audios", "video", "videos")) {
            if (Fields.has(row, name) && !row.path(name).asString("").equals("[]")) {
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
        if (!value.isArray()
                || value.isEmpty()
                || value.valueStream().anyMatch(each -> Message.role(each).isEmpty())) {
            throw new InputException(name + " is not a list of messages with a role each");
        }
        ArrayNode messages = JsonNodeFactory.instance.arrayNode();
        value.forEach(each -> messages.add(message(each)));
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
        if (!given.path("tool_calls").isEmpty() || !given.path("function_call").isEmpty()) {
            throw new InputException(name + " calls tools, which cannot be trained on");
        }
        Message.refuseUntrained(given);
        Message.refuseWeighted(given);
        if (message.text().isBlank()
                || (name.equals("rejected") && message.thinking().isBlank())) {
            return message.text().strip();
        }
        return message.reply();
    }

    /** One message as chat templates know it: its content one text, thinking apart as {@code reasoning_content}. */
    private static JsonNode message(JsonNode given) {
        Message read = Message.of(given);
        ObjectNode message = JsonNodeFactory.instance.objectNode().put("role", read.role());
        boolean content = given.hasNonNull("content") || given.hasNonNull("value");
        message.set("content", content ? StringNode.valueOf(read.text()) : NullNode.getInstance());
        if (!read.thinking().isEmpty()) {
            message.put("reasoning_content", read.thinking());
        }
        given.properties().stream()
                .filter(field -> !SAID.contains(field.getKey()) && !Message.isThinking(field.getKey()))
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

    /** The field that holds a conversation, or an empty name. */
    private static String conversation(ObjectNode row) {
        return Fields.CONVERSATION.stream()
                .filter(name -> row.path(name).isArray())
                .findFirst()
                .orElse("");
    }

    private static boolean has(ObjectNode row, String name) {
        return row.hasNonNull(name) || row.hasNonNull(name + "_ids");
    }
}
