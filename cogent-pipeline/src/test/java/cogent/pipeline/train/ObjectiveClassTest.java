package cogent.pipeline.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cogent.data.InputException;
import cogent.train.objective.Objective;
import cogent.train.objective.PairLogps;
import cogent.train.objective.PairLoss;
import org.junit.jupiter.api.Test;

class ObjectiveClassTest {
    public record WithBeta(double beta) implements Objective {
        public WithBeta {
            if (beta > 1) {
                throw new IllegalArgumentException("beta is at most 1");
            }
        }

        @Override
        public PairLoss loss(PairLogps pair) {
            return new PairLoss(beta, 0, 0, 0, 0);
        }
    }

    public static final class Plain implements Objective {
        @Override
        public PairLoss loss(PairLogps pair) {
            return new PairLoss(7, 0, 0, 0, 0);
        }
    }

    public record Unmakeable(String text) implements Objective {
        @Override
        public PairLoss loss(PairLogps pair) {
            return new PairLoss(0, 0, 0, 0, 0);
        }
    }

    @Test
    void a_class_on_the_class_path_is_an_objective() {
        assertThat(ObjectiveClass.load(WithBeta.class.getName(), 0.25)).isEqualTo(new WithBeta(0.25));
        assertThat(ObjectiveClass.load(Plain.class.getName(), 0.25)).isInstanceOf(Plain.class);
    }

    @Test
    void what_is_none_is_told_with_the_reason() {
        refused("org.nowhere.Loss", "no class on the class path");
        refused("java.lang.String", "does not implement");
        refused(Unmakeable.class.getName(), "no public constructor");
        refused(WithBeta.class.getName(), "beta is at most 1");
    }

    private static void refused(String name, String message) {
        assertThatThrownBy(() -> ObjectiveClass.load(name, 2))
                .isInstanceOf(InputException.class)
                .hasMessageContaining(name)
                .hasMessageContaining(message);
    }
}
