package cogent.model.hf;

import cogent.data.InputException;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * What kind of value a key of {@code config.json} has, in whatever family. A key that this family does not read is looked at
 * all the same: a file with {@code "eos_token_id": "a"} is damaged, and who loads it next would find out later.
 */
final class ConfigKinds {
    private static final List<String> FLAGS = List.of(
            "attention_bias",
            "attn_output_gate",
            "is_causal",
            "mlp_bias",
            "norm_topk_prob",
            "output_router_logits",
            "tie_word_embeddings",
            "use_bidirectional_attention",
            "use_cache",
            "use_sliding_window");
    private static final List<String> TEXTS =
            List.of("dtype", "hidden_act", "hidden_activation", "model_type", "torch_dtype");
    private static final List<String> COUNTS = List.of(
            "full_attention_interval",
            "max_position_embeddings",
            "no_rope_layer_interval",
            "original_max_position_embeddings",
            "sliding_window",
            "sliding_window_pattern");
    private static final List<String> LISTS = List.of("architectures", "layer_types", "no_rope_layers");
    private static final List<String> NUMBERS = List.of("attention_dropout", "initializer_range", "max_window_layers");

    private ConfigKinds() {}

    /** @throws InputException naming the first key whose value is of another kind, or out of all proportion */
    static void require(ConfigValues config) {
        FLAGS.forEach(key -> config.flag(key, false));
        TEXTS.forEach(key -> config.text(key, ""));
        COUNTS.forEach(key -> config.size(key, 1));
        NUMBERS.forEach(key -> config.number(key, 0));
        LISTS.stream().filter(config::has).forEach(key -> {
            if (!config.json().get(key).isArray()) {
                throw config.wrong(key, "a list");
            }
        });
        requireIds(config, "eos_token_id", true);
        requireIds(config, "bos_token_id", true);
        requireIds(config, "pad_token_id", false);
    }

    /** @param several whether it may be a list; what is not, early Llamas have as -1 */
    private static void requireIds(ConfigValues config, String key, boolean several) {
        JsonNode value = config.json().path(key);
        if (!config.has(key)) {
            return;
        }
        List<JsonNode> ids = several && value.isArray() ? value.valueStream().toList() : List.of(value);
        for (JsonNode id : ids) {
            if (!id.isIntegralNumber() || !id.canConvertToInt() || id.asInt() < (several ? 0 : -1)) {
                throw config.wrong(key, several ? "a token id or a list of them" : "a token id");
            }
            if (id.asInt() >= config.size("vocab_size")) {
                throw config.wrong(key, "below vocab_size " + config.size("vocab_size"));
            }
        }
    }
}
