package cogent.report;

import static org.assertj.core.api.Assertions.assertThat;

import cogent.eval.Comparison;
import cogent.eval.Interval;
import cogent.pipeline.result.ModelComparison;
import org.junit.jupiter.api.Test;

class ComparisonSentenceTest {
    @Test
    void an_interval_above_zero_is_a_gain() {
        assertThat(reading(0.05, 0.02, 0.08, 0.001))
                .isEqualTo("B solves 5.0 points more than A: the interval excludes 0.");
    }

    @Test
    void an_interval_below_zero_is_a_loss() {
        assertThat(reading(-0.05, -0.08, -0.02, 0.001))
                .isEqualTo("B solves 5.0 points fewer than A: the interval excludes 0.");
    }

    @Test
    void an_interval_that_holds_zero_tells_nothing_apart() {
        assertThat(reading(0.022, -0.001, 0.045, 0.06))
                .isEqualTo("B and A cannot be told apart at n = 500: the interval holds 0.");
        assertThat(reading(0.02, 0, 0.04, 0.06)).contains("cannot be told apart");
    }

    @Test
    void where_interval_and_test_disagree_it_is_undecided() {
        assertThat(reading(0.02, 0.001, 0.04, 0.06)).startsWith("Undecided").contains("p = 0.060");
        assertThat(reading(0.02, -0.001, 0.04, 0.04)).startsWith("Undecided").contains("p = 0.040");
    }

    @Test
    void without_numbers_there_is_no_reading() {
        assertThat(reading(Double.NaN, Double.NaN, Double.NaN, Double.NaN)).contains("nothing can be said");
        assertThat(reading(0.02, 0.01, 0.03, Double.NaN)).contains("2.0 points more");
    }

    private static String reading(double difference, double low, double high, double p) {
        return ComparisonSentence.of(
                new ModelComparison("B", "A", new Comparison(difference, new Interval(low, high), p, 20, 10, 500)));
    }
}
