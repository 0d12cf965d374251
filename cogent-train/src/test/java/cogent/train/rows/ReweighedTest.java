package cogent.train.rows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cogent.data.Gap;
import cogent.train.state.ReferenceLogps;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReweighedTest {
    private static final List<PairExample> PAIRS = List.of(
            new PairExample("a", new int[] {1}, new int[] {2}, new int[] {3}, 0.1, Gap.SMALL),
            new PairExample("b", new int[] {4}, new int[] {5}, new int[] {6}, 0.2, null));

    @Test
    void pairs_keep_all_but_their_weights() {
        double[] weights = {0.5, 2};
        List<PairExample> reweighed = new Reweighed(PAIRS, weights);
        weights[0] = 9;
        assertThat(reweighed).extracting(PairExample::weight).containsExactly(0.5, 2.0);
        assertThat(reweighed).extracting(PairExample::id).containsExactly("a", "b");
        assertThat(reweighed.get(1).beta()).isEqualTo(0.2);
        assertThat(reweighed.get(0).gap()).isEqualTo(Gap.SMALL);
    }

    @Test
    void every_pair_needs_a_weight() {
        assertThatThrownBy(() -> new Reweighed(PAIRS, new double[1])).hasMessage("1 weights for 2 pairs");
    }

    @Test
    void a_margin_is_how_much_more_the_chosen_side_gained_than_the_rejected_one() {
        ReferenceLogps reward = ReferenceLogps.of(new double[] {-1, -5, -2, -2});
        ReferenceLogps reference = ReferenceLogps.of(new double[] {-3, -4, -2, Double.NaN});
        assertThat(reward.margin(0, reference)).isEqualTo(3);
        assertThat(reward.margin(1, reference)).isNaN();
    }
}
