package cogent.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class TerminalSizeTest {
    @Test
    void a_table_neither_wraps_nor_scrolls() {
        TerminalSize window = new TerminalSize(5, 20);
        assertThat(window.fit(List.of("head", "a", "b", "c", "", "job " + "x".repeat(40), "foot"), 2))
                .containsExactly("head", "a", "job xxxxxxxxxxxxxx…", "foot")
                .allMatch(line -> line.length() < 20);
        assertThat(window.fit(List.of("head", "foot"), 1)).containsExactly("head", "foot");
    }

    @Test
    void what_is_no_size_is_the_usual_one() {
        assertThat(TerminalSize.of("50 120\n")).isEqualTo(new TerminalSize(50, 120));
        assertThat(TerminalSize.of("")).isEqualTo(TerminalSize.USUAL);
        assertThat(TerminalSize.of("0 0")).isEqualTo(TerminalSize.USUAL);
    }
}
