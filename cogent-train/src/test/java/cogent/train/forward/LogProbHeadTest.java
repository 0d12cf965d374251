package cogent.train.forward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import cogent.model.tensor.DType;
import cogent.model.tensor.Nn;
import cogent.model.tensor.Scope;
import cogent.model.tensor.Tensor;
import cogent.model.tensor.Tensors;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class LogProbHeadTest {
    private static final int N = 23;
    private static final int D = 8;
    private static final int V = 31;
    private static final int[] TARGETS =
            IntStream.range(0, N).map(i -> (7 * i + 3) % V).toArray();
    private static final float[] WEIGHTS = new float[N];

    static {
        for (int i = 0; i < N; i++) {
            WEIGHTS[i] = (i % 5 - 2) * 0.3f;
        }
    }

    /** What a head of some rows at a time is made of. */
    interface Kind {
        Head of(Tensor weight, int chunk);
    }

    private static Stream<Named<Kind>> kinds() {
        return Stream.of(
                Named.of("of a CPU", (weight, chunk) -> new LogProbHead(weight, chunk, DType.F32)),
                Named.of("of a GPU", (weight, chunk) -> new DeviceHead(weight, weight.detach(), chunk, 0)));
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void scores_and_gradients_are_those_of_autograd_over_full_logits(Kind kind) {
        try (Scope _ = Scope.open()) {
            Tensor hidden = Tensors.randn(1, N, D).requiresGrad(true);
            Tensor weight = Tensors.randn(2, V, D).requiresGrad(true);
            Tensor y = Tensors.of(TARGETS, N);
            Tensor logps = Nn.logSoftmax(Nn.linear(hidden, weight, null), 1)
                    .gather(1, y.unsqueeze(1))
                    .squeeze(1);
            logps.mul(Tensors.of(WEIGHTS, N)).sum().backward();

            for (int chunk : new int[] {1, 7, N, 1000}) {
                Tensor plain = weight.detach().copy();
                plain.requiresGrad(true).setGrad(Tensors.zerosLike(plain));
                Head head = kind.of(plain, chunk);
                Tensor gradient = Tensors.empty(hidden.dtype(), N, D);
                Head.Scores scores = head.backward(hidden.detach(), y, Tensors.of(WEIGHTS, N), gradient, List.of())
                        .get();
                assertThat(scores.logps()).containsExactly(logps.detach().toFloats(), within(1e-5f));
                assertThat(head.score(hidden.detach(), y).logps()).isEqualTo(scores.logps());
                List<Tensor> kept = new ArrayList<>();
                assertThat(head.score(hidden.detach(), y, kept).logps()).isEqualTo(scores.logps());
                Tensor again = Tensors.empty(hidden.dtype(), N, D);
                Tensor weights = Tensors.of(WEIGHTS, N);
                plain.grad().zero_();
                assertThat(head.backward(hidden.detach(), y, weights, again, kept)
                                .get()
                                .logps())
                        .isEqualTo(scores.logps());
                assertThat(again.toFloats()).isEqualTo(gradient.toFloats());
                assertThat(gradient.toFloats()).containsExactly(hidden.grad().toFloats(), within(1e-5f));
                assertThat(plain.grad().toFloats())
                        .containsExactly(weight.grad().toFloats(), within(1e-5f));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void gradients_are_the_slopes_of_the_weighted_sum_in_double(Kind kind) {
        double[] h = IntStream.range(0, 2 * 3).mapToDouble(i -> Math.sin(i + 1)).toArray();
        double[] w = IntStream.range(0, 4 * 3).mapToDouble(i -> Math.cos(2 * i)).toArray();
        int[] targets = {2, 0};
        double[] weights = {0.7, -1.3};
        try (Scope _ = Scope.open()) {
            Tensor weight = Tensors.of(floats(w), 4, 3).requiresGrad(true);
            weight.setGrad(Tensors.zerosLike(weight));
            Tensor gradient = Tensors.empty(weight.dtype(), 2, 3);
            kind.of(weight, 1)
                    .backward(
                            Tensors.of(floats(h), 2, 3),
                            Tensors.of(targets, 2),
                            Tensors.of(floats(weights), 2),
                            gradient,
                            List.of());
            for (int i = 0; i < h.length; i++) {
                assertThat((double) gradient.toFloats()[i])
                        .isCloseTo(slope(h, i, h, w, targets, weights), within(1e-5));
            }
            for (int i = 0; i < w.length; i++) {
                assertThat((double) weight.grad().toFloats()[i])
                        .isCloseTo(slope(w, i, h, w, targets, weights), within(1e-5));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void the_most_likely_targets_are_counted(Kind kind) {
        try (Scope _ = Scope.open()) {
            Tensor weight = Tensors.of(new float[] {1, 0, 0, 1, -1, -1}, 3, 2);
            Tensor hidden = Tensors.of(new float[] {5, 0, 0, 5, -5, -5, 5, 0}, 4, 2);
            assertThat(kind.of(weight, 3)
                            .score(hidden, Tensors.of(new int[] {0, 1, 2, 1}, 4))
                            .correct())
                    .isEqualTo(3);
        }
    }

    @Test
    void on_a_gpu_improbable_targets_have_their_log_probability_and_sure_ones_a_slope() {
        try (Scope _ = Scope.open()) {
            Tensor weight = Tensors.of(new float[] {1, -1}, 2, 1).requiresGrad(true);
            Tensor hidden = Tensors.of(new float[] {100, 5}, 2, 1);
            Tensor gradient = Tensors.empty(DType.F32, 2, 1);
            Head.Scores scores = new DeviceHead(weight, weight.detach().to(DType.BF16), 2, 0)
                    .backward(
                            hidden,
                            Tensors.of(new int[] {1, 0}, 2),
                            Tensors.of(new float[] {1, 1}, 2),
                            gradient,
                            List.of())
                    .get();
            assertThat(scores.logps()[0]).isCloseTo(-200, within(1e-3f));
            assertThat((double) scores.logps()[1]).isCloseTo(-Math.log1p(Math.exp(-10)), within(1e-6));
            double sure = 2 / (1 + Math.exp(10));
            assertThat((double) gradient.toFloats()[1]).isCloseTo(sure, within(0.01 * sure));
        }
    }

    private static double slope(double[] of, int i, double[] h, double[] w, int[] targets, double[] weights) {
        double at = of[i];
        of[i] = at + 1e-5;
        double above = weightedSum(h, w, targets, weights);
        of[i] = at - 1e-5;
        double below = weightedSum(h, w, targets, weights);
        of[i] = at;
        return (above - below) / 2e-5;
    }

    private static double weightedSum(double[] h, double[] w, int[] targets, double[] weights) {
        double sum = 0;
        for (int n = 0; n < targets.length; n++) {
            double total = 0;
            double target = 0;
            for (int v = 0; v < 4; v++) {
                double logit = 0;
                for (int d = 0; d < 3; d++) {
                    logit += h[3 * n + d] * w[3 * v + d];
                }
                total += Math.exp(logit);
                target = v == targets[n] ? logit : target;
            }
            sum += weights[n] * (target - Math.log(total));
        }
        return sum;
    }

    private static float[] floats(double[] values) {
        float[] floats = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            floats[i] = (float) values[i];
        }
        return floats;
    }
}
