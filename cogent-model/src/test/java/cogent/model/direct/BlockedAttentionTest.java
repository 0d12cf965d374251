package cogent.model.direct;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import cogent.model.decoder.ForwardPass;
import cogent.model.decoder.LanguageModel;
import cogent.model.decoder.Packed;
import cogent.model.hf.Configs;
import cogent.model.tensor.Blas;
import cogent.model.tensor.LibTorch;
import cogent.model.tensor.Nn;
import cogent.model.tensor.Scope;
import cogent.model.tensor.Tensor;
import cogent.model.tensor.Tensors;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BlockedAttentionTest {
    private final int threads = LibTorch.threads();

    @BeforeEach
    void twoThreads() {
        assumeTrue(Blas.isPresent(), "no OpenBLAS for this platform");
        LibTorch.threads(2);
    }

    @AfterEach
    void restore() {
        LibTorch.threads(threads);
    }

    /** One block, whole blocks, a last one of one query, heads of their own and shared, all of one key head; as they lie in a projection. */
    @ParameterizedTest
    @CsvSource({
        "1, 3, 1, 5, 8",
        "2, 4, 2, 64, 16",
        "1, 6, 2, 128, 32",
        "3, 2, 2, 129, 64",
        "2, 9, 3, 200, 64",
        "1, 4, 1, 321, 24"
    })
    void attention_and_its_gradients_are_those_of_the_operator(int batch, int heads, int kvHeads, int time, int d) {
        double scale = 1 / Math.sqrt(d);
        try (Scope _ = Scope.open()) {
            Tensor projected =
                    Tensors.randn(1, batch, time, heads + 2L * kvHeads, d).requiresGrad(true);
            List<Tensor> parts = projected.split(new long[] {heads, kvHeads, kvHeads}, 2).stream()
                    .map(part -> part.transpose(1, 2))
                    .toList();
            Tensor q = parts.get(0);
            Tensor k = parts.get(1);
            Tensor v = parts.get(2);
            Tensor up = Tensors.randn(2, batch, time, heads, d);
            Tensor expected = Nn.attention(q, k, v, null, true, scale).transpose(1, 2);
            expected.backward(up);

            Tensor seen = BlockedAttention.seen(q, k, v, scale);
            List<Tensor> slopes = BlockedAttention.backward(q, k, v, scale, up);

            assertThat(apart(seen, expected.detach())).isLessThan(1e-5);
            Tensor all = Tensors.cat(
                    slopes.stream().map(slope -> slope.transpose(1, 2)).toList(), 2);
            assertThat(apart(all, projected.grad())).isLessThan(5e-5);
            assertThat(seen.requiresGrad()).isFalse();
        }
    }

    private static double apart(Tensor a, Tensor b) {
        assertThat(a.shape()).containsExactly(b.shape());
        return a.sub(b).abs().max().item();
    }

    /** With more threads than key heads the operator is taken. */
    @Test
    void training_on_long_rows_has_the_gradients_of_the_operator() {
        assumeTrue(Blas.isBest(), "libtorch's own products are taken on this processor");
        try (LanguageModel model = LanguageModel.create(Configs.qwen2(), 5)) {
            model.parameters().values().forEach(p -> p.requiresGrad(true));
            Random random = new Random(1);
            Packed rows = Packed.of(IntStream.of(150, 200, 3, 180)
                    .mapToObj(n -> random.ints(n, 0, model.config().vocabSize()).toArray())
                    .toList());
            LibTorch.threads(13);
            float[] expected = gradients(model, rows, 0);
            LibTorch.threads(2);
            for (int recompute = 0; recompute < 2; recompute++) {
                long before = LibTorch.liveHandles();
                float[] got = gradients(model, rows, recompute);
                assertThat(LibTorch.liveHandles()).isEqualTo(before);
                double size = 0;
                double off = 0;
                for (int i = 0; i < got.length; i++) {
                    off += Math.pow(got[i] - expected[i], 2);
                    size += Math.pow(expected[i], 2);
                }
                assertThat(Math.sqrt(off / size)).isLessThan(1e-5);
            }
        }
    }

    private static float[] gradients(LanguageModel model, Packed rows, int recompute) {
        try (Scope _ = Scope.open()) {
            model.parameters().values().forEach(Tensor::clearGrad);
            Tensor up = Tensors.randn(1, rows.tokens(), model.config().hiddenSize());
            ForwardPass.of(model.decoder(), rows, recompute).backward(up);
            return Tensors.cat(
                            model.parameters().values().stream()
                                    .map(p -> p.grad().view(-1))
                                    .toList(),
                            0)
                    .toFloats();
        }
    }
}
