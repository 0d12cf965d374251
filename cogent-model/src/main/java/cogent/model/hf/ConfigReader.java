package cogent.model.hf;

import cogent.data.InputException;
import cogent.model.tensor.DType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** Reads a config.json; refuses by name what {@code Decoder} does not do, so that nothing is half-loaded. */
final class ConfigReader {
    /**
     * What an architecture fixes that its config does not say.
     *
     * @param alwaysQkvBias Qwen2 has these biases without a key for them
     * @param headDim what an absent {@code head_dim} means; 0 = hidden size / heads
     * @param sliding whether it knows windows at all, and when they count
     */
    private record Family(boolean alwaysQkvBias, boolean biasKeys, boolean qkNorm, int headDim, Sliding sliding) {}

    private enum Sliding {
        NEVER,
        /** Only with {@code use_sliding_window}, from {@code max_window_layers} on. */
        SWITCHED,
        /** In all layers unless null; an absent key means 4096. */
        ALWAYS
    }

    private static final Map<String, Family> FAMILIES = Map.of(
            "Qwen2ForCausalLM", new Family(true, false, false, 0, Sliding.SWITCHED),
            "Qwen3ForCausalLM", new Family(false, true, true, 128, Sliding.SWITCHED),
            "LlamaForCausalLM", new Family(false, true, false, 0, Sliding.NEVER),
            "MistralForCausalLM", new Family(false, false, false, 0, Sliding.ALWAYS));

    private static final Map<String, DType> DTYPES =
            Map.of("float32", DType.F32, "bfloat16", DType.BF16, "float16", DType.F16);

    private static final List<String> UNSUPPORTED = List.of(
            "quantization_config", "num_experts", "num_local_experts", "logit_softcapping", "attn_logit_softcapping");

    private static final int MOST_LAYERS = 4096;

    private final JsonNode json;

    ConfigReader(JsonNode json) {
        this.json = json;
    }

    static String name(DType dtype) {
        return DTYPES.entrySet().stream()
                .filter(e -> e.getValue() == dtype)
                .map(Map.Entry::getKey)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("weights are not stored as " + dtype));
    }

    ModelConfig read() {
        if (!json.isObject()) {
            throw new InputException("not a JSON object");
        }
        JsonNode architectures = json.path("architectures");
        String architecture = architectures.isArray() && architectures.size() == 1
                ? architectures.get(0).asString()
                : "model_type " + json.path("model_type").asString("missing");
        Family family = FAMILIES.get(architecture);
        if (family == null) {
            throw new InputException("architecture " + architecture + " is not supported; supported are "
                    + String.join(", ", FAMILIES.keySet().stream().sorted().toList()));
        }
        for (String key : UNSUPPORTED) {
            if (json.hasNonNull(key)) {
                throw unsupported(key, json.get(key));
            }
        }
        String activation = json.path("hidden_act").asString("silu");
        if (!activation.equals("silu")) {
            throw unsupported("hidden_act", json.get("hidden_act"));
        }
        if (json.path("attention_dropout").asDouble(0) != 0) {
            throw unsupported("attention_dropout", json.get("attention_dropout"));
        }
        if (json.path("partial_rotary_factor").asDouble(1) != 1) {
            throw unsupported("partial_rotary_factor", json.get("partial_rotary_factor"));
        }
        int hidden = required("hidden_size");
        int heads = required("num_attention_heads");
        int kvHeads = json.hasNonNull("num_key_value_heads") ? required("num_key_value_heads") : heads;
        if (heads % kvHeads != 0) {
            throw new InputException(
                    "num_attention_heads %d is not a multiple of num_key_value_heads %d".formatted(heads, kvHeads));
        }
        int headDim = json.hasNonNull("head_dim")
                ? required("head_dim")
                : family.headDim() > 0 ? family.headDim() : hidden / heads;
        if (!json.hasNonNull("head_dim") && family.headDim() == 0 && hidden % heads != 0) {
            throw new InputException(
                    "hidden_size %d is not a multiple of num_attention_heads %d, and there is no head_dim"
                            .formatted(hidden, heads));
        }
        if (headDim % 2 != 0) {
            throw new InputException("head_dim " + headDim + " is odd: rotary positions need pairs");
        }
        int layers = required("num_hidden_layers");
        if (layers > MOST_LAYERS) {
            throw unsupported("num_hidden_layers", json.get("num_hidden_layers"));
        }
        int maxPositions = integer("max_position_embeddings", 2048);
        boolean attentionBias = family.biasKeys() && json.path("attention_bias").asBoolean(false);
        return new ModelConfig(
                architecture,
                required("vocab_size"),
                hidden,
                required("intermediate_size"),
                layers,
                heads,
                kvHeads,
                headDim,
                json.path("rms_norm_eps").asDouble(1e-6),
                Rope.of(RopeSettings.of(json), headDim, maxPositions),
                json.path("tie_word_embeddings").asBoolean(false),
                family.alwaysQkvBias() || attentionBias,
                attentionBias,
                family.biasKeys() && json.path("mlp_bias").asBoolean(false),
                family.qkNorm(),
                windows(family, layers),
                maxPositions,
                json.path("initializer_range").asDouble(0.02),
                dtype(),
                json);
    }

    /** The layers' windows: {@code layer_types} says it, older files imply it. */
    private List<Integer> windows(Family family, int layers) {
        int window = switch (family.sliding()) {
            case NEVER -> ModelConfig.FULL;
            case SWITCHED ->
                json.path("use_sliding_window").asBoolean(false)
                        ? integer("sliding_window", ModelConfig.FULL)
                        : ModelConfig.FULL;
            case ALWAYS -> json.has("sliding_window") ? integer("sliding_window", ModelConfig.FULL) : 4096;
        };
        int from = family.sliding() == Sliding.SWITCHED
                ? json.path("max_window_layers").asInt(28)
                : 0;
        List<Integer> windows = new ArrayList<>(Collections.nCopies(layers, ModelConfig.FULL));
        JsonNode types = json.path("layer_types");
        if (types.isArray() && types.size() != layers) {
            throw new InputException("layer_types has " + types.size() + " entries for " + layers + " layers");
        }
        for (int i = 0; i < layers; i++) {
            boolean sliding = i >= from;
            if (types.isArray()) {
                sliding = switch (types.get(i).asString()) {
                    case "full_attention" -> false;
                    case "sliding_attention" -> {
                        if (family.sliding() == Sliding.NEVER) {
                            throw unsupported("layer_types", types.get(i));
                        }
                        yield true;
                    }
                    default -> throw unsupported("layer_types", types.get(i));
                };
            }
            if (sliding) {
                windows.set(i, window);
            }
        }
        return windows;
    }

    private DType dtype() {
        JsonNode node = json.hasNonNull("dtype") ? json.get("dtype") : json.path("torch_dtype");
        String name = node.asString("float32").replace("torch.", "");
        DType dtype = DTYPES.get(name);
        if (dtype == null) {
            throw unsupported("dtype", node);
        }
        return dtype;
    }

    private int required(String key) {
        if (!json.hasNonNull(key)) {
            throw new InputException(key + " is missing");
        }
        return integer(key, 0);
    }

    private int integer(String key, int absent) {
        JsonNode node = json.path(key);
        if (node.isMissingNode() || node.isNull()) {
            return absent;
        }
        if (!node.isIntegralNumber() || !node.canConvertToInt() || node.asInt() < 1) {
            throw new InputException(key + " must be a positive whole number, not " + node);
        }
        return node.asInt();
    }

    private static InputException unsupported(String key, JsonNode value) {
        return new InputException(key + " " + value + " is not supported");
    }
}
