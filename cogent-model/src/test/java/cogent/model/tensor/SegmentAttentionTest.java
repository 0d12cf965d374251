package cogent.model.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SegmentAttentionTest {
    private static final long[] STARTS = {0, 9, 12};
    private static final long[] LENGTHS = {5, 1, 8};
    private static final double SCALE = 0.125;

    private static Tensor attended(Device device, DType dtype, Tensor q, Tensor k, Tensor v) {
        Tensor starts = Tensors.of(STARTS, 3).to(device, DType.I64);
        Tensor lengths = Tensors.of(LENGTHS, 3).to(device, DType.I64);
        return new SegmentAttention(starts, lengths, 9, 24, 3)
                .of(q.to(device, dtype), k.to(device, dtype), v.to(device, dtype), SCALE);
    }

    /** What can be known of the call without a GPU: libtorch takes its arguments, and misses nothing but the device. */
    @ParameterizedTest
    @EnumSource(names = {"F32", "BF16"})
    void the_kernels_take_the_arguments(DType dtype) {
        assumeFalse(LibTorch.cudaIsAvailable());
        try (Scope _ = Scope.open()) {
            Tensor q = Tensors.randn(1, 3, 6, 64);
            Tensor kv = Tensors.randn(2, 24, 2, 64);
            assertThatThrownBy(() -> attended(Device.CPU, dtype, q, kv, kv))
                    .hasMessageContaining("_attention_forward")
                    .hasMessageContaining("'CPU' backend");
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"F32", "BF16"})
    void each_row_sees_its_own_segment(DType dtype) {
        assumeTrue(LibTorch.cudaIsAvailable(), "no CUDA device");
        try (Scope _ = Scope.open();
                var _ = GradMode.off()) {
            Tensor q = Tensors.randn(1, 3, 6, 64);
            Tensor k = Tensors.randn(2, 24, 2, 64);
            Tensor v = Tensors.randn(3, 24, 2, 64);
            Tensor seen = attended(Device.named("cuda"), dtype, q, k, v).to(Device.CPU, DType.F32);
            for (int row = 0; row < 3; row++) {
                Tensor alone = Nn.attention(
                        q.narrow(0, row, 1).view(1, 2, 3, 64),
                        k.narrow(0, STARTS[row], LENGTHS[row]).transpose(0, 1).unsqueeze(0),
                        v.narrow(0, STARTS[row], LENGTHS[row]).transpose(0, 1).unsqueeze(0),
                        null,
                        false,
                        SCALE);
                double apart =
                        alone.view(384).sub(seen.select(0, row)).abs().max().item();
                assertThat(apart).isLessThan(dtype == DType.F32 ? 1e-4 : 0.05);
            }
        }
    }
}
