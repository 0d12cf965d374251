package cogent.llm;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ThinkingTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "<think>\nhm\n</think>\n\neasy",
                "\nhm\n</think>\n\neasy",
                "<thinking>hm</thinking>easy",
                "<THOUGHT>hm</THOUGHT>\neasy",
                "<seed:think>hm</seed:think>easy",
                "[THINK]hm[/THINK]easy",
                "◁think▷hm◁/think▷easy"
            })
    void it_is_parted_from_the_answer(String text) {
        assertThat(Thinking.of(text)).isEqualTo(new Thinking("hm", "easy"));
    }

    @Test
    void a_text_that_ends_while_thinking_has_no_answer() {
        assertThat(Thinking.of(" <think>and so on")).isEqualTo(new Thinking("and so on", ""));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Use <think>x</think> tags.", "easy\n", "I think [so].", "A [thought] of mine."})
    void an_answer_that_speaks_of_it_stays(String text) {
        assertThat(Thinking.of(text)).isEqualTo(new Thinking("", text));
    }
}
