package cogent.report.chart;

import static cogent.report.Runs.curve;
import static org.assertj.core.api.Assertions.assertThat;

import cogent.pipeline.run.MetricPoint;
import java.util.List;
import org.junit.jupiter.api.Test;

class CurveTest {
    @Test
    void downsampling_keeps_the_ends_the_order_and_the_spike() {
        List<MetricPoint> all = curve(100_000, s -> s == 61_803 ? 40 : Math.sin(s / 5_000.0));
        List<MetricPoint> few = Curve.downsample(all, 500);
        assertThat(few).hasSize(500).isSortedAccordingTo((a, b) -> Long.compare(a.step(), b.step()));
        assertThat(few).contains(all.getFirst(), all.getLast(), new MetricPoint(61_803, 40));
        assertThat(few).doesNotHaveDuplicates();
    }

    @Test
    void a_short_curve_is_drawn_whole() {
        List<MetricPoint> all = curve(500, s -> s);
        assertThat(Curve.downsample(all, 500)).isSameAs(all);
        assertThat(Curve.downsample(curve(501, s -> s), 500)).hasSize(500);
    }

    @Test
    void a_resumed_run_replaces_the_steps_it_did_again() {
        assertThat(Curve.inOrder(List.of(
                        new MetricPoint(1, 3), new MetricPoint(2, 2), new MetricPoint(3, 9), new MetricPoint(2, 1.5))))
                .containsExactly(new MetricPoint(1, 3), new MetricPoint(2, 1.5), new MetricPoint(3, 9));
    }

    @Test
    void the_running_mean_of_a_line_is_the_line() {
        List<MetricPoint> line = curve(50, s -> 2.0);
        assertThat(Curve.runningMean(line, 9)).isEqualTo(line);
        assertThat(Curve.runningMean(curve(50, s -> s), 9).get(20).value()).isEqualTo(21);
    }

    @Test
    void the_mean_of_a_tenth_holds_at_least_one_point() {
        assertThat(Curve.mean(curve(3, s -> s), 0.9, 1)).isEqualTo(3);
        assertThat(Curve.mean(curve(100, s -> s), 0, 0.1)).isEqualTo(5.5);
    }
}
