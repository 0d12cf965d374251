package cogent.model.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AttentionOfFewTest {
    private final int threads = LibTorch.threads();

    @AfterEach
    void restore() {
        LibTorch.threads(threads);
    }

    @ParameterizedTest
    @CsvSource({"1, 3, 900, 2", "1, 1, 3000, 2", "7, 2, 400, 3", "32, 3, 129, 2", "2, 2, 5, 4", "3, 2, 700, 8"})
    void shared_out_it_is_the_same_attention(int rows, int kvHeads, int keys, int threads) {
        LibTorch.threads(threads);
        try (Scope _ = Scope.open();
                var _ = GradMode.off()) {
            Tensor q = Tensors.randn(1, rows, kvHeads, 4, 64);
            Tensor k = Tensors.randn(2, rows + 1, kvHeads, keys + 50, 64)
                    .narrow(0, 0, rows)
                    .narrow(2, 0, keys);
            Tensor v = Tensors.randn(3, rows, kvHeads, keys, 64);
            Tensor seen = Tensors.rand(4, rows, 1, 1, keys).lt(0.9);
            Tensor mask = Tensors.zeros(DType.F32, rows, 1, 1, keys).maskedFill(seen.not(), Double.NEGATIVE_INFINITY);
            assertThat(apart(Nn.attentionOfFew(q, k, v, mask, 0.125), Nn.attention(q, k, v, mask, false, 0.125)))
                    .isLessThan(1e-5);
            assertThat(apart(Nn.attentionOfFew(q, k, v, null, 0.125), Nn.attention(q, k, v, null, false, 0.125)))
                    .isLessThan(1e-5);
        }
        assertThat(LibTorch.threads()).isEqualTo(threads);
    }

    private static double apart(Tensor a, Tensor b) {
        return a.sub(b).abs().max().item();
    }
}
