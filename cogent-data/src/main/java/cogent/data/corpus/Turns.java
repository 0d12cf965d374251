package cogent.data.corpus;

import cogent.data.InputException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * A conversation of one question and one answer, from chat {@code messages} (role, content) or ShareGPT
 * {@code conversations} (from, value).
 *
 * @param system the system message, empty when there is none
 * @param user what was asked
 * @param assistant the reply; thinking given apart ({@code reasoning_content}) stands in front of it in {@code <think>}
 */
record Turns(String system, String user, String assistant) {
    /** Empty when the row holds no conversation; an InputException when it holds another kind of one. */
    static Optional<Turns> of(JsonNode row) {
        if (row.path("messages").isArray()) {
            return Optional.of(read(row.path("messages")));
        }
        if (row.path("conversations").isArray()) {
            return Optional.of(read(row.path("conversations")));
        }
        return Optional.empty();
    }

    static Turns read(JsonNode messages) {
        String system = "";
        List<String> user = new ArrayList<>();
        List<String> assistant = new ArrayList<>();
        for (JsonNode message : messages) {
            String content = content(message);
            switch (role(message)) {
                case "system", "developer" -> system = content;
                case "user", "human" -> user.add(content);
                case "assistant", "gpt", "model" -> assistant.add(content);
                default -> throw new InputException("unknown role \"" + role(message) + "\" in the conversation");
            }
        }
        if (user.size() != 1 || assistant.size() != 1) {
            throw new InputException("a conversation of %d user and %d assistant turns: expected one of each"
                    .formatted(user.size(), assistant.size()));
        }
        return new Turns(system, user.getFirst(), assistant.getFirst());
    }

    /** Training rows are taken literally, so a system message may not vanish from them in silence. */
    void refuseSystem() {
        if (!system.isBlank()) {
            throw new InputException("a system message: put it into the user's message");
        }
    }

    private static String role(JsonNode message) {
        return message.path(message.has("role") ? "role" : "from").asString("").toLowerCase(Locale.ROOT);
    }

    private static String content(JsonNode message) {
        JsonNode value = message.path(message.has("content") ? "content" : "value");
        String text = value.isArray()
                ? String.join(
                        "",
                        value.valueStream()
                                .map(part -> Fields.text(part.path("text")))
                                .toList())
                : Fields.text(value);
        String thinking = Fields.text(message.path("reasoning_content"));
        return thinking.isBlank() ? text : "<think>\n" + thinking + "\n</think>\n" + text;
    }
}
