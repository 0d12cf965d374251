package cogent.data.corpus;

import cogent.data.InputException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * A conversation of one question and its answer, from chat {@code messages} (role, content), ShareGPT
 * {@code conversations} (from, value) or LMSYS' {@code conversation}.
 *
 * @param system the system message, empty when there is none
 * @param user what was asked
 * @param assistant the reply; thinking given apart stands in front of it in {@code <think>}; empty where nobody has replied
 */
record Turns(String system, String user, String assistant) {
    /** The field of a row that holds a conversation. */
    static Optional<String> field(JsonNode row) {
        return Fields.CONVERSATION.stream()
                .filter(name -> row.path(name).isArray())
                .findFirst();
    }

    /** Why there is none, where a field of that name holds something else. */
    static Optional<InputException> unread(JsonNode row) {
        return Fields.CONVERSATION.stream()
                .filter(name -> Fields.has(row, name) && !row.path(name).isArray())
                .map(name -> new InputException("the field \"%s\" cannot be read: %s, not a list of messages"
                        .formatted(name, row.path(name).getNodeType().name().toLowerCase(Locale.ROOT))))
                .findFirst();
    }

    /** Empty when the row holds no conversation; an InputException when it holds another kind of one. */
    static Optional<Turns> of(JsonNode row) {
        return field(row).map(name -> {
            Turns turns = read(row.path(name));
            String system = turns.system.isBlank() ? Fields.only(row, "system") : turns.system;
            return new Turns(
                    system,
                    turns.user,
                    turns.assistant.isBlank() ? "" : Message.reply(Message.thinking(row), turns.assistant));
        });
    }

    /** What the messages of a row say that neither problem nor reply holds. */
    static List<String> unused(JsonNode row, String field) {
        List<String> unused = new ArrayList<>();
        for (JsonNode message : row.path(field)) {
            String role = Message.role(message);
            if (!role.equals("user") && !role.equals("assistant")) {
                unused.add(field + "." + role);
            }
            Set<String> used = new HashSet<>(List.of("role", "from", "content", "value"));
            used.addAll(Message.thinkingFields(message));
            Message.unused(message, used).forEach(name -> unused.add(field + "." + name));
        }
        return unused;
    }

    /** Whether somebody has replied in a conversation. */
    static boolean isAnswered(JsonNode messages) {
        return messages.valueStream().anyMatch(message -> Message.role(message).equals("assistant"));
    }

    static Turns read(JsonNode messages) {
        String system = "";
        List<String> user = new ArrayList<>();
        List<String> assistant = new ArrayList<>();
        for (JsonNode each : messages) {
            Message message = Message.of(each);
            switch (message.role()) {
                case "system", "developer" -> system = message.text();
                case "user" -> user.add(message.text());
                case "assistant" -> {
                    Message.refuseUntrained(each);
                    if (!each.path("tool_calls").isEmpty()
                            || !each.path("function_call").isEmpty()) {
                        throw new InputException("the reply calls tools");
                    }
                    assistant.add(message.reply());
                }
                default -> throw new InputException("unknown role \"" + message.role() + "\" in the conversation");
            }
        }
        if (user.size() != 1 || assistant.size() > 1) {
            throw new InputException("a conversation of %d user and %d assistant turns: expected one of each"
                    .formatted(user.size(), assistant.size()));
        }
        return new Turns(system, user.getFirst(), String.join("", assistant));
    }

    /** The turns of a training row, which is taken literally: a system message may not vanish from it in silence. */
    static Optional<Turns> trained(JsonNode row) {
        Optional<Turns> turns = of(row);
        String system = turns.map(Turns::system).orElseGet(() -> Fields.only(row, "system"));
        if (!system.isBlank()) {
            throw new InputException("a system message: put it into the user's message");
        }
        if (turns.filter(each -> each.assistant.isBlank()).isPresent()) {
            throw new InputException("a conversation without a reply");
        }
        return turns;
    }
}
