package cogent.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StatisticsTest {
    /** The worked examples of Newcombe, Statistics in Medicine 17 (1998), method 3. */
    @ParameterizedTest
    @CsvSource({"81,263,0.2553,0.3662", "15,148,0.0624,0.1605", "0,20,0,0.1611", "1,29,0.0061,0.1718"})
    void wilson_gives_the_published_intervals(long successes, long n, double low, double high) {
        Interval interval = Statistics.wilson(successes, n);
        assertThat(interval.low()).isCloseTo(low, within(5e-5));
        assertThat(interval.high()).isCloseTo(high, within(5e-5));
    }

    @ParameterizedTest
    @CsvSource({"5,2,2,0.7", "5,2,1,0.4", "5,0,5,0", "5,1,5,1", "4,4,1,1", "10,3,4,0.8333333333333334"})
    void pass_at_k_counts_the_draws_without_a_right_one(int n, int c, int k, double expected) {
        assertThat(Statistics.passAt(k, n, c)).isCloseTo(expected, within(1e-12));
    }

    @Test
    void pass_at_k_needs_k_samples() {
        assertThatThrownBy(() -> Statistics.passAt(3, 2, 1)).isInstanceOf(IllegalArgumentException.class);
    }

    /** Sums of binomial coefficients by hand: 2·(1+12+66)/4096, 2/32, … */
    @ParameterizedTest
    @CsvSource({"10,2,0.03857421875", "2,10,0.03857421875", "5,0,0.0625", "1,9,0.021484375", "6,6,1", "0,0,1"})
    void mc_nemar_is_the_exact_binomial_test(long gained, long lost, double p) {
        assertThat(Statistics.mcNemar(gained, lost)).isCloseTo(p, within(1e-12));
    }

    @Test
    void mc_nemar_stands_large_counts() {
        // normal approximation with continuity correction: z = 99 / √900 = 3.3, p = 0.000967
        assertThat(Statistics.mcNemar(500, 400)).isCloseTo(0.000967, within(2e-5));
        assertThat(Statistics.mcNemar(5000, 4000)).isBetween(0.0, 1e-20);
    }

    @Test
    void the_permutation_test_agrees_with_mc_nemar_where_both_apply() {
        double[] differences = new double[40];
        Arrays.fill(differences, 0, 10, 1);
        Arrays.fill(differences, 10, 12, -1);
        assertThat(Statistics.signFlip(differences)).isCloseTo(Statistics.mcNemar(10, 2), within(1e-12));
        double[] many = new double[100];
        Arrays.fill(many, 0, 40, 1);
        Arrays.fill(many, 40, 60, -1);
        assertThat(Statistics.signFlip(many)).isCloseTo(Statistics.mcNemar(40, 20), within(0.005));
    }

    @Test
    void the_bootstrap_agrees_with_the_normal_interval_of_a_proportion() {
        double[] values = new double[400];
        Arrays.fill(values, 0, 100, 1);
        Interval interval = Statistics.bootstrap(values);
        double half = 1.96 * Math.sqrt(0.25 * 0.75 / 400);
        assertThat(interval.low()).isCloseTo(0.25 - half, within(0.005));
        assertThat(interval.high()).isCloseTo(0.25 + half, within(0.005));
        assertThat(Statistics.bootstrap(values)).isEqualTo(interval);
    }
}
