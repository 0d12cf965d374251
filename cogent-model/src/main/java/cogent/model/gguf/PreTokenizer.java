package cogent.model.gguf;

import cogent.data.InputException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * How text is split before byte-level BPE. llama.cpp has these ways built in under names, so a file states a name; a
 * wrong one would tokenize silently otherwise than the model was trained, hence an unknown way is refused.
 */
final class PreTokenizer {
    private static final String SPLIT = "split ";
    private static final String CONTRACTIONS = "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|";
    private static final String REST = "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
    private static final String UPPER = "[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]";
    private static final String LOWER = "[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]";
    private static final String BEFORE = "[^\\r\\n\\p{L}\\p{N}]?";
    private static final String CONTRACTED = "(?i:'s|'t|'re|'ve|'m|'ll|'d)?";
    private static final String SLASHED = REST.replace("[\\r\\n]*", "[\\r\\n/]*");

    private static final Map<String, String> NAMES = Map.of(
            SPLIT + CONTRACTIONS + "\\p{N}" + REST + " · bytes",
            "qwen2",
            SPLIT + CONTRACTIONS + "\\p{N}{1,3}" + REST + " · bytes",
            "llama-bpe",
            SPLIT + BEFORE + UPPER + "*" + LOWER + "+|" + BEFORE + UPPER + "+" + LOWER + "*|\\p{N}" + SLASHED
                    + " · bytes",
            "tekken",
            SPLIT + BEFORE + UPPER + "*" + LOWER + "+" + CONTRACTED + "|" + BEFORE + UPPER + "+" + LOWER + "*"
                    + CONTRACTED + "|\\p{N}{1,3}" + SLASHED + " · bytes",
            "gpt-4o",
            SPLIT
                    + (CONTRACTIONS + "\\p{N}" + REST)
                            .replace("\\p{L}+", "[\\p{L}\\p{M}]+")
                            .replace("s\\p{L}\\p{N}]+", "s\\p{L}\\p{M}\\p{N}]+")
                    + " · bytes",
            "qwen35",
            "words and bytes",
            "gpt-2",
            "single digits · words and bytes",
            "smollm");

    /** Names that llama.cpp has for the same way. */
    private static final Map<String, String> ALIASES = Map.ofEntries(
            Map.entry("llama3", "llama-bpe"),
            Map.entry("llama-v3", "llama-bpe"),
            Map.entry("dbrx", "llama-bpe"),
            Map.entry("smaug-bpe", "llama-bpe"),
            Map.entry("deepseek-r1-qwen", "qwen2"),
            Map.entry("refact", "smollm"),
            Map.entry("starcoder", "smollm"),
            Map.entry("llama4", "gpt-4o"));

    private static final Set<String> COMPOSING = Set.of("qwen2", "deepseek-r1-qwen", "qwen35");
    private static final Set<String> OF_WHOLE_WORDS = Set.of("llama-bpe", "llama3", "llama-v3", "tekken");

    private static final String AND = " · ";

    /**
     * A way to split text, as a {@code tokenizer.json} says it.
     *
     * @param composes whether text is brought into Unicode's form NFC first
     * @param wholeWords whether a word that is a token is taken whole, whatever its merges ({@code ignore_merges})
     */
    record Way(ObjectNode json, boolean composes, boolean wholeWords) {}

    private PreTokenizer() {}

    /** The way that llama.cpp has under a name; empty where it is not known here. */
    static Optional<Way> of(String name) {
        String known = ALIASES.getOrDefault(name, name);
        return NAMES.entrySet().stream()
                .filter(e -> e.getValue().equals(known))
                .findFirst()
                .map(e -> new Way(json(e.getKey()), COMPOSING.contains(name), OF_WHOLE_WORDS.contains(name)));
    }

    /** All names that are known, sorted. */
    static List<String> names() {
        return Stream.concat(NAMES.values().stream(), ALIASES.keySet().stream())
                .sorted()
                .toList();
    }

    private static ObjectNode json(String way) {
        ObjectNode json = JsonMapper.shared().createObjectNode().put("type", "Sequence");
        ArrayNode steps = json.putArray("pretokenizers");
        for (String step : way.split(AND, -1)) {
            ObjectNode one = steps.addObject();
            if (step.startsWith(SPLIT)) {
                one.put("type", "Split").putObject("pattern").put("Regex", step.substring(SPLIT.length()));
                one.put("behavior", "Isolated").put("invert", false);
            } else if (step.equals("single digits")) {
                one.put("type", "Digits").put("individual_digits", true);
            } else {
                one.put("type", "ByteLevel").put("add_prefix_space", false).put("trim_offsets", false);
                one.put("use_regex", step.startsWith("words"));
            }
        }
        return json;
    }

    static String nameOf(JsonNode preTokenizer, Path file) {
        String way = steps(preTokenizer).stream().map(PreTokenizer::step).collect(Collectors.joining(AND));
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
            case "Split" -> isolated ? SPLIT + node.at("/pattern/Regex").asString("") : node.toString();
            case "Digits" -> single ? "single digits" : node.toString();
            case "ByteLevel" ->
                !plain ? node.toString() : node.path("use_regex").asBoolean(true) ? "words and bytes" : "bytes";
            default -> node.toString();
        };
    }
}
