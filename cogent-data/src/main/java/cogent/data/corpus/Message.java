package cogent.data.corpus;

import cogent.data.InputException;
import cogent.data.Reasoning;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * One message of a conversation, as chat endpoints write it ({@code role}, {@code content} as text or parts) or ShareGPT
 * does ({@code from}, {@code value}). Thinking that stands apart is recognised by any of the names in use.
 *
 * @param role {@code user}, {@code assistant}, {@code system}, … whatever the layout calls them
 * @param thinking empty where there is none apart from the text
 * @param text what was said, thinking in {@code <think>} among it where it was written so
 */
public record Message(String role, String thinking, String text) {
    /** Fields beside the content that hold thinking, of a message or of a whole row. */
    static final List<String> THINKING =
            List.of("reasoning_content", "reasoning", "thinking", "thought", "reasoning_details");

    /** Some rows tell under these names whether there was thinking, not what. */
    private static final Set<String> SWITCH = Set.of("on", "off", "yes", "no", "true", "false");

    private static final Set<String> THINKING_PARTS =
            Set.of("thinking", "reasoning", "thought", "reasoning_content", "reasoning_text");

    /** @throws InputException when the content is neither text nor parts of text, or is broken */
    public static Message of(JsonNode message) {
        JsonNode content = message.path(message.has("content") ? "content" : "value");
        var text = new StringBuilder();
        var thinking = new StringBuilder();
        for (JsonNode part : content.isArray() ? content : List.of(content)) {
            (THINKING_PARTS.contains(part.path("type").asString("")) ? thinking : text).append(piece(part));
        }
        String apart = thinking(message);
        return new Message(role(message), apart.isBlank() ? thinking.toString() : apart, text.toString());
    }

    /** @throws InputException for a message or row that says of itself that it is not to be trained on */
    public static void refuseUntrained(JsonNode message) {
        if (message.path("weight").isNumber() && message.path("weight").asDouble() == 0) {
            throw new InputException("weight 0: not to be trained on");
        }
        for (String name : List.of("train", "training", "trainable")) {
            if (message.path(name).isBoolean() && !message.path(name).asBoolean()) {
                throw new InputException(name + ": false: not to be trained on");
            }
        }
    }

    /** Who speaks, by the names of chat endpoints. */
    public static String role(JsonNode message) {
        String role =
                message.path(message.has("role") ? "role" : "from").asString("").toLowerCase(Locale.ROOT);
        return switch (role) {
            case "human" -> "user";
            case "gpt", "model", "bot" -> "assistant";
            default -> role;
        };
    }

    /** Text, or an object that holds it under the name of its kind. */
    private static String piece(JsonNode part) {
        if (part.isObject()) {
            for (String name : List.of("text", "thinking", "reasoning", "thought", "content", "summary")) {
                if (part.path(name).isString()) {
                    return Fields.text(part.path(name));
                }
            }
            throw new InputException("a part of type \"" + part.path("type").asString("") + "\", which is no text");
        }
        if (part.isString() || part.isNumber() || part.isNull() || part.isMissingNode()) {
            return Fields.text(part);
        }
        throw new InputException("a message holds something that is no text");
    }

    /**
     * What the fields beside the content of a message, or beside the reply of a row, say was thought: the first that says
     * anything; the same often stands in several.
     */
    public static String thinking(JsonNode fields) {
        for (String name : THINKING) {
            JsonNode value = fields.path(name);
            String text = SWITCH.contains(value.asString("").toLowerCase(Locale.ROOT)) ? "" : pieces(value);
            if (!text.isBlank()) {
                return text.strip();
            }
        }
        return "";
    }

    private static String pieces(JsonNode value) {
        if (value.isBoolean()) {
            return "";
        }
        var text = new StringBuilder();
        for (JsonNode part : value.isArray() ? value : List.of(value)) {
            if (!part.path("type").asString("").endsWith(".encrypted")) {
                text.append(piece(part));
            }
        }
        return text.toString();
    }

    /**
     * The whole reply as a student is to write it: the thinking in {@code <think>}, then the text; once where the text
     * holds it already.
     *
     * @throws InputException when the two differ, or thinking is opened and never closed
     */
    public String reply() {
        return reply(thinking, text);
    }

    /** The same of thinking and text that do not stand in one message. */
    public static String reply(String thinking, String text) {
        if (Reasoning.isCutOff(text)) {
            throw new InputException("the reply is cut off: it never reaches </think>");
        }
        if (thinking.isBlank()) {
            return text;
        }
        if (!text.contains("</think>")) {
            return "<think>\n" + thinking.strip() + "\n</think>\n\n" + text;
        }
        if (!Reasoning.of(text).thought().equals(thinking.strip())) {
            throw new InputException("thinking twice, in <think> and apart, and not the same");
        }
        return text;
    }
}
