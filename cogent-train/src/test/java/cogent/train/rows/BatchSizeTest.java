package cogent.train.rows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BatchSizeTest {
    @Test
    void an_epoch_visits_every_row_once_in_an_order_of_its_own() {
        List<int[]> first = new BatchSize.Rows(7).batches(100, _ -> 10, 42, 0);
        List<int[]> second = new BatchSize.Rows(7).batches(100, _ -> 10, 42, 1);
        assertThat(first).hasSize(15);
        assertThat(first.getLast()).hasSize(2);
        assertThat(flat(first))
                .containsExactlyInAnyOrder(IntStream.range(0, 100).toArray());
        assertThat(flat(second))
                .containsExactlyInAnyOrder(IntStream.range(0, 100).toArray());
        assertThat(flat(first)).isNotEqualTo(flat(second));
    }

    @Test
    void the_same_seed_gives_the_same_batches_and_another_seed_others() {
        BatchSize size = new BatchSize.Tokens(64);
        assertThat(flat(size.batches(50, i -> i, 1, 3))).isEqualTo(flat(size.batches(50, i -> i, 1, 3)));
        assertThat(flat(size.batches(50, i -> i, 1, 3))).isNotEqualTo(flat(size.batches(50, i -> i, 2, 3)));
    }

    @Test
    void batches_by_tokens_stay_below_the_limit_unless_one_row_exceeds_it() {
        for (int[] batch : new BatchSize.Tokens(40).batches(60, i -> i, 9, 0)) {
            assertThat(batch.length == 1 || IntStream.of(batch).sum() <= 40).isTrue();
        }
    }

    @Test
    void splitting_keeps_order_and_rows() {
        List<int[]> parts = BatchSize.split(new int[] {5, 3, 9, 1, 1}, i -> i, 8);
        assertThat(parts).containsExactly(new int[] {5, 3}, new int[] {9}, new int[] {1, 1});
        assertThat(BatchSize.split(new int[0], i -> i, 8)).isEmpty();
    }

    @Test
    void empty_batches_are_refused() {
        assertThatThrownBy(() -> new BatchSize.Rows(0)).hasMessageContaining("at least one row");
        assertThatThrownBy(() -> new BatchSize.Tokens(0)).hasMessageContaining("at least one token");
    }

    private static int[] flat(List<int[]> batches) {
        return batches.stream().flatMapToInt(Arrays::stream).toArray();
    }
}
