package cogent.model.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SkinnyGemmTest {
    private final int threads = LibTorch.threads();

    @AfterEach
    void restore() {
        LibTorch.threads(threads);
    }

    @ParameterizedTest
    @CsvSource({"1, F32, 2", "1, F32, 3", "2, F32, 1", "5, F32, 3", "63, F32, 2", "1, BF16, 2", "7, BF16, 2"})
    void layers_side_by_side_equal_each_layer_alone(int rows, DType dtype, int threads) {
        LibTorch.threads(threads);
        try (Scope _ = Scope.open();
                var _ = GradMode.off()) {
            Tensor x = Tensors.randn(1, rows, 300).to(dtype);
            Tensor bias = Tensors.randn(2, 701).to(dtype);
            Tensor first = Tensors.randn(3, 701, 300).to(dtype).requiresGrad(true);
            Tensor second = Tensors.randn(4, 13, 300).to(dtype);
            assertThat(SkinnyGemm.fits(x, first)).isTrue();

            Tensor joined = SkinnyGemm.linear(
                    x, List.of(new SkinnyGemm.Layer(first, bias), new SkinnyGemm.Layer(second, null)));

            Tensor expected = Tensors.cat(List.of(Nn.linear(x, first, bias), Nn.linear(x, second, null)), 1);
            assertThat(joined.shape()).containsExactly(rows, 714);
            assertThat(joined.dtype()).isEqualTo(dtype);
            double apart = joined.sub(expected).abs().max().item();
            assertThat(apart).isLessThan(dtype == DType.F32 ? 1e-4 : 0.5);
        }
        assertThat(LibTorch.threads()).isEqualTo(threads);
    }

    /** By addresses and through libtorch: a view with gaps cannot be read by its address. */
    @ParameterizedTest
    @CsvSource({"1, 896", "1, 4864", "3, 576", "40, 577"})
    void operands_that_do_not_lie_together_are_computed_too(int rows, int in) {
        LibTorch.threads(2);
        try (Scope _ = Scope.open();
                var _ = GradMode.off()) {
            Tensor x = Tensors.randn(1, rows, in);
            Tensor wide = Tensors.randn(2, 600, in + 3);
            Tensor bias = Tensors.randn(3, 600);
            Tensor expected = Nn.linear(x, wide.narrow(1, 0, in), bias);
            for (Tensor weight :
                    List.of(wide.narrow(1, 0, in), wide.narrow(1, 0, in).contiguous())) {
                Tensor y = SkinnyGemm.linear(x, List.of(new SkinnyGemm.Layer(weight, bias)));
                assertThat(y.sub(expected).abs().max().item()).isLessThan(1e-3);
            }
        }
        assertThat(LibTorch.threads()).isEqualTo(2);
    }

    /** Far from F16's range, a layer of zeros, one with fewer rows than threads, with a bias and without, one row and many. */
    @ParameterizedTest
    @CsvSource({
        "F32, 1, 1, 2",
        "BF16, 1, 1, 2",
        "BF16, 1e-30, 1, 3",
        "BF16, 1e30, 2, 2",
        "BF16, 1e-6, 40, 2",
        "BF16, 0, 1, 2"
    })
    void packed_layers_side_by_side_equal_each_layer_alone(DType dtype, double size, int rows, int threads) {
        assumeTrue(SkinnyGemm.canPack(dtype), "no such layout on this platform");
        LibTorch.threads(threads);
        try (Scope _ = Scope.open();
                var _ = GradMode.off()) {
            Tensor x = Tensors.randn(1, rows, 300).retained();
            Tensor first = Tensors.randn(2, 701, 300).mul(size).to(dtype).retained();
            Tensor bias = Tensors.randn(3, 701).mul(size).to(dtype).retained();
            Tensor second = Tensors.randn(4, 1, 300).mul(size).to(dtype).retained();
            Tensor y = Tensors.full(size, DType.F32, rows, 702);
            MemorySegment at = Memory.segment(y);
            ThreadTeam team = ThreadTeam.now();
            try (var packed = SkinnyGemm.Packed.of(
                    List.of(new SkinnyGemm.Layer(first, bias), new SkinnyGemm.Layer(second, null)), team, rows)) {
                Tensor expected = Tensors.cat(
                        List.of(
                                Nn.linear(x, first.to(DType.F32), bias.to(DType.F32)),
                                Nn.linear(x, second.to(DType.F32), null)),
                        1);
                team.run(part -> packed.apply(x, part, at, true));
                double apart = y.sub(expected.add(size)).abs().max().item();
                assertThat(apart).isLessThanOrEqualTo(1e-4 * size);
                team.run(part -> packed.apply(x, part, at, false));
                assertThat(y.sub(expected).abs().max().item()).isLessThanOrEqualTo(1e-4 * size);
            }
            List.of(x, first, bias, second).forEach(Tensor::close);
        }
    }

    @Test
    void a_graph_many_rows_or_a_small_weight_take_the_usual_way() {
        try (Scope _ = Scope.open()) {
            Tensor weight = Tensors.zeros(DType.F32, 700, 300);
            assertThat(SkinnyGemm.fits(Tensors.zeros(DType.F32, 1, 300), weight))
                    .isFalse();
            try (var _ = GradMode.off()) {
                assertThat(SkinnyGemm.fits(Tensors.zeros(DType.F32, 1, 300), weight))
                        .isTrue();
                assertThat(SkinnyGemm.fits(Tensors.zeros(DType.F32, 64, 300), weight))
                        .isFalse();
                assertThat(SkinnyGemm.fits(Tensors.zeros(DType.F32, 1, 300), weight.narrow(0, 0, 10)))
                        .isFalse();
            }
        }
    }

    @Test
    void a_weight_of_another_width_is_an_error_on_whichever_thread() {
        LibTorch.threads(2);
        try (Scope _ = Scope.open();
                var _ = GradMode.off()) {
            Tensor x = Tensors.zeros(DType.F32, 2, 300);
            var good = new SkinnyGemm.Layer(Tensors.zeros(DType.F32, 800, 300), null);
            var bad = new SkinnyGemm.Layer(Tensors.zeros(DType.F32, 800, 301), null);
            assertThatThrownBy(() -> SkinnyGemm.linear(x, List.of(good, bad)))
                    .isInstanceOf(RuntimeException.class)
                    .hasMessageContaining("301");
            assertThatThrownBy(() -> SkinnyGemm.linear(x, List.of(bad, good)))
                    .isInstanceOf(RuntimeException.class)
                    .hasMessageContaining("301");
            assertThat(SkinnyGemm.linear(x, List.of(good)).sum().item()).isZero();
        }
    }

    @Test
    void many_threads_may_ask_at_once() throws Exception {
        LibTorch.threads(2);
        try (var executor = Executors.newFixedThreadPool(4)) {
            List<Future<Double>> sums = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                sums.add(executor.submit(() -> {
                    try (Scope _ = Scope.open();
                            var _ = GradMode.off()) {
                        var ones = List.of(new SkinnyGemm.Layer(Tensors.full(1, DType.F32, 700, 300), null));
                        double sum = 0;
                        for (int k = 0; k < 50; k++) {
                            sum += SkinnyGemm.linear(Tensors.full(1, DType.F32, 1, 300), ones)
                                    .sum()
                                    .item();
                        }
                        return sum;
                    }
                }));
            }
            for (var sum : sums) {
                assertThat(sum.get()).isCloseTo(50.0 * 700 * 300, within(1.0));
            }
        }
    }
}
