package cogent.model.gguf;

import cogent.data.InputException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/**
 * How text is split before byte-level BPE. llama.cpp has these ways built in under names, so a file states a name; a
 * wrong one would tokenize silently otherwise than the model was trained, hence an unknown way is refused.
 */
final class PreTokenizer {
    private static final String CONTRACTIONS = "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|";
    private static final String REST = "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
    private static final String UPPER = "[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]";
    private static final String LOWER = "[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]";
    private static final String BEFORE = "[^\\r\\n\\p{L}\\p{N}]?";

    private static final Map<String, String> NAMES = Map.of(
            "split " + CONTRACTIONS + "\\p{N}" + REST + " · bytes",
            "qwen2",
            "split " + CONTRACTIONS + "\\p{N}{1,3}" + REST + " · bytes",
            "llama-bpe",
            "split " + BEFORE + UPPER + "*" + LOWER + "+|" + BEFORE + UPPER + "+" + LOWER + "*|\\p{N}"
                    + REST.replace("[\\r\\n]*", "[\\r\\n/]*") + " · bytes",
            "tekken",
            "words and bytes",
            "gpt-2",
            "single digits · words and bytes",
            "smollm");

    private PreTokenizer() {}

    static String nameOf(JsonNode preTokenizer, Path file) {
        String way = steps(preTokenizer).stream().map(PreTokenizer::step).collect(Collectors.joining(" · "));
        return Optional.ofNullable(NAMES.get(way))
                .orElseThrow(
                        () -> new InputException(file + ": llama.cpp has no name that is known here for the way this"
                                + " tokenizer splits text (" + way + "); known are those of "
                                + NAMES.values().stream().sorted().collect(Collectors.joining(", "))));
    }

    private static List<JsonNode> steps(JsonNode node) {
        if (!node.path("type").asString("").equals("Sequence")) {
            return List.of(node);
        }
        List<JsonNode> steps = new ArrayList<>();
        node.path("pretokenizers").forEach(steps::add);
        return steps;
    }

    private static String step(JsonNode node) {
        boolean isolated = node.path("behavior").asString("").equals("Isolated")
                && !node.path("invert").asBoolean(false);
        boolean single = node.path("individual_digits").asBoolean(false);
        boolean plain = !node.path("add_prefix_space").asBoolean(true);
        return switch (node.path("type").asString("")) {
            case "Split" -> isolated ? "split " + node.at("/pattern/Regex").asString("") : node.toString();
            case "Digits" -> single ? "single digits" : node.toString();
            case "ByteLevel" ->
                !plain ? node.toString() : node.path("use_regex").asBoolean(true) ? "words and bytes" : "bytes";
            default -> node.toString();
        };
    }
}
