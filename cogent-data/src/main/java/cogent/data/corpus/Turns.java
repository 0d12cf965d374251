package cogent.data.corpus;

import cogent.data.InputException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * A conversation of one question and one answer, from chat {@code messages} (role, content) or ShareGPT
 * {@code conversations} (from, value).
 *
 * @param system the system message, empty when there is none
 * @param user what was asked
 * @param assistant the reply; thinking given apart stands in front of it in {@code <think>}
 */
record Turns(String system, String user, String assistant) {
    private static final List<String> FIELDS = List.of("messages", "conversations");

    /** Whether the row holds a conversation. */
    static boolean isIn(JsonNode row) {
        return FIELDS.stream().anyMatch(name -> row.path(name).isArray());
    }

    /** Empty when the row holds no conversation; an InputException when it holds another kind of one. */
    static Optional<Turns> of(JsonNode row) {
        for (String name : FIELDS) {
            if (row.path(name).isArray()) {
                Turns turns = read(row.path(name));
                String system = turns.system.isBlank() ? Fields.text(row.path("system")) : turns.system;
                return Optional.of(
                        new Turns(system, turns.user, Message.reply(Message.thinking(row), turns.assistant)));
            }
        }
        return Optional.empty();
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
                    assistant.add(message.reply());
                }
                default -> throw new InputException("unknown role \"" + message.role() + "\" in the conversation");
            }
        }
        if (user.size() != 1 || assistant.size() != 1) {
            throw new InputException("a conversation of %d user and %d assistant turns: expected one of each"
                    .formatted(user.size(), assistant.size()));
        }
        return new Turns(system, user.getFirst(), assistant.getFirst());
    }

    /** The turns of a training row, which is taken literally: a system message may not vanish from it in silence. */
    static Optional<Turns> trained(JsonNode row) {
        Optional<Turns> turns = of(row);
        String system = turns.map(Turns::system).orElseGet(() -> Fields.text(row.path("system")));
        if (!system.isBlank()) {
            throw new InputException("a system message: put it into the user's message");
        }
        return turns;
    }
}
