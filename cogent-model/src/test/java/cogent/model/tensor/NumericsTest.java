package cogent.model.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class NumericsTest {
    private static final Numerics SAME_BITS = new Numerics(true, true);

    @AfterEach
    void asBefore() {
        Numerics.STANDARD.apply();
    }

    @Test
    void what_is_set_is_in_force() {
        assertThat(Numerics.current()).isEqualTo(Numerics.STANDARD);
        SAME_BITS.apply();
        assertThat(Numerics.current()).isEqualTo(SAME_BITS);
    }

    @Test
    void work_of_either_kind_runs_without_the_demand_which_then_stands_again() {
        SAME_BITS.apply();
        assertThat(Numerics.ofEitherKind(Numerics::current)).isEqualTo(new Numerics(true, false));
        assertThat(Numerics.current()).isEqualTo(SAME_BITS);
        assertThatThrownBy(() -> Numerics.ofEitherKind(() -> {
                    throw new IllegalStateException("full");
                }))
                .hasMessage("full");
        assertThat(Numerics.current()).isEqualTo(SAME_BITS);
    }
}
