package cogent.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class TerminalSizeTest {
    @Test
    void a_table_neither_wraps_nor_scrolls() {
        TerminalSize window = new TerminalSize(5, 20);
        assertThat(window.fit(List.of("head", "a", "b", "c", "", "job " + "x".repeat(40), "foot"), 2))
                .containsExactly("head", "a", "job …", "foot")
                .allMatch(line -> line.length() < 20);
        assertThat(window.fit(List.of("head", "foot"), 1)).containsExactly("head", "foot");
    }

    @Test
    void a_number_is_whole_or_not_there() {
        assertThat(new TerminalSize(5, 20).fit(List.of("loss 0.123  cost 12.3456"), 1))
                .containsExactly("loss 0.123  cost …");
        assertThat(new TerminalSize(5, 21).fit(List.of("tokens in 123,456,789 out"), 1))
                .containsExactly("tokens in …");
        assertThat(new TerminalSize(5, 21).fit(List.of("x".repeat(40)), 1)).containsExactly("x".repeat(19) + "…");
    }

    @Test
    void wide_characters_take_two_columns_and_marks_none() {
        assertThat(Columns.of("日本")).isEqualTo(4);
        assertThat(Columns.of("e\u0301…█·▸")).isEqualTo(5);
        assertThat(Columns.of("🤖１ ")).isEqualTo(5);
        assertThat(new TerminalSize(5, 20).fit(List.of("日本語の模型 on 数学問題集 : 12.3 %"), 1))
                .containsExactly("日本語の模型 on …")
                .allMatch(line -> Columns.of(line) < 20);
        assertThat(new TerminalSize(5, 20).fit(List.of("a\nb\u001b[2Jc"), 1)).containsExactly("a b [2Jc");
    }

    @Test
    void what_the_terminal_has_wrapped_takes_more_rows() {
        List<String> drawn = List.of("x".repeat(79), "", "y".repeat(40));
        assertThat(new TerminalSize(24, 80).rows(drawn)).isEqualTo(3);
        assertThat(new TerminalSize(24, 40).rows(drawn)).isEqualTo(4);
        assertThat(new TerminalSize(24, 20).rows(drawn)).isEqualTo(7);
    }

    @Test
    void what_is_no_size_is_the_usual_one() {
        assertThat(TerminalSize.of("50 120\n")).isEqualTo(new TerminalSize(50, 120));
        assertThat(TerminalSize.of("")).isEqualTo(TerminalSize.USUAL);
        assertThat(TerminalSize.of("0 0")).isEqualTo(TerminalSize.USUAL);
    }
}
