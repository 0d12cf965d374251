package cogent.model.hf;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/** The names and shapes that Hugging Face gives the weights of a decoder, in its order. */
public final class ParameterShapes {
    public static final String EMBEDDING = "model.embed_tokens.weight";
    public static final String FINAL_NORM = "model.norm.weight";
    public static final String OUTPUT = "lm_head.weight";

    /** Of a layer with experts, what says how likely each is. */
    public static final String ROUTER = "mlp.gate";

    /** What comes before the weights of a layer that remembers. */
    public static final String LINEAR = "linear_attn.";

    private ParameterShapes() {}

    public static String layer(int layer, String part) {
        return "model.layers." + layer + "." + part;
    }

    /** What comes before the projections of an expert of a layer. */
    public static String expert(int expert) {
        return "mlp.experts." + expert + ".";
    }

    public static SequencedMap<String, long[]> of(ModelConfig c) {
        SequencedMap<String, long[]> shapes = new LinkedHashMap<>();
        long d = c.hiddenSize();
        shapes.put(EMBEDDING, new long[] {c.vocabSize(), d});
        for (int i = 0; i < c.layers(); i++) {
            if (c.linear().at(i)) {
                deltaRule(shapes, layer(i, LINEAR), c.linear(), d);
            } else {
                attention(shapes, layer(i, "self_attn."), c);
            }
            if (c.experts().at(i)) {
                linear(shapes, layer(i, ROUTER), c.experts().count(), d, false);
                for (int j = 0; j < c.experts().count(); j++) {
                    gated(shapes, layer(i, expert(j)), c, c.experts().intermediateSize());
                }
            } else {
                gated(shapes, layer(i, "mlp."), c, c.intermediateSize());
            }
            String prefix = layer(i, "");
            c.norms().names().forEach(name -> shapes.put(prefix + name + ".weight", new long[] {d}));
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

    private static void attention(SequencedMap<String, long[]> shapes, String prefix, ModelConfig c) {
        long d = c.hiddenSize();
        long seen = (long) c.heads() * c.headDim();
        long q = c.outputGate() ? 2 * seen : seen;
        long kv = (long) c.kvHeads() * c.headDim();
        linears(shapes, prefix, c.projections().qkv(), List.of(q, kv, kv), d, c.qkvBias());
        linear(shapes, prefix + "o_proj", d, seen, c.outputBias());
        if (c.qkNorm() != QkNorm.NONE) {
            shapes.put(prefix + "q_norm.weight", new long[] {c.qkNorm().width(c.heads(), c.headDim())});
            shapes.put(prefix + "k_norm.weight", new long[] {c.qkNorm().width(c.kvHeads(), c.headDim())});
        }
    }

    private static void deltaRule(SequencedMap<String, long[]> shapes, String prefix, LinearAttention l, long d) {
        shapes.put(prefix + "dt_bias", new long[] {l.valueHeads()});
        shapes.put(prefix + "A_log", new long[] {l.valueHeads()});
        shapes.put(prefix + "conv1d.weight", new long[] {l.channels(), 1, l.kernel()});
        shapes.put(prefix + "norm.weight", new long[] {l.valueDim()});
        linear(shapes, prefix + "out_proj", d, l.values(), false);
        linears(shapes, prefix, LinearAttention.PROJECTIONS, l.widths(), d, false);
    }

    private static void gated(SequencedMap<String, long[]> shapes, String prefix, ModelConfig c, long width) {
        linears(shapes, prefix, c.projections().gateUp(), List.of(width, width), c.hiddenSize(), c.mlpBias());
        linear(shapes, prefix + "down_proj", c.hiddenSize(), width, c.mlpBias());
    }

    /** Projections of one input, by their names: one of its own for each, or all in one. */
    private static void linears(
            SequencedMap<String, long[]> shapes,
            String prefix,
            List<String> names,
            List<Long> outs,
            long in,
            boolean bias) {
        long all = outs.stream().mapToLong(Long::longValue).sum();
        for (int i = 0; i < names.size(); i++) {
            linear(shapes, prefix + names.get(i), names.size() == 1 ? all : outs.get(i), in, bias);
        }
    }

    private static void linear(SequencedMap<String, long[]> shapes, String name, long out, long in, boolean bias) {
        shapes.put(name + ".weight", new long[] {out, in});
        if (bias) {
            shapes.put(name + ".bias", new long[] {out});
        }
    }
}
