package cogent.train.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import cogent.train.loop.TrainSettings;
import org.junit.jupiter.api.Test;

class ScheduleTest {
    @Test
    void warm_up_rises_in_a_line_from_zero() {
        assertThat(Schedule.COSINE.factor(0, 4, 4, 20)).isZero();
        assertThat(Schedule.COSINE.factor(1, 4, 4, 20)).isEqualTo(0.25);
        assertThat(Schedule.COSINE.factor(4, 4, 4, 20)).isEqualTo(1);
    }

    @Test
    void each_schedule_falls_as_transformers_has_it() {
        // step 12 of 20 with 4 of warm-up: half of the way down
        assertThat(Schedule.COSINE.factor(12, 4, 4, 20)).isCloseTo(0.5, within(1e-15));
        assertThat(Schedule.COSINE.factor(8, 4, 4, 20)).isCloseTo(0.8535533905932737, within(1e-15));
        assertThat(Schedule.LINEAR.factor(8, 4, 4, 20)).isEqualTo(0.75);
        assertThat(Schedule.CONSTANT.factor(19, 4, 4, 20)).isEqualTo(1);
        assertThat(Schedule.COSINE.factor(20, 4, 4, 20)).isCloseTo(0, within(1e-15));
        assertThat(Schedule.LINEAR.factor(20, 4, 4, 20)).isZero();
    }

    @Test
    void wsd_stays_and_falls_over_its_last_steps() {
        assertThat(Schedule.WSD.factor(2, 4, 5, 20)).isEqualTo(0.5);
        assertThat(Schedule.WSD.factor(4, 4, 5, 20)).isEqualTo(1);
        assertThat(Schedule.WSD.factor(15, 4, 5, 20)).isEqualTo(1);
        assertThat(Schedule.WSD.factor(18, 4, 5, 20)).isEqualTo(0.4);
        assertThat(Schedule.WSD.factor(20, 4, 5, 20)).isZero();
    }

    @Test
    void a_run_that_is_all_warm_up_is_no_division_by_zero() {
        assertThat(Schedule.LINEAR.factor(3, 3, 4, 3)).isEqualTo(1);
        assertThat(OptimiserSettings.of(1e-3).learningRate(0, 1)).isZero();
    }

    @Test
    void nonsense_is_refused() {
        assertThatThrownBy(() -> OptimiserSettings.of(0)).hasMessageContaining("learning rate");
        assertThatThrownBy(() -> OptimiserSettings.of(Double.NaN)).hasMessageContaining("learning rate");
        assertThatThrownBy(() -> TrainSettings.sft().withEpochs(0)).hasMessageContaining("epochs");
        assertThatThrownBy(() -> TrainSettings.sft().withCheckpoints(1, 0)).hasMessageContaining("keep");
    }
}
