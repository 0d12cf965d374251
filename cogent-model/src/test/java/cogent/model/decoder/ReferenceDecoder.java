package cogent.model.decoder;

import cogent.model.hf.ModelConfig;
import java.util.Map;

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
            x[t] = java.util.Arrays.copyOfRange(w.get("model.embed_tokens.weight"), ids[t] * d, (ids[t] + 1) * d);
        }
        for (int l = 0; l < c.layers(); l++) {
            String p = "model.layers." + l + ".";
            double[][] q = new double[ids.length][];
            double[][] k = new double[ids.length][];
            double[][] v = new double[ids.length][];
            for (int t = 0; t < ids.length; t++) {
                double[] n = norm(x[t], w.get(p + "input_layernorm.weight"), 0, d);
                q[t] = turned(linear(p + "self_attn.q_proj", n), w.get(p + "self_attn.q_norm.weight"), t);
                k[t] = turned(linear(p + "self_attn.k_proj", n), w.get(p + "self_attn.k_norm.weight"), t);
                v[t] = linear(p + "self_attn.v_proj", n);
            }
            for (int t = ids.length - 1; t >= 0; t--) {
                x[t] = add(
                        x[t],
                        linear(
                                p + "self_attn.o_proj",
                                attend(q[t], k, v, t, c.windows().get(l))));
                double[] n = norm(x[t], w.get(p + "post_attention_layernorm.weight"), 0, d);
                double[] gate = linear(p + "mlp.gate_proj", n);
                double[] up = linear(p + "mlp.up_proj", n);
                for (int i = 0; i < gate.length; i++) {
                    gate[i] = gate[i] / (1 + Math.exp(-gate[i])) * up[i];
                }
                x[t] = add(x[t], linear(p + "mlp.down_proj", gate));
            }
        }
        double[][] logits = new double[ids.length][];
        String out = c.tiedEmbeddings() ? "model.embed_tokens" : "lm_head";
        for (int t = 0; t < ids.length; t++) {
            logits[t] = linear(out, norm(x[t], w.get("model.norm.weight"), 0, d));
        }
        return logits;
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
                weight[s] = Math.exp(score / Math.sqrt(n));
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

    private double[] turned(double[] heads, double[] normWeight, int t) {
        int n = c.headDim();
        double[] out = new double[heads.length];
        for (int h = 0; h < heads.length; h += n) {
            double[] head =
                    normWeight == null ? java.util.Arrays.copyOfRange(heads, h, h + n) : norm(heads, normWeight, h, n);
            for (int i = 0; i < n / 2; i++) {
                double angle = t * c.rope().frequencies().get(i);
                double cos = Math.cos(angle) * c.rope().scale();
                double sin = Math.sin(angle) * c.rope().scale();
                out[h + i] = head[i] * cos - head[i + n / 2] * sin;
                out[h + i + n / 2] = head[i + n / 2] * cos + head[i] * sin;
            }
        }
        return out;
    }

    private double[] linear(String name, double[] x) {
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
            y[i] = x[from + i] / Math.sqrt(squares / n + c.rmsNormEps()) * weight[i];
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
