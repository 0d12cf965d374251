package cogent.train.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import cogent.data.InputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class WeightRuleTest {
    private static final WeightRule.MarginAdaptive PAPER = new WeightRule.MarginAdaptive(2, 1, 0.5, 2);

    private static ObjectNode row(String json) {
        return (ObjectNode) JsonMapper.shared().readTree(json);
    }

    @Test
    void margins_by_hand() {
        // k = 1 / 0.5 = 2; m = 1: c = 0.5 + 1.5 / (1 + 2 e⁻¹) = 1.3641753, weight σ(c) / σ(1)
        assertThat(PAPER.weight(1)).isCloseTo(1.0894304275, within(1e-9));
        // m = 4: c = 0.5 + 1.5 / (1 + 2 e²) = 0.5950684, σ(4 c) / σ(4)
        assertThat(PAPER.weight(4)).isCloseTo(0.9320751470, within(1e-9));
        // m = −1: the same c, σ(−c) / σ(−1)
        assertThat(PAPER.weight(-1)).isCloseTo(0.7569028941, within(1e-9));
    }

    @Test
    void a_pair_at_tau_counts_as_in_dpo_and_one_judged_the_wrong_way_round_too() {
        assertThat(PAPER.weight(2)).isCloseTo(1, within(1e-12));
        assertThat(PAPER.weight(-2)).isEqualTo(1);
        assertThat(PAPER.weight(-50)).isEqualTo(1);
    }

    @Test
    void weights_stay_finite_where_margins_are_absurd() {
        assertThat(PAPER.weight(1e300)).isCloseTo(1, within(1e-12));
        assertThat(PAPER.weight(0)).isEqualTo(1);
        assertThat(new WeightRule.MarginAdaptive(1e6, 1e6, 0, 1e6).weight(1e5)).isFinite();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"{}", "{\"reward_margin\": \"2\"}", "{\"reward_margin\": null}", "{\"reward_margin\": 1e999}"})
    void a_row_without_a_margin_is_refused(String json) {
        assertThatThrownBy(() -> PAPER.of(row(json)))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("reward_margin");
    }

    @Test
    void settings_that_make_no_weight_are_refused() {
        assertThatThrownBy(() -> new WeightRule.MarginAdaptive(2, 1, 1, 2))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("c_min < 1 < c_max");
    }
}
