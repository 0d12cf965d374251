package cogent.model.decoder;

import cogent.model.hf.LinearAttention;
import cogent.model.hf.ModelConfig;
import java.util.Map;

/** A layer of Gated DeltaNet token by token, in plain Java and double precision, written from the paper. */
final class ReferenceDeltaRule {
    private final ModelConfig config;
    private final LinearAttention shape;
    private final Map<String, double[]> w;
    private final String prefix;
    /** The convolution's last inputs, the newest last. */
    private final double[][] inputs;
    /** Head, key, value. */
    private final double[][][] memory;

    ReferenceDeltaRule(ModelConfig config, Map<String, double[]> weights, String prefix) {
        this.config = config;
        this.prefix = prefix;
        shape = config.linear();
        w = weights;
        inputs = new double[shape.kernel()][(int) shape.channels()];
        memory = new double[shape.valueHeads()][shape.keyDim()][shape.valueDim()];
    }

    /** What the next token sees, before the last projection. */
    double[] next(double[] n) {
        double[] qkv = convolved(linear("in_proj_qkv", n));
        double[] gate = linear("in_proj_z", n);
        double[] strength = linear("in_proj_b", n);
        double[] fading = linear("in_proj_a", n);
        double[] out = new double[(int) shape.values()];
        int keys = (int) shape.keys();
        for (int h = 0; h < shape.valueHeads(); h++) {
            int own = h / (shape.valueHeads() / shape.keyHeads()) * shape.keyDim();
            double[] q = unit(qkv, own);
            double[] k = unit(qkv, keys + own);
            double rate = Math.exp(w.get(prefix + "A_log")[h]);
            double kept = Math.exp(-rate * Math.log1p(Math.exp(fading[h] + w.get(prefix + "dt_bias")[h])));
            double beta = 1 / (1 + Math.exp(-strength[h]));
            double squares = 0;
            for (int j = 0; j < shape.valueDim(); j++) {
                double said = 0;
                for (int i = 0; i < k.length; i++) {
                    memory[h][i][j] *= kept;
                    said += k[i] * memory[h][i][j];
                }
                double y = 0;
                for (int i = 0; i < k.length; i++) {
                    memory[h][i][j] += k[i] * beta * (qkv[2 * keys + h * shape.valueDim() + j] - said);
                    y += q[i] / Math.sqrt(shape.keyDim()) * memory[h][i][j];
                }
                out[h * shape.valueDim() + j] = y;
                squares += y * y;
            }
            for (int j = 0; j < shape.valueDim(); j++) {
                int at = h * shape.valueDim() + j;
                double scale = Math.sqrt(squares / shape.valueDim() + config.rmsNormEps());
                out[at] *= w.get(prefix + "norm.weight")[j] / scale * silu(gate[at]);
            }
        }
        return out;
    }

    private double[] convolved(double[] x) {
        System.arraycopy(inputs, 1, inputs, 0, inputs.length - 1);
        inputs[inputs.length - 1] = x;
        double[] y = new double[x.length];
        for (int channel = 0; channel < y.length; channel++) {
            for (int i = 0; i < inputs.length; i++) {
                y[channel] += w.get(prefix + "conv1d.weight")[channel * inputs.length + i] * inputs[i][channel];
            }
            y[channel] = silu(y[channel]);
        }
        return y;
    }

    private double[] unit(double[] all, int from) {
        double squares = 1e-6;
        for (int i = 0; i < shape.keyDim(); i++) {
            squares += all[from + i] * all[from + i];
        }
        double[] unit = new double[shape.keyDim()];
        for (int i = 0; i < unit.length; i++) {
            unit[i] = all[from + i] / Math.sqrt(squares);
        }
        return unit;
    }

    private double[] linear(String name, double[] x) {
        return ReferenceDecoder.linear(w, prefix + name, x);
    }

    private static double silu(double x) {
        return x / (1 + Math.exp(-x));
    }
}
