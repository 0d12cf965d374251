package cogent.curate.prompt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cogent.data.InputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class YardstickTest {
    @ParameterizedTest
    @CsvSource({
        "0.8M, one operation a line",
        "135M, one operation a line",
        "0.2B, one operation a line",
        "0.5B, one or two operations a line",
        "1.5b, a short chain",
        "7 B, routine arithmetic",
        "70B, routine work",
        "1T, routine work"
    })
    void the_yardstick_follows_the_size(String size, String reach) {
        assertThat(Yardstick.words(size).get("yardstick")).startsWith(reach);
        assertThat(Yardstick.words(size)).containsEntry("student", size);
    }

    @Test
    void what_is_no_size_is_told() {
        assertThatThrownBy(() -> Yardstick.words("small"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("0.5B or 135M");
    }
}
