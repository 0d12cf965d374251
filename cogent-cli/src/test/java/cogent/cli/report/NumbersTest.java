package cogent.cli.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class NumbersTest {
    @Test
    void counts_have_spaces_that_do_not_break() {
        assertThat(Numbers.count(7_473_000)).isEqualTo("7\u00A0473\u00A0000");
        assertThat(Numbers.count(0)).isEqualTo("0");
    }

    @Test
    void differences_are_signed_and_zero_is_not_negative() {
        assertThat(Numbers.signedPoints(0.626)).isEqualTo("+62.6");
        assertThat(Numbers.signedPoints(-0.004)).isEqualTo("−0.4");
        assertThat(Numbers.signedPoints(-0.0001)).isEqualTo("+0.0");
        assertThat(Numbers.signedPoints(Double.NaN)).isEqualTo("–");
    }

    @Test
    void p_values_are_not_rounded_to_nothing() {
        assertThat(Numbers.pValue(1e-9)).isEqualTo("p < 0.001");
        assertThat(Numbers.pValue(0.0612)).isEqualTo("p = 0.061");
        assertThat(Numbers.pValue(0.5)).isEqualTo("p = 0.50");
    }

    @Test
    void a_price_that_is_not_known_is_not_zero() {
        assertThat(Numbers.dollars(OptionalDouble.empty())).isEqualTo("not known");
        assertThat(Numbers.dollars(OptionalDouble.of(0))).isEqualTo("0");
        assertThat(Numbers.dollars(OptionalDouble.of(9.8))).isEqualTo("$\u00A09.80");
        assertThat(Numbers.dollars(OptionalDouble.of(0.0031))).isEqualTo("$\u00A00.0031");
    }

    @Test
    void values_keep_three_digits() {
        assertThat(Numbers.value(0.14449)).isEqualTo("0.144");
        assertThat(Numbers.value(-119.6)).isEqualTo("−120");
        assertThat(Numbers.value(5e-7)).isEqualTo("5e−7");
        assertThat(Numbers.value(1e-6)).isEqualTo("1e−6");
        assertThat(Numbers.value(3.0)).isEqualTo("3");
        assertThat(Numbers.value(Double.POSITIVE_INFINITY)).isEqualTo("not finite");
    }

    @Test
    void times_and_sizes_are_short() {
        assertThat(Numbers.duration(Duration.ofSeconds(161))).isEqualTo("2m41s");
        assertThat(Numbers.duration(Duration.ofSeconds(4205))).isEqualTo("1h10m");
        assertThat(Numbers.bytes(812)).isEqualTo("812\u00A0B");
        assertThat(Numbers.bytes(1_904_332)).isEqualTo("1.9\u00A0MB");
        assertThat(Numbers.bytes(15_200_000_000L)).isEqualTo("15.2\u00A0GB");
    }
}
