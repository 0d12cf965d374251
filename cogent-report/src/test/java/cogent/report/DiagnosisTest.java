package cogent.report;

import static cogent.report.Runs.curve;
import static org.assertj.core.api.Assertions.assertThat;

import cogent.pipeline.run.MetricPoint;
import cogent.report.Diagnosis.Finding;
import cogent.report.Diagnosis.Level;
import cogent.report.ReportData.Objective;
import cogent.report.ReportData.Training;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.LongToDoubleFunction;
import org.junit.jupiter.api.Test;

class DiagnosisTest {
    @Test
    void a_loss_that_falls_is_fine() {
        assertThat(sft(s -> 3 * Math.exp(-s / 20.0))).allMatch(f -> f.level() == Level.FINE);
    }

    @Test
    void a_loss_that_turns_upwards_is_seen() {
        assertThat(looks(sft(s -> s < 60 ? 3 - 0.045 * s : 0.3 + 0.02 * (s - 60))))
                .singleElement()
                .asString()
                .contains("turned upwards");
    }

    @Test
    void noise_around_a_tiny_loss_is_no_turn() {
        assertThat(sft(s -> s < 20 ? 3.0 / s : s > 85 ? 0.006 : 0.004)).allMatch(f -> f.level() == Level.FINE);
    }

    @Test
    void a_loss_that_stays_is_seen() {
        assertThat(looks(sft(s -> 2.31 + 0.001 * (s % 3))))
                .singleElement()
                .asString()
                .contains("little was learned");
    }

    @Test
    void a_loss_that_is_not_finite_is_seen_with_its_step() {
        assertThat(looks(sft(s -> s == 40 ? Double.NaN : 3 * Math.exp(-s / 20.0))))
                .singleElement()
                .asString()
                .contains("at step 40");
    }

    @Test
    void a_preference_loss_at_ln_2_is_the_reference_still() {
        assertThat(looks(preference(s -> Math.log(2) - 0.002, Map.of())))
                .singleElement()
                .asString()
                .contains("near ln 2", "equals the reference");
        assertThat(looks(preference(s -> 0.69 + 0.003 * s, Map.of())))
                .singleElement()
                .asString()
                .contains("above ln 2");
        assertThat(preference(s -> 0.69 * Math.exp(-s / 50.0), Map.of())).allMatch(f -> f.level() == Level.FINE);
    }

    @Test
    void a_preference_loss_that_holds_more_is_not_measured_against_ln_2() {
        assertThat(preference(s -> 4.2 - 0.01 * s, Map.of()))
                .allMatch(f -> f.level() == Level.FINE)
                .extracting(Diagnosis.Finding::text)
                .noneMatch(text -> text.contains("ln 2"));
    }

    @Test
    void a_chosen_side_that_falls_while_the_margin_grows_is_seen() {
        Map<String, List<MetricPoint>> falling =
                Map.of("logps/chosen", curve(100, s -> -100 - 0.2 * s), "rewards/margins", curve(100, s -> 0.02 * s));
        assertThat(looks(preference(s -> 0.69 * Math.exp(-s / 50.0), falling)))
                .singleElement()
                .asString()
                .contains("logps/chosen falls");
        Map<String, List<MetricPoint>> level =
                Map.of("logps/chosen", curve(100, s -> -100 - 0.01 * s), "rewards/margins", curve(100, s -> 0.02 * s));
        assertThat(looks(preference(s -> 0.69 * Math.exp(-s / 50.0), level))).isEmpty();
    }

    @Test
    void a_margin_below_zero_is_seen_with_its_gap() {
        Map<String, List<MetricPoint>> margins =
                Map.of("rewards/margins/small", curve(100, s -> -0.3), "rewards/margins/large", curve(100, s -> 2.0));
        assertThat(looks(preference(s -> 0.69 * Math.exp(-s / 50.0), margins)))
                .singleElement()
                .asString()
                .contains("small −0.3")
                .doesNotContain("large");
    }

    @Test
    void a_margin_below_zero_without_a_reference_is_no_movement() {
        Map<String, List<MetricPoint>> rewards =
                Map.of("rewards/chosen", curve(100, s -> -4.2), "rewards/margins", curve(100, s -> -0.3));
        assertThat(looks(preference(s -> 1.1 * Math.exp(-s / 50.0), rewards)))
                .singleElement()
                .asString()
                .contains("more probable than the chosen")
                .doesNotContain("moved");
    }

    @Test
    void pairs_that_are_told_apart_early_are_seen() {
        Map<String, List<MetricPoint>> accuracies = Map.of("rewards/accuracies", curve(100, s -> s < 20 ? 0.1 : 1.0));
        assertThat(looks(preference(s -> 0.69 * Math.exp(-s / 50.0), accuracies)))
                .singleElement()
                .asString()
                .contains("from step 20 on");
    }

    @Test
    void gradient_norms_outside_the_band_are_seen() {
        assertThat(looks(norms(s -> 50.0, OptionalDouble.empty())))
                .singleElement()
                .asString()
                .contains("outside the usual");
        assertThat(looks(norms(s -> 0.001, OptionalDouble.empty())))
                .singleElement()
                .asString()
                .contains("outside the usual");
        assertThat(looks(norms(s -> 1.0, OptionalDouble.empty()))).isEmpty();
    }

    @Test
    void a_spike_is_seen_but_not_in_the_first_tenth() {
        assertThat(looks(norms(s -> s == 70 ? 20 : 1, OptionalDouble.empty())))
                .singleElement()
                .asString()
                .contains("One gradient norm", "step 70");
        assertThat(looks(norms(s -> s < 5 ? 20 : 1, OptionalDouble.empty()))).isEmpty();
    }

    @Test
    void a_clip_that_always_acts_is_seen() {
        assertThat(looks(norms(s -> 2.0, OptionalDouble.of(1))))
                .singleElement()
                .asString()
                .contains("clipped at 1 in 100.0");
        assertThat(looks(norms(s -> 0.5, OptionalDouble.of(1)))).isEmpty();
    }

    @Test
    void few_steps_say_nothing() {
        Training t =
                new Training("x", Objective.SFT, 3, 100, OptionalDouble.empty(), Map.of("loss", curve(3, s -> 3.0)));
        assertThat(Diagnosis.of(t))
                .singleElement()
                .extracting(Finding::text)
                .asString()
                .contains("Too few steps");
    }

    private static List<String> looks(List<Finding> findings) {
        return findings.stream()
                .filter(f -> f.level() == Level.LOOK)
                .map(Finding::text)
                .toList();
    }

    private static List<Finding> sft(LongToDoubleFunction loss) {
        return Diagnosis.of(
                new Training("x", Objective.SFT, 100, 100, OptionalDouble.empty(), Map.of("loss", curve(100, loss))));
    }

    private static List<Finding> preference(LongToDoubleFunction loss, Map<String, List<MetricPoint>> more) {
        Map<String, List<MetricPoint>> metrics = new HashMap<>(more);
        metrics.put("loss", curve(100, loss));
        return Diagnosis.of(new Training("x", Objective.PREFERENCE, 100, 100, OptionalDouble.empty(), metrics));
    }

    private static List<Finding> norms(LongToDoubleFunction norm, OptionalDouble clip) {
        return Diagnosis.gradientNorm(curve(100, norm), clip);
    }

    @Test
    void a_held_out_loss_that_turned_upwards_says_where() {
        List<MetricPoint> turned =
                List.of(new MetricPoint(10, 1.0), new MetricPoint(20, 0.5), new MetricPoint(30, 0.7));
        assertThat(Diagnosis.heldOut(turned).orElseThrow().level()).isEqualTo(Diagnosis.Level.LOOK);
        assertThat(Diagnosis.heldOut(turned).orElseThrow().text()).contains("step 20", "by heart");
        assertThat(Diagnosis.heldOut(turned.subList(0, 2))).isEmpty();
    }
}
