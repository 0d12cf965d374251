package cogent.model.hf;

import cogent.data.InputException;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;

/**
 * Which layers see everything, and which a window: {@code layer_types} says it, older files imply it.
 *
 * @param slide for every layer whether it has a window
 * @param window the positions that these see, themselves included
 */
record LayerKinds(List<Boolean> slide, int window) {
    LayerKinds {
        slide = List.copyOf(slide);
    }

    /** In a family that knows no windows. */
    static LayerKinds full(ConfigValues config, int layers) {
        LayerKinds kinds = of(config, layers, ModelConfig.FULL, _ -> false);
        if (kinds.slide.contains(true)) {
            throw config.unsupported("layer_types");
        }
        return kinds;
    }

    /** None has a window, whatever else they are. */
    static LayerKinds full(int layers) {
        return new LayerKinds(IntStream.range(0, layers).mapToObj(_ -> false).toList(), ModelConfig.FULL);
    }

    /**
     * A window that counts with {@code use_sliding_window} only.
     *
     * @param absent the window where the config has no {@code sliding_window}
     */
    static int switched(ConfigValues config, int absent) {
        return config.flag("use_sliding_window", false) ? config.window(absent) : ModelConfig.FULL;
    }

    /** One window in every layer: a list that says otherwise is refused, as transformers does not read it. */
    static LayerKinds everywhere(ConfigValues config, int layers, int window) {
        LayerKinds kinds = of(config, layers, window, _ -> true);
        if (kinds.slide.contains(window == ModelConfig.FULL)) {
            throw config.unsupported("layer_types");
        }
        return kinds;
    }

    /** @param implied whether a layer has a window, where there is one and {@code layer_types} does not say it */
    static LayerKinds of(ConfigValues config, int layers, int window, IntPredicate implied) {
        JsonNode types = config.json().path("layer_types");
        if (!types.isArray()) {
            IntPredicate slides = window == ModelConfig.FULL ? _ -> false : implied;
            return new LayerKinds(
                    IntStream.range(0, layers).mapToObj(slides::test).toList(), window);
        }
        if (types.size() != layers) {
            throw new InputException("layer_types has " + types.size() + " entries for " + layers + " layers");
        }
        List<Boolean> slide = types.valueStream().map(LayerKinds::slides).toList();
        if (slide.contains(true) && window == ModelConfig.FULL) {
            throw new InputException(
                    "layer_types has sliding_attention, and no sliding_window is given or switched on");
        }
        return new LayerKinds(slide, window);
    }

    private static boolean slides(JsonNode type) {
        return switch (type.asString("")) {
            case "sliding_attention" -> true;
            case "full_attention" -> false;
            default -> throw new InputException("layer_types " + type + " is not supported");
        };
    }

    /** For every layer whether it turns queries and keys, as SmolLM3 says it: 1, despite the key's name, is yes. */
    static List<Boolean> turned(ConfigValues config, int layers) {
        JsonNode list = config.json().path("no_rope_layers");
        if (!config.has("no_rope_layers")) {
            int interval = config.count("no_rope_layer_interval", 4);
            return IntStream.range(0, layers)
                    .mapToObj(layer -> (layer + 1) % interval != 0)
                    .toList();
        }
        if (!list.isArray() || list.size() < layers) {
            throw new InputException(
                    "no_rope_layers must be a list of 0 or 1 for each of " + layers + " layers, not " + list);
        }
        return list.valueStream().limit(layers).map(LayerKinds::isOne).toList();
    }

    private static boolean isOne(JsonNode value) {
        if (!value.isIntegralNumber() || (value.asInt() != 0 && value.asInt() != 1)) {
            throw new InputException("no_rope_layers " + value + " must be 0 or 1");
        }
        return value.asInt() == 1;
    }

    int layers() {
        return slide.size();
    }

    /** How many positions every layer sees. */
    List<Integer> windows() {
        return slide.stream().map(slides -> slides ? window : ModelConfig.FULL).toList();
    }
}
