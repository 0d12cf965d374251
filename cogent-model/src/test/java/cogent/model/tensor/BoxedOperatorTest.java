package cogent.model.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.bytedeco.pytorch.IValueVector;
import org.junit.jupiter.api.Test;

class BoxedOperatorTest {
    @Test
    void lists_of_numbers_and_flags_arrive_as_they_are() {
        try (Scope _ = Scope.open()) {
            Tensor x = Tensors.randn(1, 4, 3);
            Tensor one = Tensors.full(1, DType.F32, 4, 1);
            Tensor weight = Tensors.randn(2, 3);
            Tensor up = Tensors.randn(3, 4, 3);
            IValueVector results = BoxedOperator.named("aten::native_layer_norm_backward", "")
                    .call(
                            up,
                            x,
                            new long[] {3},
                            Tensors.zerosLike(one),
                            one,
                            weight,
                            BoxedOperator.NONE,
                            new boolean[] {true, false, false});
            Tensor g = up.mul(weight);
            Tensor want = g.sub(g.mean(1, true)).sub(x.mul(g.mul(x).mean(1, true)));
            Tensor got = BoxedOperator.tensor(results, 0);
            assertThat(Foreach.norm(List.of(got.sub(want)))).isLessThan(1e-5);
            assertThat(results.get(2).toTensor().defined()).isFalse();
        }
    }
}
