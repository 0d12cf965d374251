package cogent.report.chart;

import static cogent.report.Runs.curve;
import static org.assertj.core.api.Assertions.assertThat;

import cogent.eval.Interval;
import cogent.pipeline.run.MetricPoint;
import cogent.report.chart.LineChart.Line;
import cogent.report.chart.LineChart.Scale;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class ChartsTest {
    private static final Pattern CURVE = Pattern.compile("<path d=\"([^\"]*)\" class=\"curve[^\"]*\"/>");

    @Test
    void ticks_stand_at_round_values() {
        assertThat(Axis.linear(0, 2.31, 4).labels()).containsExactly("0.0", "0.5", "1.0", "1.5", "2.0", "2.5");
        assertThat(Axis.linear(-34, -14, 4).labels()).containsExactly("−35", "−30", "−25", "−20", "−15", "−10");
        assertThat(Axis.steps(500, 4).labels()).containsExactly("0", "100", "200", "300", "400", "500");
        assertThat(Axis.log(0.004, 3).labels()).containsExactly("0.01", "0.1", "1");
        assertThat(Axis.linear(0, 3e-3, 4).labels())
                .startsWith("0")
                .endsWith("3e−3")
                .allMatch(l -> l.length() < 7);
    }

    @Test
    void an_axis_is_never_empty() {
        assertThat(Axis.linear(0, 0, 4).high()).isGreaterThan(0);
        assertThat(Axis.linear(7, 7, 4).high())
                .isGreaterThan(Axis.linear(7, 7, 4).low());
        assertThat(Axis.log(0.5, 0.5).ticks()).isNotEmpty();
        assertThat(Axis.steps(0, 4).high()).isEqualTo(1);
    }

    @Test
    void values_that_differ_by_rounding_alone_have_an_axis_of_few_short_labels() {
        for (double value : new double[] {4.639901940997053, -1e-300, 1e300, 0.1}) {
            Axis axis = Axis.linear(Math.min(value, Math.nextUp(value)), Math.nextUp(value), 4);
            assertThat(axis.high()).isGreaterThan(axis.low());
            assertThat(axis.labels()).hasSizeBetween(2, 8).allMatch(label -> label.length() < 12);
        }
    }

    @Test
    void no_curve_has_more_than_500_points() {
        String figure = chart(Scale.LINEAR, curve(100_000, s -> Math.sin(s / 900.0)));
        assertThat(CURVE.matcher(figure).results().toList())
                .hasSize(2)
                .allMatch(m ->
                        m.group(1).chars().filter(c -> c == 'M' || c == 'L').count() <= 500);
    }

    @Test
    void a_value_that_is_not_finite_is_a_gap() {
        String figure = chart(Scale.LINEAR, curve(40, s -> s == 20 ? Double.NaN : s));
        assertThat(CURVE.matcher(figure).results().toList())
                .singleElement()
                .extracting(m -> m.group(1))
                .asString()
                .matches("M[^M]+M[^M]+");
        assertThat(figure).doesNotContain("NaN", "Infinity");
    }

    @Test
    void one_point_is_no_curve() {
        assertThat(chart(Scale.LINEAR, curve(1, s -> 3)))
                .contains("Too few steps")
                .doesNotContain("<svg");
    }

    @Test
    void a_log_scale_is_used_only_where_it_can_be() {
        assertThat(chart(Scale.LOG, curve(40, s -> 3 * Math.exp(-s / 5.0)))).contains("log scale");
        assertThat(chart(Scale.LOG, curve(40, s -> s - 1))).doesNotContain("log scale");
    }

    @Test
    void a_result_without_numbers_is_named_and_not_drawn() {
        String figure = new IntervalPlot(
                        "t",
                        "%",
                        false,
                        List.of(new IntervalPlot.Row(
                                "empty", 0, Double.NaN, new Interval(Double.NaN, Double.NaN), "–")))
                .figure();
        assertThat(figure).contains("empty").doesNotContain("NaN", "circle");
    }

    private static String chart(Scale scale, List<MetricPoint> points) {
        return new LineChart("Loss", "nats", scale, List.of(new Line("a", 0, points)), List.of()).figure();
    }
}
