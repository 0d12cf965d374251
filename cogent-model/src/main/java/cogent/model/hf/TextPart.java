package cogent.model.hf;

import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The language model in a checkpoint that also sees: it is read alone, and saved as the text model that it then is. */
final class TextPart {
    private static final String SEES = "Qwen3_5ForConditionalGeneration";
    private static final String TEXT = "Qwen3_5ForCausalLM";
    private static final String INNER = "model.language_model.";
    private static final String VISION = "model.visual.";

    private TextPart() {}

    /** Its config where it lies in another, else the config as it is. */
    static JsonNode of(JsonNode config) {
        JsonNode architectures = config.path("architectures");
        if (!architectures.isArray()
                || architectures.size() != 1
                || !architectures.get(0).asString("").equals(SEES)) {
            return config;
        }
        ObjectNode text = (ObjectNode)
                new ConfigValues("", config).object("text_config").json().deepCopy();
        text.putArray("architectures").add(TEXT);
        text.put("model_type", "qwen3_5_text");
        for (String key : new String[] {"tie_word_embeddings", "dtype", "torch_dtype", "quantization_config"}) {
            if (config.hasNonNull(key) && !text.hasNonNull(key) && !(key.endsWith("dtype") && hasDtype(text))) {
                text.set(key, config.get(key));
            }
        }
        return text;
    }

    private static boolean hasDtype(JsonNode config) {
        return config.hasNonNull("dtype") || config.hasNonNull("torch_dtype");
    }

    /** Its weights by the names that a text model has; what sees is left out. */
    static <T> Map<String, T> weights(Map<String, T> found) {
        if (found.keySet().stream().noneMatch(name -> name.startsWith(INNER))) {
            return found;
        }
        Map<String, T> text = new TreeMap<>();
        found.forEach((name, weight) -> {
            if (!name.startsWith(VISION)) {
                text.put(name.startsWith(INNER) ? "model." + name.substring(INNER.length()) : name, weight);
            }
        });
        return text;
    }
}
