package cogent.train.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ObjectiveTest {
    private static final PairLogps PAIR = new PairLogps(-12, -17, -13, -15.5, 5, 8, 0.2, 0.7);

    static Stream<Objective> every_objective() {
        return Stream.of(
                new CogPo(),
                new CogPo(0.1, new Divergence.ReverseKl()),
                new CogPo(0, new Divergence.JensenShannon()),
                new CogPo(0.2, new Divergence.Alpha(0.5)),
                new Dpop(50),
                new Dpop(0.5),
                new Hinge(),
                new Sppo(),
                new Kto(1, 1.5),
                new Ipo(true),
                new Ipo(false),
                new SimPo(2, 0.5),
                new Cpo(0.1),
                new Orpo(0.1));
    }

    @ParameterizedTest
    @MethodSource("every_objective")
    void derivatives_are_the_slopes_of_the_loss(Objective objective) {
        for (PairLogps pair : List.of(
                PAIR,
                new PairLogps(-30, -4, -22, -6, 9, 2, 0.5, 0),
                new PairLogps(-0.4, -0.9, -0.5, -0.5, 3, 1, 0.1, 3))) {
            PairLoss loss = objective.loss(pair);
            assertThat(loss.dChosen())
                    .isCloseTo(
                            slope(
                                    x -> objective
                                            .loss(with(pair, x, pair.rejected()))
                                            .loss(),
                                    pair.chosen()),
                            within(1e-6 * Math.max(1, Math.abs(loss.dChosen()))));
            assertThat(loss.dRejected())
                    .isCloseTo(
                            slope(
                                    x -> objective
                                            .loss(with(pair, pair.chosen(), x))
                                            .loss(),
                                    pair.rejected()),
                            within(1e-6 * Math.max(1, Math.abs(loss.dRejected()))));
        }
    }

    @ParameterizedTest
    @MethodSource("every_objective")
    void extreme_log_probabilities_stay_finite(Objective objective) {
        for (double far : new double[] {0, -1e-9, -1e4}) {
            PairLoss loss = objective.loss(new PairLogps(far, -1e4 - far, -5e3, -5e3, 1, 1, 0.5, 1e3));
            assertThat(List.of(loss.loss(), loss.dChosen(), loss.dRejected())).allMatch(Double::isFinite);
        }
    }

    @Test
    void cogpo_by_hand() {
        // h = (−12+13) − (−17+15.5) = 2.5, βh = 0.5, σ(−0.5) = 0.37754066879814546
        PairLoss loss = new CogPo().loss(PAIR);
        assertThat(loss.loss()).isCloseTo(0.4740769841801067, within(1e-15));
        assertThat(loss.dChosen()).isCloseTo(-0.2 * 0.37754066879814546, within(1e-15));
        assertThat(loss.dRejected()).isCloseTo(0.2 * 0.37754066879814546, within(1e-15));
        assertThat(loss.chosenReward()).isCloseTo(0.2, within(1e-15));
        assertThat(loss.rejectedReward()).isCloseTo(-0.3, within(1e-15));
        assertThat(loss.margin()).isCloseTo(0.5, within(1e-15));
    }

    @Test
    void a_policy_equal_to_its_reference_has_loss_ln_2_and_half_beta_as_slope() {
        PairLoss loss = new CogPo().loss(new PairLogps(-9, -7, -9, -7, 3, 2, 0.5));
        assertThat(loss.loss()).isCloseTo(Math.log(2), within(1e-15));
        assertThat(loss.dChosen()).isCloseTo(-0.25, within(1e-15));
        assertThat(loss.margin()).isZero();
    }

    @Test
    void a_larger_beta_pulls_harder_at_the_start() {
        double small =
                new CogPo().loss(new PairLogps(-9, -7, -9, -7, 3, 2, 0.1)).dChosen();
        double large =
                new CogPo().loss(new PairLogps(-9, -7, -9, -7, 3, 2, 0.5)).dChosen();
        assertThat(large / small).isCloseTo(5, within(1e-12));
    }

    @Test
    void the_alpha_divergence_becomes_the_reverse_kl() {
        double reverseKl = new CogPo().loss(PAIR).loss();
        assertThat(new CogPo(0, new Divergence.Alpha(1e-7)).loss(PAIR).loss()).isCloseTo(reverseKl, within(1e-6));
    }

    @Test
    void dpop_by_hand() {
        // above the reference it is CogPO: chosen is one nat up
        assertThat(new Dpop(50).loss(PAIR)).isEqualTo(new CogPo().loss(PAIR));
        // log-ratios −2 and −3: z = 0.5 (−2 + 3 − 1.5 · 2) = −1, softplus(1) = 1.3132616875182228, σ(1) =
        // 0.7310585786300049
        PairLoss loss = new Dpop(1.5).loss(new PairLogps(-10, -9, -8, -6, 4, 4, 0.5));
        assertThat(loss.loss()).isCloseTo(1.3132616875182228, within(1e-15));
        assertThat(loss.dChosen()).isCloseTo(-0.7310585786300049 * 0.5 * 2.5, within(1e-15));
        assertThat(loss.dRejected()).isCloseTo(0.7310585786300049 * 0.5, within(1e-15));
        assertThat(loss.chosenReward()).isEqualTo(-1);
        assertThat(loss.margin()).isCloseTo(0.5, within(1e-15));
    }

    @Test
    void dpop_pulls_the_chosen_side_up_from_just_below_the_reference_on_but_not_for_rounding() {
        PairLogps equal = new PairLogps(-90, -70, -90, -70, 3, 2, 0.5);
        assertThat(new Dpop(50).loss(equal)).isEqualTo(new CogPo().loss(equal));
        PairLoss rounded = new Dpop(50).loss(with(equal, -90.0001, -70));
        assertThat(rounded.dChosen()).isCloseTo(-0.25, within(1e-3));
        assertThat(rounded.loss())
                .isCloseTo(Math.log(2) + 0.25 * 51e-4, within(1e-5)); // the loss does not jump, its slope does
        PairLoss below = new Dpop(50).loss(with(equal, -90.001, -70));
        assertThat(below.loss()).isCloseTo(Math.log(2) + 0.25 * 51e-3, within(1e-3));
        assertThat(below.dChosen()).isCloseTo(-0.25 * 51, within(0.2));
        assertThat(below.dRejected()).isCloseTo(0.25, within(1e-2));
    }

    @Test
    void hinge_and_ipo_by_hand() {
        assertThat(new Hinge().loss(PAIR).loss()).isCloseTo(0.5, within(1e-15));
        assertThat(new Ipo(false).loss(PAIR).loss()).isEqualTo(0);
        // 1/5 − (−1.5/8) − 2.5
        assertThat(new Ipo(true).loss(PAIR).loss()).isCloseTo(2.1125 * 2.1125, within(1e-12));
        assertThat(new Ipo(true).loss(PAIR).chosenReward()).isCloseTo(0.2, within(1e-15));
        assertThat(new Ipo(true).loss(PAIR).margin()).isCloseTo(0.5, within(1e-15));
        PairLogps beyond = new PairLogps(-3, -17, -13, -15.5, 5, 8, 0.2);
        assertThat(new Hinge().loss(beyond).loss()).isZero();
        assertThat(new Hinge().loss(beyond).dChosen()).isZero();
    }

    @Test
    void sppo_by_hand() {
        // log-ratios 1 and −1.5, ends ±2.5
        PairLoss loss = new Sppo().loss(PAIR);
        assertThat(loss.loss()).isCloseTo(1.5 * 1.5 + 1, within(1e-12));
        assertThat(loss.dChosen()).isCloseTo(-3, within(1e-12));
        assertThat(loss.dRejected()).isCloseTo(2, within(1e-12));
    }

    @Test
    void kto_by_hand() {
        // β (1 − 0.7) = 0.06 and β (0.7 + 1.5) = 0.44: σ(−0.06) = 0.4850044984, σ(−0.44) = 0.3917409693
        PairLoss loss = new Kto(1, 2).loss(PAIR);
        assertThat(loss.loss()).isCloseTo(0.5 * 0.4850044984 + 0.3917409693, within(1e-9));
        assertThat(loss.chosenReward()).isCloseTo(0.2, within(1e-12));
    }

    @Test
    void orpo_by_hand() {
        // p = ½ and ⅓: odds 1 and ½, log ratio ln 2, σ(ln 2) = 2/3
        PairLogps pair = new PairLogps(3 * Math.log(0.5), 2 * Math.log(1.0 / 3), Double.NaN, Double.NaN, 3, 2, 1);
        assertThat(new Orpo(0.1).loss(pair).loss()).isCloseTo(0.1 * Math.log(1.5), within(1e-15));
    }

    @Test
    void nll_per_token_is_the_mean_over_all_chosen_tokens_of_the_batch() {
        PairLogps a = new PairLogps(-6, -1, -6, -1, 3, 1, 0.1);
        PairLogps b = new PairLogps(-10, -1, -10, -1, 1, 1, 0.1);
        PairLoss zero = new PairLoss(0, 0, 0, 0, 0);
        ChosenNll perToken = new ChosenNll(0.5, ChosenNll.Per.TOKEN);
        double mean =
                (perToken.addTo(zero, a, 2).loss() + perToken.addTo(zero, b, 2).loss()) / 2;
        assertThat(mean).isCloseTo(0.5 * 16 / 4, within(1e-15));
        assertThat(perToken.addTo(zero, a, 2).dChosen()).isEqualTo(-0.25);

        ChosenNll perPair = new ChosenNll(0.5, ChosenNll.Per.PAIR);
        assertThat(perPair.addTo(zero, a, 2).loss()).isCloseTo(1, within(1e-15));
        assertThat(perPair.addTo(zero, b, 2).loss()).isCloseTo(5, within(1e-15));
        assertThat(ChosenNll.NONE.addTo(zero, a, 2).loss()).isZero();
    }

    @Test
    void nonsense_settings_are_refused() {
        assertThatThrownBy(() -> new CogPo(0.5, new Divergence.ReverseKl())).hasMessageContaining("0.5");
        assertThatThrownBy(() -> new Divergence.Alpha(0)).hasMessageContaining("alpha");
        assertThatThrownBy(() -> new SimPo(Double.NaN, 1)).hasMessageContaining("beta");
        assertThatThrownBy(() -> new Cpo(0)).hasMessageContaining("beta");
        assertThatThrownBy(() -> new Dpop(-1)).hasMessageContaining("lambda");
        assertThatThrownBy(() -> new Orpo(-1)).hasMessageContaining("lambda");
        assertThatThrownBy(() -> new ChosenNll(Double.POSITIVE_INFINITY, ChosenNll.Per.PAIR))
                .hasMessageContaining("weight");
    }

    private static PairLogps with(PairLogps pair, double chosen, double rejected) {
        return new PairLogps(
                chosen,
                rejected,
                pair.refChosen(),
                pair.refRejected(),
                pair.chosenTokens(),
                pair.rejectedTokens(),
                pair.beta(),
                pair.kl());
    }

    private static double slope(DoubleUnaryOperator f, double at) {
        double step = 1e-5;
        return (f.applyAsDouble(at + step) - f.applyAsDouble(at - step)) / (2 * step);
    }
}
