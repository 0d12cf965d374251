package cogent.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

final class ReplicatesTest {
    /** Five values; mean 0.5, s = 0.0158, t(0.975, 4) = 2.776. */
    private static final double[] FIVE = {0.48, 0.49, 0.50, 0.51, 0.52};

    @Test
    void interval_is_students_t_over_seeds() {
        Replicates.Mean mean = Replicates.mean(FIVE);
        assertThat(mean.mean()).isEqualTo(0.5, within(1e-12));
        assertThat(mean.deviation()).isEqualTo(Math.sqrt(0.001 / 4), within(1e-12));
        assertThat(mean.interval().high() - 0.5)
                .isEqualTo(2.7764451 * Math.sqrt(0.001 / 4) / Math.sqrt(5), within(1e-8));
    }

    @Test
    void one_seed_has_no_interval_and_no_p() {
        assertThat(Replicates.mean(new double[] {0.7}).interval().low()).isNaN();
        assertThat(Replicates.pairedTest(new double[] {0.1})).isNaN();
    }

    /** R: t.test(c(1.2, 0.8, 1.9, -0.3, 1.1)) gives p = 0.06027 (t = 2.5876, df = 4). */
    @Test
    void paired_test_is_the_t_test() {
        double[] d = {1.2, 0.8, 1.9, -0.3, 1.1};
        Replicates.Mean mean = Replicates.mean(d);
        double t = mean.mean() / (mean.deviation() / Math.sqrt(5));
        assertThat(t).isEqualTo(2.6, within(0.05));
        assertThat(Replicates.pairedTest(d)).isBetween(0.05, 0.07);
    }

    /** At four degrees of freedom t = 2.7764451 is the two-sided 5 % point of every table. */
    @Test
    void five_percent_point_of_the_table() {
        double s = 1;
        double half = 2.7764451051977987 * s / Math.sqrt(5);
        double[] spread = {-1.2649110640673518, -0.6324555320336759, 0, 0.6324555320336759, 1.2649110640673518};
        double[] d = Arrays.stream(spread).map(v -> v + half).toArray();
        assertThat(Replicates.mean(d).deviation()).isEqualTo(s, within(1e-12));
        assertThat(Replicates.pairedTest(d)).isEqualTo(0.05, within(1e-9));
    }

    @Test
    void differences_that_do_not_vary_are_no_certainty() {
        assertThat(Replicates.pairedTest(new double[] {0.1, 0.1, 0.1})).isEqualTo(0.25, within(1e-12));
        assertThat(Replicates.pairedTest(new double[] {0, 0, 0})).isEqualTo(1, within(1e-12));
    }

    /** The example of Holm's procedure in every textbook: 0.01, 0.04, 0.03, 0.005 become 0.03, 0.06, 0.06, 0.02. */
    @Test
    void holm_steps_down_and_leaves_out_what_is_no_number() {
        assertThat(Replicates.holm(new double[] {0.01, 0.04, Double.NaN, 0.03, 0.005}))
                .usingComparatorWithPrecision(1e-12)
                .containsExactly(0.03, 0.06, Double.NaN, 0.06, 0.02);
    }

    @Test
    void bootstrap_over_seeds_and_problems_holds_the_mean_and_is_repeatable() {
        double[][] values = new double[5][200];
        for (int s = 0; s < 5; s++) {
            for (int i = 0; i < 200; i++) {
                values[s][i] = i % 10 < 6 + s % 3 ? 1 : 0;
            }
        }
        Interval interval = Replicates.hierarchical(values);
        assertThat(interval.low()).isLessThan(0.68);
        assertThat(interval.high()).isGreaterThan(0.68);
        assertThat(interval.high() - interval.low()).isBetween(0.05, 0.2);
        assertThat(Replicates.hierarchical(values)).isEqualTo(interval);
    }
}
