package cogent.model.hf;

import cogent.data.InputException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * What an architecture fixes that its config does not say.
 *
 * @param alwaysQkvBias Qwen2 has these biases without a key for them
 * @param headDim what an absent {@code head_dim} means; 0 = hidden size / heads
 * @param sliding whether it knows windows at all, and when they count
 * @param positions what an absent {@code max_position_embeddings} means
 */
record Family(boolean alwaysQkvBias, boolean biasKeys, boolean qkNorm, int headDim, Sliding sliding, int positions) {
    /** Attention that sees only the last positions. */
    enum Sliding {
        NEVER,
        /** Only with {@code use_sliding_window}, from {@code max_window_layers} on. */
        SWITCHED,
        /** In all layers unless null; an absent key means 4096. */
        ALWAYS
    }

    private static final Map<String, Family> ALL = Map.of(
            "Qwen2ForCausalLM", new Family(true, false, false, 0, Sliding.SWITCHED, 32_768),
            "Qwen3ForCausalLM", new Family(false, true, true, 128, Sliding.SWITCHED, 32_768),
            "LlamaForCausalLM", new Family(false, true, false, 0, Sliding.NEVER, 2048),
            "MistralForCausalLM", new Family(false, false, false, 0, Sliding.ALWAYS, 131_072));

    /** @throws InputException when it is not one that {@code Decoder} computes */
    static Family of(String architecture) {
        Family family = ALL.get(architecture);
        if (family == null) {
            throw new InputException("architecture " + architecture + " is not supported; supported are "
                    + String.join(", ", ALL.keySet().stream().sorted().toList()));
        }
        return family;
    }

    /** The layers' windows, {@code full} where they see everything: {@code layer_types} says it, older files imply it. */
    List<Integer> windows(ConfigValues config, int layers, int full) {
        int window = switch (sliding) {
            case NEVER -> full;
            case SWITCHED -> config.flag("use_sliding_window", false) ? config.count("sliding_window", full) : full;
            case ALWAYS -> config.json().has("sliding_window") ? config.count("sliding_window", full) : 4096;
        };
        double from = sliding == Sliding.SWITCHED ? config.number("max_window_layers", 28) : 0;
        List<Integer> windows = new ArrayList<>(Collections.nCopies(layers, full));
        JsonNode types = config.json().path("layer_types");
        if (types.isArray() && types.size() != layers) {
            throw new InputException("layer_types has " + types.size() + " entries for " + layers + " layers");
        }
        for (int i = 0; i < layers; i++) {
            if (types.isArray() ? slides(types.get(i)) : i >= from) {
                windows.set(i, window);
            }
        }
        return windows;
    }

    private boolean slides(JsonNode type) {
        boolean slides = type.asString("").equals("sliding_attention");
        if (slides ? sliding == Sliding.NEVER : !type.asString("").equals("full_attention")) {
            throw new InputException("layer_types " + type + " is not supported");
        }
        return slides;
    }
}
