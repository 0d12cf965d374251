package cogent.model.gguf;

import cogent.data.InputException;
import cogent.model.hf.ModelConfig;
import cogent.model.tensor.DType;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The shape of a GGUF model as a {@code config.json}. */
final class GgufConfig {
    static final String ROPE_FACTORS = "rope_freqs.weight";
    static final String SHORT_FACTORS = "rope_factors_short.weight";
    static final String LONG_FACTORS = "rope_factors_long.weight";

    /** Tensors that are no weights. */
    static final Set<String> FACTORS = Set.of(ROPE_FACTORS, SHORT_FACTORS, LONG_FACTORS);

    private static final List<String> NOT_COMPUTED = List.of(
            "expert_count",
            "expert_shared_count",
            "attention.layer_norm_epsilon",
            "logit_scale",
            "attn_logit_softcapping",
            "final_logit_softcapping");

    static final String ATTENTION_FACTOR = "rope.scaling.attn_factor";

    /** Where llama.cpp's YaRN begins and ends to blend, whatever a file says. */
    static final double BETA_FAST = 32;

    static final double BETA_SLOW = 1;

    /** Llama 3's own, which no file states. */
    private static final double LOW_FREQUENCY = 1;

    private static final double HIGH_FREQUENCY = 4;
    private static final double SAME = 1e-4;

    private final Gguf gguf;
    private final Architecture architecture;
    private final Keys keys;
    private final ObjectNode json = JsonMapper.shared().createObjectNode();

    private GgufConfig(Gguf gguf) {
        this.gguf = gguf;
        architecture = Architecture.of(gguf);
        keys = new Keys(gguf, architecture.theirs());
    }

    /** @throws InputException when the file is of an architecture, or asks for something, that is not computed here */
    static ObjectNode of(Gguf gguf) {
        GgufConfig config = new GgufConfig(gguf);
        config.fill();
        return config.json;
    }

    private void fill() {
        for (String key : NOT_COMPUTED) {
            if (!architecture.computes().contains(key)
                    && gguf.number(keys.key(key)).filter(value -> value != 0).isPresent()) {
                throw keys.refused(keys.key(key) + " is not supported");
            }
        }
        long hidden = keys.whole("embedding_length");
        long heads = keys.whole("attention.head_count");
        long headDim = keys.headDim();
        long turned = keys.whole("rope.dimension_count", headDim);
        if (turned != headDim && (!architecture.turnsAPart() || turned < 1 || turned > headDim)) {
            throw keys.refused(
                    keys.key("rope.dimension_count") + " is not the head's size: turning a part is not supported");
        }
        json.putArray("architectures").add(architecture.ours());
        json.put("model_type", architecture.modelType())
                .put("vocab_size", entry("token_embd.weight").rows())
                .put("hidden_size", hidden)
                .put("intermediate_size", keys.whole("feed_forward_length"))
                .put("num_hidden_layers", keys.layers())
                .put("num_attention_heads", heads)
                .put(
                        "num_key_value_heads",
                        gguf.whole(keys.key("attention.head_count_kv")).orElse(heads))
                .put("head_dim", headDim)
                .put("hidden_act", "silu")
                .put("rms_norm_eps", keys.number("attention.layer_norm_rms_epsilon"))
                .put("max_position_embeddings", keys.whole("context_length"))
                .put("tie_word_embeddings", !gguf.tensors().containsKey("output.weight"))
                .put("torch_dtype", mostly().torchName());
        if (architecture != Architecture.QWEN2) {
            json.put("attention_bias", gguf.tensors().containsKey("blk.0.attn_q.bias"))
                    .put("mlp_bias", gguf.tensors().containsKey("blk.0.ffn_up.bias"));
        }
        ropes((int) headDim, turned);
        architecture.read(keys, json);
        token("bos_token_id", "bos");
        token("eos_token_id", "eos");
        token("pad_token_id", "padding");
    }

    /** None is said to be none: transformers takes an absent one for the family's own, which may lie outside the vocabulary. */
    private void token(String key, String name) {
        json.put(key, gguf.whole("tokenizer.ggml." + name + "_token_id").orElse(null));
    }

    private void ropes(int headDim, long turned) {
        json.put("rope_theta", keys.number("rope.freq_base", 10_000));
        if (turned != headDim) {
            json.put("partial_rotary_factor", part(turned, headDim));
        }
        String type = gguf.text(keys.key("rope.scaling.type")).orElse("none");
        if (gguf.tensors().containsKey(ROPE_FACTORS)) {
            llama3(headDim);
        } else if (gguf.tensors().containsKey(SHORT_FACTORS)) {
            ObjectNode scaling = json.putObject("rope_scaling").put("rope_type", "longrope");
            factors(LONG_FACTORS).forEach(scaling.putArray("long_factor")::add);
            factors(SHORT_FACTORS).forEach(scaling.putArray("short_factor")::add);
            gguf.number(keys.key(ATTENTION_FACTOR))
                    .ifPresent(factor -> scaling.put("attention_factor", Keys.shortest(factor)));
        } else if (type.equals("linear")) {
            json.putObject("rope_scaling").put("rope_type", type).put("factor", keys.number("rope.scaling.factor"));
        } else if (type.equals("yarn")) {
            yarn(json.putObject("rope_scaling").put("rope_type", type));
        } else if (!type.equals("none")) {
            throw keys.refused(
                    keys.key("rope.scaling.type") + " \"" + type + "\" is not supported; linear and yarn are");
        }
    }

    /** llama.cpp's converter copies what a config.json says of the blend and the factor into keys with {@code yarn} in them. */
    private void yarn(ObjectNode scaling) {
        double factor = keys.number("rope.scaling.factor");
        scaling.put("factor", factor)
                .put("original_max_position_embeddings", keys.whole("rope.scaling.original_context_length"));
        for (String end : List.of("beta_fast", "beta_slow")) {
            gguf.number(keys.key("rope.scaling.yarn_" + end))
                    .ifPresent(value -> scaling.put(end, Keys.shortest(value)));
        }
        gguf.number(keys.key("rope.scaling.yarn_attn_factor"))
                .or(() -> gguf.number(keys.key(ATTENTION_FACTOR)).map(part -> part * yarnAttention(factor)))
                .ifPresent(value -> scaling.put("attention_factor", Keys.shortest(value)));
    }

    /** YaRN's own factor on cosine and sine. */
    static double yarnAttention(double factor) {
        return factor <= 1 ? 1 : 0.1 * Math.log(factor) + 1;
    }

    /** What of a head turns, so that the number of its elements comes out of it again. */
    private static double part(long turned, int headDim) {
        double part = (double) turned / headDim;
        return (long) (headDim * part) == turned ? part : Math.nextUp(part);
    }

    private List<Double> factors(String name) {
        Gguf.Entry entry = entry(name);
        List<Double> factors = new ArrayList<>();
        for (float factor : entry.type().dequantised(entry.row(0), Math.toIntExact(entry.columns()))) {
            factors.add(Keys.shortest(factor));
        }
        return factors;
    }

    /** Files hold Llama 3's scaling as the factors that come of it: sought is the context that they were made from. */
    private void llama3(int headDim) {
        Gguf.Entry entry = entry(ROPE_FACTORS);
        float[] factors = entry.type().dequantised(entry.row(0), (int) entry.columns());
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
        throw keys.refused(ROPE_FACTORS + " holds factors that Llama 3's scaling does not make");
    }

    private boolean same(float[] factors, int headDim) {
        ModelConfig made = ModelConfig.of(json);
        double[] plain = made.rope().frequencies(headDim);
        List<Double> scaled = made.ropes().getFirst().frequencies();
        boolean same = factors.length == plain.length;
        for (int i = 0; same && i < factors.length; i++) {
            double factor = plain[i] / scaled.get(i);
            same = Math.abs(factors[i] - factor) <= SAME * factor;
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
            throw keys.refused("no tensor " + name);
        }
        return entry;
    }
}
