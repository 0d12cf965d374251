package cogent.train.loop;

import static org.assertj.core.api.Assertions.assertThat;

import cogent.train.forward.BatchLayout;
import cogent.train.forward.Compute;
import cogent.train.rows.BatchSize;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BatchPlanTest {
    private static final int ROWS = 12;

    /** Rows of 10, 20, …, 120 tokens. */
    private static int tokens(int row) {
        return 10 * (row + 1);
    }

    private static TrainSettings settings(int batch, int atOnce, int steps) {
        TrainSettings paper = TrainSettings.sft();
        return new TrainSettings(
                1,
                OptionalInt.of(steps),
                new BatchSize.Rows(batch),
                new Compute(atOnce, BatchLayout.SHARED, 0),
                paper.optimiser(),
                7,
                paper.saveEvery(),
                1,
                paper.holdOut(),
                paper.onNan());
    }

    private static BatchPlan.Part largest(int batch, int atOnce, int steps) {
        return BatchPlan.largestPart(settings(batch, atOnce, steps), ROWS, BatchPlanTest::tokens);
    }

    private static int sum(BatchPlan.Part part) {
        return IntStream.of(part.rows()).map(BatchPlanTest::tokens).sum();
    }

    @Test
    void all_rows_of_one_batch_go_at_once_where_they_may() {
        BatchPlan.Part all = largest(ROWS, 10_000, 1);
        assertThat(all.rows()).hasSize(ROWS);
        assertThat(all.ofSeveral()).isFalse();
    }

    @Test
    void a_batch_is_parted_where_it_is_too_long_and_a_long_row_is_a_part_itself() {
        BatchPlan.Part parted = largest(ROWS, 150, 1);
        assertThat(sum(parted)).isBetween(120, 150);
        assertThat(parted.ofSeveral()).isTrue();
        assertThat(largest(1, 50, ROWS).rows()).containsExactly(ROWS - 1);
        assertThat(largest(1, 50, ROWS).ofSeveral()).isFalse();
    }

    @Test
    void the_largest_of_the_steps_that_are_taken_counts() {
        int first = sum(largest(3, 10_000, 1));
        int all = sum(largest(3, 10_000, 4));
        assertThat(all)
                .isGreaterThanOrEqualTo(first)
                .isGreaterThan(
                        IntStream.range(0, ROWS).map(BatchPlanTest::tokens).sum() / 4);
    }
}
