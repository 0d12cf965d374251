package cogent.train.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class DynamicBetaTest {
    private static final int[] ROWS = {4, 7, 9, 2, 5};

    @Test
    void averages_and_factor_by_hand() {
        DynamicBeta.Decision decision = DynamicBeta.PAPER.decide(
                ROWS, new double[] {1, 2, 3, 4, 5}, new DynamicBeta.Averages(1, 2), new Random(1));
        // mean 3, deviation √2.5; M₀ = 0.9 + 0.3, factor 1 + 0.6 (3 − 1.2)
        assertThat(decision.averages().mean()).isCloseTo(1.2, within(1e-12));
        assertThat(decision.averages().deviation()).isCloseTo(1.8 + 0.1 * Math.sqrt(2.5), within(1e-12));
        assertThat(decision.betaFactor()).isCloseTo(2.08, within(1e-12));
        assertThat(decision.kept()).hasSize(4).doesNotHaveDuplicates();
    }

    @Test
    void the_factor_never_turns_beta_around() {
        assertThat(DynamicBeta.PAPER
                        .decide(ROWS, new double[] {-90, -90, -90, -90, -90}, DynamicBeta.Averages.START, new Random(1))
                        .betaFactor())
                .isEqualTo(1e-3);
    }

    @Test
    void outliers_are_left_out_and_everything_is_repeatable() {
        double[] margins = {0.1, -0.2, 0, 0.2, 60};
        DynamicBeta.Averages usual = new DynamicBeta.Averages(0, 1);
        for (int seed = 0; seed < 50; seed++) {
            int[] kept = DynamicBeta.PAPER
                    .decide(ROWS, margins, usual, new Random(seed))
                    .kept();
            assertThat(kept).containsExactly(4, 7, 9, 2);
        }
    }

    @Test
    void a_first_batch_without_any_spread_keeps_its_share() {
        assertThat(DynamicBeta.PAPER
                        .decide(ROWS, new double[5], DynamicBeta.Averages.START, new Random(3))
                        .kept())
                .hasSize(4);
        assertThat(new DynamicBeta(0.6, 0.9, 0.01)
                        .decide(ROWS, new double[5], DynamicBeta.Averages.START, new Random(3))
                        .kept())
                .hasSize(1);
    }

    @Test
    void nonsense_is_refused() {
        assertThatThrownBy(() -> new DynamicBeta(0.6, 1, 0.8)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new DynamicBeta(0.6, 0.9, 0)).isInstanceOf(IllegalArgumentException.class);
    }
}
