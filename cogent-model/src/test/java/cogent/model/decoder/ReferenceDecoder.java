package cogent.model.decoder;

import cogent.model.hf.Activation;
import cogent.model.hf.ModelConfig;
import cogent.model.hf.QkNorm;
import cogent.model.hf.Rope;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** The decoder in plain Java and double precision, written from the papers and slow: what {@link Decoder} is held to. */
public final class ReferenceDecoder {
    private final ModelConfig c;
    private final Map<String, double[]> w;

    public ReferenceDecoder(ModelConfig config, Map<String, double[]> weights) {
        c = config;
        w = weights;
    }

    /** Logits of every position of one sequence. */
    public double[][] logits(int... ids) {
        int d = c.hiddenSize();
        double[][] x = new double[ids.length][];
        for (int t = 0; t < ids.length; t++) {
            x[t] = times(
                    c.multipliers().embedding(),
                    Arrays.copyOfRange(w.get("model.embed_tokens.weight"), ids[t] * d, (ids[t] + 1) * d));
        }
        int heads = c.heads() * c.headDim();
        int kvHeads = c.kvHeads() * c.headDim();
        for (int l = 0; l < c.layers(); l++) {
            String p = "model.layers." + l + ".";
            double[][] q = new double[ids.length][];
            double[][] k = new double[ids.length][];
            double[][] v = new double[ids.length][];
            double[][] gates = new double[ids.length][];
            ReferenceDeltaRule delta = c.linear().at(l) ? new ReferenceDeltaRule(c, w, p + "linear_attn.") : null;
            for (int t = 0; t < ids.length && delta == null; t++) {
                double[] n = normed(p, c.norms().beforeAttention(), x[t]);
                double[] qkv = joined(p + "self_attn.", c.projections().qkv(), n);
                if (c.outputGate()) {
                    gates[t] = everyOther(qkv, 1);
                    qkv = concat(everyOther(qkv, 0), Arrays.copyOfRange(qkv, 2 * heads, qkv.length));
                }
                q[t] = turned(Arrays.copyOf(qkv, heads), w.get(p + "self_attn.q_norm.weight"), l, t);
                k[t] = turned(
                        Arrays.copyOfRange(qkv, heads, heads + kvHeads), w.get(p + "self_attn.k_norm.weight"), l, t);
                v[t] = Arrays.copyOfRange(qkv, heads + kvHeads, qkv.length);
            }
            double[][] seen = new double[ids.length][];
            for (int t = 0; t < ids.length; t++) {
                seen[t] = delta == null
                        ? gated(attend(q[t], k, v, t, c.windows().get(l)), gates[t])
                        : delta.next(normed(p, c.norms().beforeAttention(), x[t]));
            }
            String last = delta == null ? "self_attn.o_proj" : "linear_attn.out_proj";
            for (int t = 0; t < ids.length; t++) {
                double[] o = normed(p, c.norms().afterAttention(), linear(p + last, seen[t]));
                x[t] = add(x[t], times(c.multipliers().residual(), o));
                double[] n = normed(p, c.norms().beforeMlp(), x[t]);
                double[] mlp = c.experts().at(l) ? mixture(p + "mlp.", n) : gated(p + "mlp.", n);
                double[] down = normed(p, c.norms().afterMlp(), mlp);
                x[t] = add(x[t], times(c.multipliers().residual(), down));
            }
        }
        double[][] logits = new double[ids.length][];
        String out = c.tiedEmbeddings() ? "model.embed_tokens" : "lm_head";
        for (int t = 0; t < ids.length; t++) {
            logits[t] = times(c.multipliers().logits(), linear(out, norm(x[t], w.get("model.norm.weight"), 0, d)));
        }
        return logits;
    }

    /** The heads of a query, or their gates, which stand behind them one by one. */
    private double[] everyOther(double[] qkv, int which) {
        double[] out = new double[c.heads() * c.headDim()];
        for (int i = 0; i < out.length; i++) {
            out[i] = qkv[(2 * (i / c.headDim()) + which) * c.headDim() + i % c.headDim()];
        }
        return out;
    }

    private static double[] concat(double[] a, double[] b) {
        double[] both = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, both, a.length, b.length);
        return both;
    }

    private static double[] gated(double[] seen, double[] gate) {
        if (gate == null) {
            return seen;
        }
        double[] out = new double[seen.length];
        for (int i = 0; i < out.length; i++) {
            out[i] = seen[i] / (1 + Math.exp(-gate[i]));
        }
        return out;
    }

    private double[] gated(String prefix, double[] n) {
        double[] both = joined(prefix, c.projections().gateUp(), n);
        double[] gated = new double[both.length / 2];
        for (int i = 0; i < gated.length; i++) {
            gated[i] = activated(both[i]) * both[gated.length + i];
        }
        return linear(prefix + "down_proj", gated);
    }

    private double[] mixture(String prefix, double[] n) {
        double[] likely =
                Arrays.stream(linear(prefix + "gate", n)).map(Math::exp).toArray();
        double all = Arrays.stream(likely).sum();
        int[] best = IntStream.range(0, likely.length)
                .boxed()
                .sorted((a, b) -> Double.compare(likely[b], likely[a]))
                .limit(c.experts().perToken())
                .mapToInt(expert -> expert)
                .toArray();
        double total = c.experts().normalised()
                ? IntStream.of(best).mapToDouble(e -> likely[e]).sum()
                : all;
        double[] sum = new double[n.length];
        for (int expert : best) {
            sum = add(sum, times(likely[expert] / total, gated(prefix + "experts." + expert + ".", n)));
        }
        return sum;
    }

    private double[] normed(String prefix, String name, double[] x) {
        return name == null ? x : norm(x, w.get(prefix + name + ".weight"), 0, x.length);
    }

    private double activated(double x) {
        return c.activation() == Activation.SILU
                ? x / (1 + Math.exp(-x))
                : x / 2 * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x)));
    }

    private double[] joined(String prefix, List<String> names, double[] x) {
        return names.stream()
                .flatMapToDouble(name -> Arrays.stream(linear(prefix + name, x)))
                .toArray();
    }

    private static double[] times(double factor, double[] x) {
        return Arrays.stream(x).map(v -> factor * v).toArray();
    }

    private double[] attend(double[] q, double[][] k, double[][] v, int t, int window) {
        int n = c.headDim();
        int shared = c.heads() / c.kvHeads();
        double[] out = new double[q.length];
        for (int h = 0; h < c.heads(); h++) {
            int kv = h / shared * n;
            int from = Math.max(0, (int) Math.min(t, t - (long) window + 1));
            double[] weight = new double[t + 1];
            double sum = 0;
            for (int s = from; s <= t; s++) {
                double score = 0;
                for (int i = 0; i < n; i++) {
                    score += q[h * n + i] * k[s][kv + i];
                }
                weight[s] = Math.exp(score * c.multipliers().attention());
                sum += weight[s];
            }
            for (int s = from; s <= t; s++) {
                for (int i = 0; i < n; i++) {
                    out[h * n + i] += weight[s] / sum * v[s][kv + i];
                }
            }
        }
        return out;
    }

    private double[] turned(double[] heads, double[] normWeight, int layer, int t) {
        int n = c.headDim();
        Rope rope = c.ropes().get(layer);
        int half = rope.frequencies().size();
        double[] out = c.qkNorm() == QkNorm.PROJECTION ? norm(heads, normWeight, 0, heads.length) : heads.clone();
        for (int h = 0; h < heads.length; h += n) {
            double[] head =
                    c.qkNorm() == QkNorm.HEAD ? norm(heads, normWeight, h, n) : Arrays.copyOfRange(out, h, h + n);
            System.arraycopy(head, 0, out, h, n);
            for (int i = 0; i < half; i++) {
                double angle = t * rope.frequencies().get(i);
                double cos = Math.cos(angle) * rope.scale();
                double sin = Math.sin(angle) * rope.scale();
                out[h + i] = head[i] * cos - head[i + half] * sin;
                out[h + i + half] = head[i + half] * cos + head[i] * sin;
            }
        }
        return out;
    }

    private double[] linear(String name, double[] x) {
        return linear(w, name, x);
    }

    static double[] linear(Map<String, double[]> w, String name, double[] x) {
        double[] weight = w.get(name + ".weight");
        double[] bias = w.get(name + ".bias");
        double[] y = new double[weight.length / x.length];
        for (int o = 0; o < y.length; o++) {
            y[o] = bias == null ? 0 : bias[o];
            for (int i = 0; i < x.length; i++) {
                y[o] += weight[o * x.length + i] * x[i];
            }
        }
        return y;
    }

    private double[] norm(double[] x, double[] weight, int from, int n) {
        double squares = 0;
        for (int i = 0; i < n; i++) {
            squares += x[from + i] * x[from + i];
        }
        double[] y = new double[n];
        for (int i = 0; i < n; i++) {
            y[i] = x[from + i] / Math.sqrt(squares / n + c.rmsNormEps()) * (c.normOffset() + weight[i]);
        }
        return y;
    }

    private static double[] add(double[] a, double[] b) {
        double[] sum = new double[a.length];
        for (int i = 0; i < a.length; i++) {
            sum[i] = a[i] + b[i];
        }
        return sum;
    }
}
