package cogent.model.gguf;

import cogent.data.InputException;
import cogent.model.hf.ModelConfig;
import cogent.model.hf.ParameterShapes;
import cogent.model.hf.RopeSettings;
import cogent.model.tensor.DType;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The shape of a GGUF model as a {@code config.json}. */
final class GgufConfig {
    private static final Map<String, String> CLASSES =
            Map.of("llama", "LlamaForCausalLM", "qwen2", "Qwen2ForCausalLM", "qwen3", "Qwen3ForCausalLM");
    private static final List<String> NOT_COMPUTED =
            List.of("expert_count", "attention.layer_norm_epsilon", "logit_scale", "final_logit_softcapping");
    static final String ROPE_FACTORS = "rope_freqs.weight";

    /** Llama 3's own, which no file states. */
    private static final double LOW_FREQUENCY = 1;

    private static final double HIGH_FREQUENCY = 4;
    private static final double SAME = 1e-4;

    private final Gguf gguf;
    private final String architecture;
    private final ObjectNode json = JsonMapper.shared().createObjectNode();

    private GgufConfig(Gguf gguf) {
        this.gguf = gguf;
        architecture = gguf.text("general.architecture").orElse("");
    }

    /** @throws InputException when the file is of an architecture, or asks for something, that is not computed here */
    static ObjectNode of(Gguf gguf) {
        GgufConfig config = new GgufConfig(gguf);
        config.fill();
        return config.json;
    }

    private void fill() {
        String architectures = CLASSES.get(architecture);
        if (architectures == null) {
            throw refused("architecture \"" + architecture + "\" is not supported; supported are "
                    + CLASSES.keySet().stream().sorted().collect(Collectors.joining(", ")));
        }
        if (gguf.whole("split.count").filter(parts -> parts > 1).isPresent()) {
            throw refused("one of several parts; llama.cpp's `llama-gguf-split --merge` makes one file of them");
        }
        for (String key : NOT_COMPUTED) {
            if (gguf.number(key(key)).filter(value -> value != 0).isPresent()) {
                throw refused(key(key) + " is not supported");
            }
        }
        long hidden = whole("embedding_length");
        long heads = whole("attention.head_count");
        long headDim = gguf.whole(key("attention.key_length")).orElse(heads == 0 ? 0 : hidden / heads);
        if (gguf.whole(key("rope.dimension_count")).orElse(headDim) != headDim) {
            throw refused(key("rope.dimension_count") + " is not the head's size: turning a part is not supported");
        }
        json.putArray("architectures").add(architectures);
        json.put("model_type", architecture)
                .put("vocab_size", entry("token_embd.weight").rows())
                .put("hidden_size", hidden)
                .put("intermediate_size", whole("feed_forward_length"))
                .put("num_hidden_layers", whole("block_count"))
                .put("num_attention_heads", heads)
                .put(
                        "num_key_value_heads",
                        gguf.whole(key("attention.head_count_kv")).orElse(heads))
                .put("head_dim", headDim)
                .put("hidden_act", "silu")
                .put("rms_norm_eps", shortest(number("attention.layer_norm_rms_epsilon")))
                .put("max_position_embeddings", whole("context_length"))
                .put("tie_word_embeddings", !gguf.tensors().containsKey(GgufModel.name(ParameterShapes.OUTPUT)))
                .put("torch_dtype", mostly().torchName());
        if (!architecture.equals("qwen2")) {
            json.put("attention_bias", gguf.tensors().containsKey("blk.0.attn_q.bias"))
                    .put("mlp_bias", gguf.tensors().containsKey("blk.0.ffn_up.bias"));
        }
        json.put("rope_theta", shortest(gguf.number(key("rope.freq_base")).orElse(10_000.0)));
        ropeScaling((int) headDim);
        gguf.whole("tokenizer.ggml.bos_token_id").ifPresent(id -> json.put("bos_token_id", id));
        gguf.whole("tokenizer.ggml.eos_token_id").ifPresent(id -> json.put("eos_token_id", id));
    }

    private void ropeScaling(int headDim) {
        String type = gguf.text(key("rope.scaling.type")).orElse("none");
        if (gguf.tensors().containsKey(ROPE_FACTORS)) {
            llama3(headDim);
        } else if (type.equals("linear")) {
            json.putObject("rope_scaling").put("rope_type", type).put("factor", number("rope.scaling.factor"));
        } else if (type.equals("yarn")) {
            json.putObject("rope_scaling")
                    .put("rope_type", type)
                    .put("factor", number("rope.scaling.factor"))
                    .put("original_max_position_embeddings", whole("rope.scaling.original_context_length"));
        } else if (!type.equals("none")) {
            throw refused(key("rope.scaling.type") + " \"" + type + "\" is not supported; linear and yarn are");
        }
    }

    /** Files hold Llama 3's scaling as the factors that come of it: sought is the context that they were made from. */
    private void llama3(int headDim) {
        Gguf.Entry entry = entry(ROPE_FACTORS);
        float[] factors = entry.type().dequantised(gguf.row(entry, 0), (int) entry.columns());
        double largest = 1;
        for (float factor : factors) {
            largest = Math.max(largest, factor);
        }
        for (long original = 32; original <= 1 << 20; original *= 2) {
            json.putObject("rope_scaling")
                    .put("rope_type", "llama3")
                    .put("factor", largest)
                    .put("low_freq_factor", LOW_FREQUENCY)
                    .put("high_freq_factor", HIGH_FREQUENCY)
                    .put("original_max_position_embeddings", original);
            if (same(factors, headDim)) {
                return;
            }
        }
        throw refused(ROPE_FACTORS + " holds factors that Llama 3's scaling does not make");
    }

    private boolean same(float[] factors, int headDim) {
        double[] plain = RopeSettings.of(json).frequencies(headDim);
        List<Double> scaled = ModelConfig.of(json).ropes().getFirst().frequencies();
        boolean same = factors.length == plain.length;
        for (int i = 0; same && i < factors.length; i++) {
            double made = plain[i] / scaled.get(i);
            same = Math.abs(factors[i] - made) <= SAME * made;
        }
        return same;
    }

    /** What most of the matrices' values are kept as. */
    private DType mostly() {
        return gguf.tensors().values().stream()
                .filter(entry -> entry.shape().length > 1)
                .collect(Collectors.groupingBy(
                        entry -> entry.type().plain(), Collectors.summingLong(entry -> entry.rows() * entry.columns())))
                .entrySet()
                .stream()
                .max(Comparator.comparingLong((Map.Entry<DType, Long> e) -> e.getValue())
                        .thenComparing(Map.Entry::getKey))
                .map(Map.Entry::getKey)
                .orElse(DType.F32);
    }

    private Gguf.Entry entry(String name) {
        Gguf.Entry entry = gguf.tensors().get(name);
        if (entry == null) {
            throw refused("no tensor " + name);
        }
        return entry;
    }

    private long whole(String key) {
        return required(key, gguf::whole);
    }

    private double number(String key) {
        return required(key, gguf::number);
    }

    private <T> T required(String key, Function<String, Optional<T>> kind) {
        return kind.apply(key(key)).orElseThrow(() -> refused("no " + key(key)));
    }

    /** Files hold single precision: 1e-5 is meant where 9.99999974738e-6 stands. */
    private static double shortest(double value) {
        return Double.parseDouble(Float.toString((float) value));
    }

    private String key(String key) {
        return architecture + "." + key;
    }

    private InputException refused(String what) {
        return new InputException(gguf.file() + ": " + what);
    }
}
