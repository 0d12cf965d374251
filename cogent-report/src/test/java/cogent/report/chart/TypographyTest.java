package cogent.report.chart;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class TypographyTest {
    @Test
    void counts_have_spaces_that_do_not_break() {
        assertThat(Typography.count(7_473_000)).isEqualTo("7\u00A0473\u00A0000");
        assertThat(Typography.count(0)).isEqualTo("0");
    }

    @Test
    void differences_are_signed_and_zero_is_not_negative() {
        assertThat(Typography.signedPoints(0.626)).isEqualTo("+62.6");
        assertThat(Typography.signedPoints(-0.004)).isEqualTo("−0.4");
        assertThat(Typography.signedPoints(-0.0001)).isEqualTo("+0.0");
        assertThat(Typography.signedPoints(Double.NaN)).isEqualTo("–");
    }

    @Test
    void p_values_are_not_rounded_to_nothing() {
        assertThat(Typography.pValue(1e-9)).isEqualTo("p < 0.001");
        assertThat(Typography.pValue(0.0612)).isEqualTo("p = 0.061");
        assertThat(Typography.pValue(0.5)).isEqualTo("p = 0.50");
    }

    @Test
    void a_price_that_is_not_known_is_not_zero() {
        assertThat(Typography.cost(OptionalDouble.empty())).isEqualTo("not known");
        assertThat(Typography.cost(OptionalDouble.of(0))).isEqualTo("0");
        assertThat(Typography.cost(OptionalDouble.of(9.8))).isEqualTo("9.80");
        assertThat(Typography.cost(OptionalDouble.of(0.0031))).isEqualTo("0.0031");
    }

    @Test
    void values_keep_three_digits() {
        assertThat(Typography.value(0.14449)).isEqualTo("0.144");
        assertThat(Typography.value(-119.6)).isEqualTo("−120");
        assertThat(Typography.value(5e-7)).isEqualTo("5e−7");
        assertThat(Typography.value(1e-6)).isEqualTo("1e−6");
        assertThat(Typography.value(3.0)).isEqualTo("3");
        assertThat(Typography.value(Double.POSITIVE_INFINITY)).isEqualTo("not finite");
    }

    @Test
    void times_and_sizes_are_short() {
        assertThat(Typography.duration(Duration.ofSeconds(161))).isEqualTo("2m41s");
        assertThat(Typography.duration(Duration.ofSeconds(4205))).isEqualTo("1h10m");
        assertThat(Typography.bytes(812)).isEqualTo("812\u00A0B");
        assertThat(Typography.bytes(1_904_332)).isEqualTo("1.9\u00A0MB");
        assertThat(Typography.bytes(15_200_000_000L)).isEqualTo("15.2\u00A0GB");
    }
}
