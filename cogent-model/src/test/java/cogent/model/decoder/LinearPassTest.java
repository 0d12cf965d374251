package cogent.model.decoder;

import static org.assertj.core.api.Assertions.assertThat;

import cogent.model.tensor.DType;
import cogent.model.tensor.Scope;
import cogent.model.tensor.Tensor;
import cogent.model.tensor.Tensors;
import java.util.List;
import org.junit.jupiter.api.Test;

class LinearPassTest {
    /** With unit matrices y is what dropout left of x, which every gradient must agree with. */
    @Test
    void gradients_of_a_low_rank_addition_go_through_the_elements_that_dropout_let_through() {
        try (Scope _ = Scope.open()) {
            Tensor unit = Tensors.of(new float[] {1, 0, 0, 1}, 2, 2);
            Tensor a = unit.copy().requiresGrad(true);
            Tensor b = unit.copy().requiresGrad(true);
            var layer = new Linear(
                    Tensors.zerosLike(unit), null, new Linear.LowRank(a, b, 3, 0.5), new Products(DType.F32));
            Tensor x = Tensors.of(new float[] {1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048}, 6, 2);
            var pass = new LinearPass(List.of(layer), x);
            float[] y = pass.y().toFloats();
            float[] inputs = x.toFloats();
            float[] dx = pass.backward(x, Tensors.zerosLike(x).add_(1), null).toFloats();
            float[] sums = new float[2];
            for (int i = 0; i < y.length; i++) {
                assertThat(y[i] / inputs[i]).isIn(0f, 6f); // 3 times what is kept, which counts twice
                assertThat(dx[i]).isEqualTo(y[i] / inputs[i]);
                sums[i % 2] += y[i];
            }
            assertThat(a.grad().toFloats()).containsExactly(sums[0], sums[1], sums[0], sums[1]);
            assertThat(b.grad().toFloats()).containsExactly(sums[0], sums[1], sums[0], sums[1]);
            pass.close();
        }
    }
}
