package cogent.model.text;

import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/**
 * Tokens that steer a model, such as {@code <|im_end|>}, where they stand in a text that somebody wrote: there they are
 * text. A tokenizer would read them as the tokens they look like, so the text is taken apart inside of them before it is
 * encoded. The tags around thinking are the model's own to write and stay tokens.
 */
final class ControlTokens {
    /** Noncharacters, one of which marks where a text is taken apart: the first that it does not hold. */
    private static final char FIRST_MARK = '\uFDD0';

    private static final Pattern CONTROL = Pattern.compile("<[|｜].+[|｜]>", Pattern.DOTALL);

    private final Tokenizer tokenizer;
    private final List<String> tokens;

    ControlTokens(Tokenizer tokenizer) {
        this.tokenizer = tokenizer;
        this.tokens = tokenizer.addedTokens().keySet().stream()
                .filter(token -> token.length() > 1)
                .filter(token ->
                        tokenizer.isSpecial(token) || CONTROL.matcher(token).matches())
                .filter(token -> !token.matches("</?think>"))
                .toList();
    }

    /** Those of them that a text holds. */
    List<String> in(String text) {
        return tokens.stream().filter(text::contains).toList();
    }

    /**
     * The ids of a conversation.
     *
     * @param render makes one text of it
     */
    int[] encode(JsonNode messages, Function<JsonNode, String> render) {
        String said = messages.toString();
        if (in(said).isEmpty()) {
            return tokenizer.encode(render.apply(messages));
        }
        char mark = mark(said);
        List<String> parts = parts(render.apply(marked(messages, mark)), mark);
        return joined(tokenizer.encode(parts.getFirst()), rest(parts));
    }

    /** The ids of a text behind another, as some tokenizers look back. */
    int[] encode(String before, String text) {
        char mark = mark(text);
        List<String> parts = parts(marked(text, mark), mark);
        return joined(behind(before, parts.getFirst()), rest(parts));
    }

    private static char mark(String text) {
        char mark = FIRST_MARK;
        while (text.indexOf(mark) >= 0) {
            mark++;
        }
        return mark;
    }

    private static List<String> parts(String marked, char mark) {
        return List.of(marked.split(String.valueOf(mark), -1));
    }

    private String marked(String text, char mark) {
        String marked = text;
        for (String token : in(text)) {
            marked = marked.replace(token, token.charAt(0) + String.valueOf(mark) + token.substring(1));
        }
        return marked;
    }

    private JsonNode marked(JsonNode messages, char mark) {
        return switch (messages) {
            case ArrayNode list -> {
                ArrayNode marked = list.arrayNode();
                list.forEach(item -> marked.add(marked(item, mark)));
                yield marked;
            }
            case ObjectNode object -> {
                ObjectNode marked = object.objectNode();
                object.properties().forEach(field -> marked.set(field.getKey(), marked(field.getValue(), mark)));
                yield marked;
            }
            case StringNode text -> StringNode.valueOf(marked(text.asString(), mark));
            default -> messages;
        };
    }

    private int[] rest(List<String> parts) {
        return parts.stream().skip(1).map(part -> behind("\n", part)).reduce(new int[0], ControlTokens::joined);
    }

    private int[] behind(String before, String text) {
        int[] head = tokenizer.encode(before);
        int[] all = tokenizer.encode(before + text);
        boolean clean = all.length >= head.length && Arrays.equals(all, 0, head.length, head, 0, head.length);
        return clean ? Arrays.copyOfRange(all, head.length, all.length) : tokenizer.encode(text);
    }

    private static int[] joined(int[] a, int[] b) {
        return IntStream.concat(Arrays.stream(a), Arrays.stream(b)).toArray();
    }
}
