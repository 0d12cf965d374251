package cogent.model.delta;

import static org.assertj.core.api.Assertions.assertThat;

import cogent.model.tensor.DType;
import cogent.model.tensor.LibTorch;
import cogent.model.tensor.Scope;
import cogent.model.tensor.Tensor;
import cogent.model.tensor.Tensors;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeltaRuleTest {
    private static final int BATCH = 2;
    private static final int HEADS = 3;
    private static final int KEY = 8;
    private static final int VALUE = 5;

    @BeforeAll
    static void oneThread() {
        LibTorch.threads(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 63, 64, 65, 128, 200})
    void all_tokens_at_once_are_these_tokens_one_by_one(int time) {
        try (Scope _ = Scope.open()) {
            DeltaRule rule = rule(time, 0.05);
            Tensor state = Tensors.zeros(DType.F32, BATCH, HEADS, KEY, VALUE);
            List<Tensor> y = new ArrayList<>();
            for (int t = 0; t < time; t++) {
                y.add(at(rule, t).step(state));
            }
            DeltaRule.Seen seen = rule.scan();
            assertThat(distance(seen.y(), Tensors.cat(y, 2))).isLessThan(1e-5);
            assertThat(distance(seen.state(), state)).isLessThan(1e-5);
        }
    }

    @Test
    void a_state_outlasts_the_tokens_that_are_none() {
        try (Scope _ = Scope.open()) {
            DeltaRule all = rule(150, 0.05);
            DeltaRule begun = new DeltaRule(
                    all.q().narrow(2, 0, 70),
                    all.k().narrow(2, 0, 70),
                    all.v().narrow(2, 0, 70),
                    all.decay().narrow(2, 0, 70),
                    all.strength().narrow(2, 0, 70));
            Tensor real = Tensors.arange(150).view(1, 1, 150).lt(70).to(DType.F32);
            DeltaRule.Seen seen = all.where(real).scan();
            assertThat(distance(seen.state(), begun.scan().state())).isLessThan(1e-6);
            assertThat(distance(seen.y().narrow(2, 0, 70), begun.scan().y())).isLessThan(1e-6);
        }
    }

    /** Gates of published models reach decays that a quotient of two products of them could not hold. */
    @Test
    void what_is_forgotten_at_once_is_no_quotient_of_zeros() {
        try (Scope _ = Scope.open()) {
            DeltaRule.Seen seen = rule(130, 40).scan();
            assertThat(seen.y().isFinite().all().item()).isEqualTo(1);
            assertThat(seen.state().isFinite().all().item()).isEqualTo(1);
        }
    }

    /** @param rate of forgetting */
    private static DeltaRule rule(int time, double rate) {
        return new DeltaRule(
                unit(Tensors.randn(1, BATCH, HEADS, time, KEY)),
                unit(Tensors.randn(2, BATCH, HEADS, time, KEY)),
                Tensors.randn(3, BATCH, HEADS, time, VALUE),
                Tensors.rand(4, BATCH, HEADS, time).mul(-rate),
                Tensors.rand(5, BATCH, HEADS, time));
    }

    private static Tensor unit(Tensor x) {
        return x.div(x.mul(x).sum(-1, true).sqrt());
    }

    private static DeltaRule at(DeltaRule rule, int t) {
        return new DeltaRule(
                rule.q().narrow(2, t, 1),
                rule.k().narrow(2, t, 1),
                rule.v().narrow(2, t, 1),
                rule.decay().narrow(2, t, 1),
                rule.strength().narrow(2, t, 1));
    }

    private static double distance(Tensor a, Tensor b) {
        return a.sub(b).abs().max().item();
    }
}
