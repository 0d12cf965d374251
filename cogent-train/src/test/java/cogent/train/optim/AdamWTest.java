package cogent.train.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import cogent.model.tensor.Scope;
import cogent.model.tensor.Tensor;
import cogent.model.tensor.Tensors;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AdamWTest {
    private static final OptimiserSettings SETTINGS =
            new OptimiserSettings(1e-2, Schedule.CONSTANT, 0, 0.1, 0.9, 0.95, 1e-8, 1.0, 0.1, List.of());

    @Test
    void steps_are_those_of_the_paper_with_decay_on_matrices_only() {
        double[] matrix = {0.5, -1, 2, 0.1};
        double[] vector = {1, -2};
        Reference expectedMatrix = new Reference(matrix, 0.1);
        Reference expectedVector = new Reference(vector, 0);
        try (Scope _ = Scope.open()) {
            Map<String, Tensor> parameters = new LinkedHashMap<>();
            parameters.put("norm", Tensors.of(floats(vector), 2).requiresGrad(true));
            parameters.put("proj", Tensors.of(floats(matrix), 2, 2).requiresGrad(true));
            try (AdamW adamW = new AdamW(parameters, SETTINGS)) {
                for (int step = 0; step < 5; step++) {
                    double[] g = {0.1 * step, -0.2, 1e-4, 0.3};
                    double[] gv = {-0.05, 0.4 - 0.1 * step};
                    parameters.get("proj").setGrad(Tensors.of(floats(g), 2, 2));
                    parameters.get("norm").setGrad(Tensors.of(floats(gv), 2));
                    adamW.step(1e-2);
                    expectedMatrix.step(g, 1e-2);
                    expectedVector.step(gv, 1e-2);
                }
                assertThat(adamW.moments())
                        .containsOnlyKeys("norm.exp_avg", "norm.exp_avg_sq", "proj.exp_avg", "proj.exp_avg_sq");
            }
            assertThat(parameters.get("proj").toFloats()).containsExactly(floats(matrix), within(1e-6f));
            assertThat(parameters.get("norm").toFloats()).containsExactly(floats(vector), within(1e-6f));
        }
    }

    @Test
    void clipping_scales_to_the_norm_and_leaves_small_gradients_alone() {
        try (Scope _ = Scope.open()) {
            Tensor a = Tensors.of(new float[] {0, 0}, 2).requiresGrad(true);
            Tensor b = Tensors.of(new float[] {0, 0}, 1, 2).requiresGrad(true);
            try (AdamW adamW = new AdamW(Map.of("a", a, "b", b), SETTINGS)) {
                a.setGrad(Tensors.of(new float[] {3, 0}, 2));
                b.setGrad(Tensors.of(new float[] {0, 4}, 1, 2));
                assertThat(adamW.norm()).isCloseTo(5, within(1e-6));
                adamW.clip(5);
                assertThat(a.grad().toFloats()).containsExactly(new float[] {0.6f, 0}, within(1e-6f));
                assertThat(b.grad().toFloats()).containsExactly(new float[] {0, 0.8f}, within(1e-6f));

                a.setGrad(Tensors.of(new float[] {0.3f, 0}, 2));
                b.setGrad(Tensors.of(new float[] {0, 0.4f}, 1, 2));
                adamW.clip(0.5);
                assertThat(b.grad().toFloats()).containsExactly(0, 0.4f);

                a.setGrad(Tensors.of(new float[] {Float.NaN, 0}, 2));
                assertThat(adamW.norm()).isNaN();
                adamW.clip(Double.NaN);
                assertThat(b.grad().toFloats()).containsExactly(0, 0.4f);
            }
        }
    }

    /** AdamW by its formula, in double. */
    private static final class Reference {
        private final double[] parameter;
        private final double decay;
        private final double[] m;
        private final double[] v;
        private int t;

        Reference(double[] parameter, double decay) {
            this.parameter = parameter;
            this.decay = decay;
            this.m = new double[parameter.length];
            this.v = new double[parameter.length];
        }

        void step(double[] g, double lr) {
            t++;
            for (int i = 0; i < parameter.length; i++) {
                parameter[i] -= lr * decay * parameter[i];
                m[i] = 0.9 * m[i] + 0.1 * g[i];
                v[i] = 0.95 * v[i] + 0.05 * g[i] * g[i];
                double mHat = m[i] / (1 - Math.pow(0.9, t));
                double vHat = v[i] / (1 - Math.pow(0.95, t));
                parameter[i] -= lr * mHat / (Math.sqrt(vHat) + 1e-8);
            }
        }
    }

    private static float[] floats(double[] values) {
        float[] floats = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            floats[i] = (float) values[i];
        }
        return floats;
    }
}
