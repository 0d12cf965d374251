package cogent.data.corpus;

import cogent.data.InputException;
import cogent.data.Reasoning;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

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
    static final List<String> THINKING = List.of(
            "reasoning_content",
            "reasoning",
            "thinking",
            "thought",
            "thoughts",
            "reasoning_details",
            "thinking_blocks",
            "thinking_content",
            "reasoning_text",
            "reasoning_trace",
            "chain_of_thought",
            "complex_cot",
            "thinking_trajectories",
            "cot");

    /** Some rows tell under these names whether there was thinking or how much, not what. */
    private static final Set<String> SWITCH =
            Set.of("on", "off", "yes", "no", "true", "false", "enabled", "disabled", "none", "low", "medium", "high");

    /** Fields by which a message or row says whether it is to be trained on. */
    private static final List<String> TRAINED =
            List.of("weight", "loss_weight", "loss", "train", "training", "trainable");

    /** @throws InputException when the content is neither text nor parts of text, or is broken */
    public static Message of(JsonNode message) {
        JsonNode content = message.path(message.has("content") ? "content" : "value");
        String apart = thinking(message);
        if (content.isMissingNode()
                && apart.isEmpty()
                && message.path("tool_calls").isEmpty()) {
            throw new InputException("a message without content");
        }
        var text = new StringBuilder();
        List<String> thinking = new ArrayList<>();
        for (JsonNode part : content.isArray() ? content : List.of(content)) {
            if (isThinking(part)) {
                thinking.add(piece(part));
            } else {
                text.append(piece(part));
            }
        }
        return new Message(role(message), once(apart, String.join("\n\n", thinking)), text.toString());
    }

    private static boolean isThinking(JsonNode part) {
        String type = part.path("type").asString("");
        return type.startsWith("thinking")
                || type.startsWith("reasoning")
                || type.startsWith("thought")
                || part.path("thought").asBoolean(false);
    }

    /** @throws InputException for a message or row that says of itself that it is not to be trained on */
    public static void refuseUntrained(JsonNode message) {
        for (String name : TRAINED) {
            String said = message.path(name).asString("").toLowerCase(Locale.ROOT);
            if (said.equals("false") || (!name.equals("loss") && said.matches("[+-]?0+(\\.0*)?"))) {
                throw new InputException(name + " " + said + ": not to be trained on");
            }
        }
    }

    /** @throws InputException for a weight between 0 and 1 or beyond: rows are trained on alike */
    public static void refuseWeighted(JsonNode message) {
        for (String name : List.of("weight", "loss_weight")) {
            JsonNode value = message.path(name);
            if (!value.isMissingNode() && !value.isNull() && !isTrained(value)) {
                throw new InputException(
                        name + " " + value + ": rows are trained on alike, with 1, or not at all, with 0");
            }
        }
    }

    private static boolean isTrained(JsonNode value) {
        return value.asString("").matches("(?i)true|\\+?0*1(\\.0*)?");
    }

    /**
     * What a message or row holds and is not made use of: the fields that are not among those named, say something, and
     * are neither thinking nor a weight of 1.
     */
    public static List<String> unused(JsonNode row, Set<String> used) {
        return row.propertyStream()
                .filter(field -> Fields.has(row, field.getKey()) && !used.contains(field.getKey()))
                .filter(field -> !(TRAINED.contains(field.getKey()) && isTrained(field.getValue())))
                .map(Map.Entry::getKey)
                .toList();
    }

    /** Whether thinking goes by the name of that field. */
    public static boolean isThinking(String field) {
        return THINKING.contains(field);
    }

    /** The fields of a message or row that thinking was read from. */
    public static List<String> thinkingFields(JsonNode row) {
        return THINKING.stream()
                .filter(name -> !apart(row.path(name)).isBlank())
                .toList();
    }

    /** What a row says under {@code chosen_reasoning} and the like, of one of its sides. */
    public static ObjectNode thinkingOf(JsonNode row, String side) {
        ObjectNode apart = JsonNodeFactory.instance.objectNode();
        THINKING.stream()
                .filter(name -> row.has(side + "_" + name))
                .forEach(name -> apart.set(name, row.path(side + "_" + name)));
        return apart;
    }

    /**
     * The chosen reply of a pair with the thinking that stands beside both, where that can only be its own: where it holds
     * the same already, or the rejected one has thinking of its own.
     *
     * @throws InputException where it may be the other's too, or a judge's
     */
    public static String chosen(String thinking, String chosen, String rejected) {
        if (!chosen.contains("</think>") && !rejected.contains("</think>")) {
            throw new InputException("thinking beside chosen and rejected may be either's or a judge's: name it "
                    + "chosen_reasoning, or leave it out");
        }
        return reply(thinking, chosen);
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
     * What the fields beside the content of a message, or beside the reply of a row, say was thought; the same often stands
     * in several.
     *
     * @throws InputException when it is not the same, or cannot be read
     */
    public static String thinking(JsonNode fields) {
        String thinking = "";
        for (String name : THINKING) {
            thinking = once(thinking, apart(fields.path(name)));
        }
        return thinking;
    }

    private static String apart(JsonNode value) {
        if (value.isBoolean() || SWITCH.contains(value.asString("").toLowerCase(Locale.ROOT))) {
            return "";
        }
        List<String> pieces = new ArrayList<>();
        boolean hidden = false;
        for (JsonNode part : value.isArray() ? value : List.of(value)) {
            if (part.path("type").asString("").endsWith(".encrypted")) {
                hidden = true; // beside what can be read it is a signature
            } else {
                pieces.add(piece(part));
            }
        }
        String text = String.join("\n\n", pieces).strip();
        if (hidden && text.isEmpty()) {
            throw new InputException("its thinking is encrypted");
        }
        return text;
    }

    private static String once(String thinking, String other) {
        String one = thinking.replaceAll("\\s+", "");
        String two = other.replaceAll("\\s+", "");
        if (!one.contains(two) && !two.contains(one)) {
            throw new InputException("thinking in two places, and not the same: leave one of them out");
        }
        return one.length() < two.length() ? other : thinking;
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
        String said = Reasoning.withoutEmptyThought(text);
        if (!said.contains("</think>")) {
            return "<think>\n" + thinking.strip() + "\n</think>\n\n" + said;
        }
        once(Reasoning.of(said).thought(), thinking);
        return said;
    }
}
