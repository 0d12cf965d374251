package cogent.model.gguf;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GgufTypeTest {
    /** Seen in what llama.cpp v0.5.0 makes of SmolLM2-135M. */
    @Test
    void four_bits_are_six_in_the_layers_where_llama_cpp_has_it_so() {
        assertThat(IntStream.range(0, 30)
                        .filter(layer -> type("blk." + layer + ".ffn_down.weight", 1536) == GgmlType.Q6_K))
                .containsExactly(0, 1, 2, 5, 8, 11, 14, 17, 20, 23, 26, 27, 28, 29);
    }

    @ParameterizedTest
    @CsvSource({
        "token_embd.weight, 576, Q8_0",
        "blk.0.attn_v.weight, 576, Q8_0",
        "blk.0.attn_q.weight, 576, Q5_0",
        "blk.4.attn_v.weight, 576, Q5_0",
        "blk.4.attn_v.weight, 1024, Q4_K",
        "blk.0.attn_output.weight, 1024, Q4_K",
        "blk.0.ffn_up.weight, 40, F16",
        "token_embd.weight, 40, F16"
    })
    void rows_that_fill_no_blocks_are_kept_in_smaller_ones(String name, long columns, GgmlType type) {
        assertThat(type(name, columns)).isEqualTo(type);
    }

    /** Seen in what llama.cpp v0.5.0 makes of Qwen3 models with 4, 8 and 16 experts, and of Llama and Qwen2 models of 80 layers. */
    @ParameterizedTest
    @CsvSource({
        "blk.4.attn_v.weight, 8, false, 1024, Q8_0",
        "blk.0.attn_v.weight, 8, false, 1024, Q8_0",
        "blk.0.attn_k.weight, 8, false, 576, Q8_0",
        "blk.0.attn_k.weight, 8, false, 40, F16",
        "blk.0.attn_q.weight, 8, false, 1024, Q4_K",
        "blk.0.attn_output.weight, 8, false, 1024, Q5_K",
        "blk.0.attn_output.weight, 8, false, 576, Q5_1",
        "blk.0.ffn_down_exps.weight, 8, false, 1024, Q6_K",
        "blk.4.attn_k.weight, 16, false, 1024, Q4_K",
        "blk.4.attn_output.weight, 4, false, 1024, Q4_K",
        "blk.4.attn_v.weight, 0, true, 1024, Q5_K",
        "blk.0.attn_v.weight, 0, true, 1024, Q6_K",
        "blk.4.attn_k.weight, 0, true, 1024, Q4_K",
    })
    void eight_experts_and_70b_are_cases_of_their_own(
            String name, int experts, boolean of70B, long columns, GgmlType type) {
        assertThat(GgufType.Q4_K_M.of(name, columns, new GgufType.Model("output.weight", 30, experts, of70B)))
                .isEqualTo(type);
    }

    private static GgmlType type(String name, long columns) {
        return GgufType.Q4_K_M.of(name, columns, new GgufType.Model("token_embd.weight", 30, 0, false));
    }
}
