package cogent.train.forward;

import static org.assertj.core.api.Assertions.assertThat;

import cogent.train.rows.Example;
import java.util.List;
import org.junit.jupiter.api.Test;

class PackedRowsTest {
    private static final PackedRows PACKED = PackedRows.of(List.of(
            new Example("a", new int[] {10, 11}, new int[] {12, 13, 14}),
            new Example("b", new int[] {20}, new int[] {21})));

    @Test
    void sequences_lie_end_to_end_without_their_last_token() {
        assertThat(PACKED.inputs().ids()).containsExactly(10, 11, 12, 13, 20);
        assertThat(PACKED.inputs().lengths()).containsExactly(4, 1);
    }

    @Test
    void only_completion_tokens_are_predicted_each_from_the_token_before_it() {
        assertThat(PACKED.targets()).containsExactly(12, 13, 14, 21);
        assertThat(PACKED.positions()).containsExactly(1, 2, 3, 4);
        assertThat(PACKED.counts()).containsExactly(3, 1);
    }

    @Test
    void values_per_token_and_per_sequence() {
        assertThat(PACKED.sums(new float[] {1, 2, 3, 10})).containsExactly(6, 10);
        assertThat(PACKED.spread(new double[] {0.5, -1})).containsExactly(0.5f, 0.5f, 0.5f, -1);
    }
}
