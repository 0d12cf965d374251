package cogent.curate.prompt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cogent.data.InputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StudentSizeTest {
    @ParameterizedTest
    @CsvSource({
        "494032768, 0.5B, 0.494032768",
        "1543714304, 1.5B, 1.543714304",
        "7615616512, 7.6B, 7.615616512",
        "32763876352, 33B, 32.763876352",
        "134515008, 0.1B, 0.134515008",
        "1000000000, 1B, 1",
        "811000, 0.8M, 0.000811",
        "15000000, 15M, 0.015"
    })
    void a_number_of_parameters_is_written_as_people_write_it(long parameters, String text, double billions) {
        assertThat(StudentSize.of(parameters)).isEqualTo(new StudentSize(text, billions));
    }

    @Test
    void a_size_is_read_in_any_unit() {
        assertThat(StudentSize.of("135M").billions()).isEqualTo(0.135);
        assertThat(StudentSize.of(" 0.5b").billions()).isEqualTo(0.5);
        assertThatThrownBy(() -> StudentSize.of("small")).isInstanceOf(InputException.class);
    }

    @Test
    void sizes_differ_much_from_a_factor_of_three_on() {
        assertThat(StudentSize.of("7B").differsMuch(StudentSize.of("0.5B"))).isTrue();
        assertThat(StudentSize.of("0.5B").differsMuch(StudentSize.of("7B"))).isTrue();
        assertThat(StudentSize.of("0.5B").differsMuch(StudentSize.of("1.5B"))).isFalse();
    }

    @Test
    void the_yardstick_follows_the_size() {
        assertThat(Yardstick.words("135M").get("yardstick")).startsWith("one operation a line");
        assertThat(Yardstick.words("0.5B").get("yardstick")).startsWith("one or two operations a line");
        assertThat(Yardstick.words("70B").get("yardstick")).startsWith("routine work may be left out");
        assertThat(Yardstick.words("3B")).isNotEqualTo(Yardstick.words("7B")).containsEntry("student", "3B");
    }
}
