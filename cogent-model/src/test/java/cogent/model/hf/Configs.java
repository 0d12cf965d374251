package cogent.model.hf;

import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Small configurations of every family. */
public final class Configs {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private Configs() {}

    public static ObjectNode json(String family) {
        ObjectNode json = (ObjectNode) JSON.readTree("""
                {"hidden_size": 16, "intermediate_size": 24, "num_hidden_layers": 2, "num_attention_heads": 4,
                 "num_key_value_heads": 2, "vocab_size": 23, "rms_norm_eps": 1e-5, "rope_theta": 10000.0,
                 "max_position_embeddings": 64, "initializer_range": 0.3, "torch_dtype": "float32", "eos_token_id": 0}
                """);
        json.putArray("architectures").add(family);
        return json;
    }

    public static ModelConfig qwen2() {
        return ModelConfig.of(json("Qwen2ForCausalLM").put("tie_word_embeddings", true));
    }

    /** Large enough that decoding shares its products out over threads. */
    public static ModelConfig wide() {
        return ModelConfig.of(json("Qwen2ForCausalLM")
                .put("hidden_size", 256)
                .put("intermediate_size", 320)
                .put("vocab_size", 300)
                .put("initializer_range", 0.06)
                .put("tie_word_embeddings", true));
    }

    public static ModelConfig qwen3() {
        return ModelConfig.of(json("Qwen3ForCausalLM").put("head_dim", 8));
    }

    public static ModelConfig qwen3Moe() {
        ObjectNode json = json("Qwen3MoeForCausalLM")
                .put("head_dim", 8)
                .put("num_experts", 4)
                .put("num_experts_per_tok", 2)
                .put("moe_intermediate_size", 12)
                .put("norm_topk_prob", true);
        json.putArray("mlp_only_layers").add(0);
        return ModelConfig.of(json);
    }

    /** One layer that remembers, one that looks back. */
    public static ModelConfig qwen35() {
        ObjectNode json = json("Qwen3_5ForCausalLM")
                .put("head_dim", 8)
                .put("partial_rotary_factor", 0.5)
                .put("linear_num_key_heads", 2)
                .put("linear_num_value_heads", 4)
                .put("linear_key_head_dim", 6)
                .put("linear_value_head_dim", 5)
                .put("linear_conv_kernel_dim", 3);
        json.putArray("layer_types").add("linear_attention").add("full_attention");
        return ModelConfig.of(json);
    }

    public static ModelConfig llama3() {
        ObjectNode json = json("LlamaForCausalLM").put("attention_bias", true).put("mlp_bias", true);
        json.putObject("rope_scaling")
                .put("rope_type", "llama3")
                .put("factor", 8.0)
                .put("low_freq_factor", 1.0)
                .put("high_freq_factor", 4.0)
                .put("original_max_position_embeddings", 16);
        return ModelConfig.of(json);
    }

    public static ModelConfig mistral() {
        return ModelConfig.of(json("MistralForCausalLM").put("sliding_window", 3));
    }

    public static ModelConfig smollm3() {
        ObjectNode json = json("SmolLM3ForCausalLM").put("tie_word_embeddings", false);
        json.putArray("no_rope_layers").add(0).add(1);
        return ModelConfig.of(json);
    }

    public static ModelConfig granite() {
        return ModelConfig.of(json("GraniteForCausalLM")
                .put("embedding_multiplier", 5.0)
                .put("attention_multiplier", 0.4)
                .put("residual_multiplier", 0.3)
                .put("logits_scaling", 3.0)
                .put("tie_word_embeddings", true));
    }

    public static ModelConfig olmo2() {
        return ModelConfig.of(json("Olmo2ForCausalLM"));
    }

    public static ModelConfig phi3() {
        ObjectNode json = json("Phi3ForCausalLM")
                .put("head_dim", 8)
                .put("partial_rotary_factor", 0.75)
                .put("original_max_position_embeddings", 32);
        json.putObject("rope_scaling")
                .put("type", "longrope")
                .putArray("short_factor")
                .add(1.0)
                .add(1.5)
                .add(2.0);
        return ModelConfig.of(json);
    }

    public static ModelConfig gemma3() {
        return ModelConfig.of(json("Gemma3ForCausalLM")
                .put("head_dim", 8)
                .put("query_pre_attn_scalar", 12)
                .put("sliding_window", 3)
                .put("sliding_window_pattern", 2)
                .put("rope_local_base_freq", 100.0));
    }
}
