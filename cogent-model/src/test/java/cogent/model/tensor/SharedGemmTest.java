package cogent.model.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Called here whether or not this processor would choose them, against libtorch's own products in double precision. */
class SharedGemmTest {
    private final int threads = LibTorch.threads();

    @BeforeEach
    void present() {
        assumeTrue(Blas.isPresent(), "the platform's jars have no product by address");
    }

    @AfterEach
    void restore() {
        LibTorch.threads(threads);
    }

    private static Tensor exact(Tensor a, Tensor b) {
        return a.to(DType.F64).matmul(b.to(DType.F64));
    }

    private static double apart(Tensor a, Tensor exact) {
        return a.to(DType.F64).sub(exact).abs().max().item();
    }

    @ParameterizedTest
    @CsvSource({
        "1, 700, 300, 200",
        "2, 700, 300, 200",
        "3, 7, 4000, 300",
        "3, 4000, 7, 300",
        "4, 65, 64, 1000",
        "6, 500, 500, 1",
        "16, 3, 3, 5"
    })
    void operands_that_lie_any_way_multiply_exactly(int threads, int rows, int columns, int inner) {
        LibTorch.threads(threads);
        try (Scope _ = Scope.open();
                var _ = GradMode.off()) {
            List<Tensor> lefts = List.of(
                    Tensors.randn(1, rows, inner),
                    Tensors.randn(2, inner, rows).transpose(0, 1),
                    Tensors.randn(3, rows, inner + 9).narrow(1, 4, inner),
                    Tensors.randn(4, inner, rows + 5).narrow(1, 3, rows).transpose(0, 1));
            List<Tensor> rights = List.of(
                    Tensors.randn(5, inner, columns),
                    Tensors.randn(6, columns, inner).transpose(0, 1),
                    Tensors.randn(7, inner, columns + 9).narrow(1, 4, columns));
            Tensor bias = Tensors.randn(8, columns);
            double near = 1e-5 * Math.sqrt(inner) * 4;
            for (Tensor a : lefts) {
                for (Tensor b : rights) {
                    Tensor expected = exact(a, b);
                    assertThat(apart(SharedGemm.product(a, b, null), expected)).isLessThan(near);
                    assertThat(apart(SharedGemm.product(a, b, bias), expected.add(bias.to(DType.F64))))
                            .isLessThan(near);
                    Tensor around = Tensors.full(2, DType.F32, rows + 2, columns + 6);
                    Tensor sum = around.narrow(0, 1, rows).narrow(1, 3, columns);
                    SharedGemm.add(sum, a, b, 0.5, -3);
                    assertThat(apart(sum, expected.mul(-3.0).add(1.0))).isLessThan(4 * near);
                    sum.fill_(2);
                    assertThat(around.eq(2).all().item())
                            .as("nothing beside it is written")
                            .isEqualTo(1);
                }
            }
        }
    }

    @Test
    void what_changes_in_place_has_another_version() {
        try (Scope _ = Scope.open();
                var _ = GradMode.off()) {
            Tensor sum = Tensors.zeros(DType.F32, 300, 300);
            long before = sum.version();
            SharedGemm.add(sum, Tensors.randn(1, 300, 300), Tensors.randn(2, 300, 300), 1, 1);
            assertThat(sum.version()).isNotEqualTo(before);
        }
    }

    @Test
    void a_graph_is_recorded_as_ever() {
        try (Scope _ = Scope.open()) {
            Tensor weight = Tensors.randn(1, 400, 300).requiresGrad(true);
            Tensor bias = Tensors.zeros(DType.F32, 400).requiresGrad(true);
            Tensor x = Tensors.full(1, DType.F32, 200, 300);
            Nn.linear(x, weight, bias).sum().backward();
            Nn.linear(x, weight.detach(), bias).sum().backward();
            x.matmul(weight.transpose(0, 1)).sum().backward();
            assertThat(weight.grad().sum().item()).isEqualTo(2.0 * 200 * 400 * 300);
            assertThat(bias.grad().sum().item()).isEqualTo(2.0 * 200 * 400);
        }
    }

    @Test
    void widths_that_do_not_meet_are_refused_before_any_memory_is_touched() {
        try (Scope _ = Scope.open();
                var _ = GradMode.off()) {
            Tensor a = Tensors.zeros(DType.F32, 300, 301);
            Tensor b = Tensors.zeros(DType.F32, 300, 400);
            assertThatThrownBy(() -> a.matmul(b)).hasMessageContaining("301");
            Tensor narrow = Tensors.zeros(DType.F32, 301, 399);
            assertThatThrownBy(() -> narrow.addmm_(a.transpose(0, 1), b, 1, 1)).hasMessageContaining("399");
            assertThatThrownBy(() -> Nn.linear(b, Tensors.zeros(DType.F32, 500, 400), Tensors.zeros(DType.F32, 499)))
                    .hasMessageContaining("499");
        }
    }
}
