package cogent.model.decoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import cogent.model.hf.Configs;
import cogent.model.hf.ModelConfig;
import cogent.model.tensor.Scope;
import cogent.model.tensor.Tensor;
import cogent.model.tensor.Tensors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Rows, keys and positions as a GPU's kernels get them; a CPU computes the sequences one by one in their place. */
class VarlenAttentionTest {
    private static Stream<ModelConfig> configs() {
        return Stream.of(Configs.qwen2(), Configs.qwen3(), Configs.mistral(), Configs.gemma3());
    }

    @ParameterizedTest
    @MethodSource("configs")
    void sees_what_padded_attention_sees_and_has_its_gradient(ModelConfig config) {
        same(config, new Packed(ids(57), new int[] {1, 40, 3, 13}));
        same(config, new Packed(ids(9), new int[] {9}));
    }

    @ParameterizedTest
    @MethodSource("configs")
    void a_shared_prompt_is_seen_by_all_that_continue_it(ModelConfig config) {
        same(config, Packed.branching(ids(44), new int[] {7, 3}, new int[][] {{5, 11}, {17, 1}}));
        same(config, Packed.branching(ids(23), new int[] {4, 6}, new int[][] {{0, 8}, {5, 0}}));
        same(config, Packed.branching(ids(12), new int[] {2}, new int[][] {{1, 4, 5}}));
    }

    @Test
    void every_row_is_one_sequences_query_even_where_a_continuation_is_empty() {
        Packed.Spans spans = Packed.branching(ids(23), new int[] {4, 6}, new int[][] {{0, 8}, {5, 0}})
                .spans();
        assertThat(spans.queries()).containsExactly(4, 8, 11);
        assertThat(spans.keys()).containsExactly(4, 12, 11);
        assertThat(spans.rows())
                .containsExactly(
                        0, 1, 2, 3, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22);
    }

    private static int[] ids(int n) {
        return IntStream.range(1, n + 1).toArray();
    }

    private static void same(ModelConfig config, Packed packed) {
        try (LanguageModel model = LanguageModel.create(config, 3);
                Scope _ = Scope.open()) {
            AttentionHeads heads = model.decoder().heads();
            long width = (config.heads() + 2L * config.kvHeads()) * config.headDim();
            Tensor up = Tensors.randn(5, packed.tokens(), (long) config.heads() * config.headDim());
            for (int layer = 0; layer < config.layers(); layer++) {
                Tensor padded = Tensors.randn(4, packed.tokens(), width).requiresGrad(true);
                Tensor varlen = padded.detach().copy().requiresGrad(true);
                Tensor want = new PackedAttention(heads, packed).attend(layer, padded);
                Tensor got = new VarlenAttention(heads, packed).attend(layer, varlen);
                assertThat(got.toFloats()).containsExactly(want.toFloats(), within(1e-5f));
                want.backward(up);
                got.backward(up);
                assertThat(varlen.grad().toFloats())
                        .containsExactly(padded.grad().toFloats(), within(1e-4f));
            }
        }
    }
}
