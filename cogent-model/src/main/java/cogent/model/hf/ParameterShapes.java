package cogent.model.hf;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/** The names and shapes that Hugging Face gives the weights of a decoder, in its order. */
public final class ParameterShapes {
    public static final String EMBEDDING = "model.embed_tokens.weight";
    public static final String FINAL_NORM = "model.norm.weight";
    public static final String OUTPUT = "lm_head.weight";

    private ParameterShapes() {}

    public static String layer(int layer, String part) {
        return "model.layers." + layer + "." + part;
    }

    public static SequencedMap<String, long[]> of(ModelConfig c) {
        SequencedMap<String, long[]> shapes = new LinkedHashMap<>();
        long d = c.hiddenSize();
        long f = c.intermediateSize();
        long q = (long) c.heads() * c.headDim();
        long kv = (long) c.kvHeads() * c.headDim();
        shapes.put(EMBEDDING, new long[] {c.vocabSize(), d});
        for (int i = 0; i < c.layers(); i++) {
            linear(shapes, layer(i, "self_attn.q_proj"), q, d, c.qkvBias());
            linear(shapes, layer(i, "self_attn.k_proj"), kv, d, c.qkvBias());
            linear(shapes, layer(i, "self_attn.v_proj"), kv, d, c.qkvBias());
            linear(shapes, layer(i, "self_attn.o_proj"), d, q, c.outputBias());
            if (c.qkNorm()) {
                shapes.put(layer(i, "self_attn.q_norm.weight"), new long[] {c.headDim()});
                shapes.put(layer(i, "self_attn.k_norm.weight"), new long[] {c.headDim()});
            }
            linear(shapes, layer(i, "mlp.gate_proj"), f, d, c.mlpBias());
            linear(shapes, layer(i, "mlp.up_proj"), f, d, c.mlpBias());
            linear(shapes, layer(i, "mlp.down_proj"), d, f, c.mlpBias());
            shapes.put(layer(i, "input_layernorm.weight"), new long[] {d});
            shapes.put(layer(i, "post_attention_layernorm.weight"), new long[] {d});
        }
        shapes.put(FINAL_NORM, new long[] {d});
        if (!c.tiedEmbeddings()) {
            shapes.put(OUTPUT, new long[] {c.vocabSize(), d});
        }
        return shapes;
    }

    /** Weights of a model; a tied output matrix counts once. */
    public static long count(ModelConfig c) {
        return of(c).values().stream()
                .mapToLong(shape -> Arrays.stream(shape).reduce(1, Math::multiplyExact))
                .sum();
    }

    private static void linear(SequencedMap<String, long[]> shapes, String name, long out, long in, boolean bias) {
        shapes.put(name + ".weight", new long[] {out, in});
        if (bias) {
            shapes.put(name + ".bias", new long[] {out});
        }
    }
}
