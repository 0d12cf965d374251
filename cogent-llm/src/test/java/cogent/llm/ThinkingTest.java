package cogent.llm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
                "◁think▷hm◁/think▷easy",
                "<|START_THINKING|>hm<|END_THINKING|><|START_RESPONSE|>easy<|END_RESPONSE|>",
                "<|begin_of_thought|>\n\nhm\n\n<|end_of_thought|>\n\n<|begin_of_solution|>\n\neasy\n\n<|end_of_solution|>",
                "<|channel>thought\nhm\n<channel|>easy<turn|>",
                "<|channel>\nhm\n<channel|>\neasy",
                "<|channel|>analysis<|message|>hm<|end|><|start|>assistant<|channel|>final<|message|>easy",
                "<|channel|>analysis<|message|>hm<|end|><|start|>assistant<|channel|>final <|constrain|>json<|message|>easy<|return|>",
                "<|start|>assistant<|channel|>commentary<|message|>hm<|end|><|start|>assistant<|channel|>final<|message|>easy<|end|>",
                "<think>hm</think>easy<|im_end|>"
            })
    void it_is_parted_from_the_answer(String text) {
        assertThat(Thinking.of(text)).isEqualTo(new Thinking("hm", "easy"));
    }

    @Test
    void a_reply_without_a_text_is_refused_where_it_is_made() {
        assertThatThrownBy(() -> ChatReply.of("mine", null)).hasMessage("a reply's text is null");
    }

    @Test
    void a_text_that_ends_while_thinking_has_no_answer() {
        assertThat(Thinking.of(" <think>and so on")).isEqualTo(new Thinking("and so on", ""));
        assertThat(Thinking.of("<|channel|>analysis<|message|>and so on")).isEqualTo(new Thinking("and so on", ""));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "easy<|im_end|>",
                "easy</s>",
                "easy\n<|eot_id|>",
                "easy<end_of_turn>\n",
                "easy<|end|><|endoftext|>",
                "easy<｜end▁of▁sentence｜>",
                "<|channel|>final<|message|>easy<|return|>",
                "<|START_RESPONSE|>easy<|END_RESPONSE|>"
            })
    void the_tokens_that_end_a_turn_are_no_part_of_it(String text) {
        assertThat(Thinking.of(text)).isEqualTo(new Thinking("", "easy"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<s>5</s>",
                "Qwen ends with <|im_end|> and so on.",
                "Use <think>x</think> tags.",
                "easy\n",
                "I think [so].",
                "A [thought] of mine."
            })
    void an_answer_that_speaks_of_it_stays(String text) {
        assertThat(Thinking.of(text)).isEqualTo(new Thinking("", text));
    }

    @Test
    void a_model_that_does_not_stop_takes_no_time_and_no_stack() {
        String text = "easy" + " \n".repeat(500_000) + "</s> ".repeat(5_000) + "y";
        assertThat(Thinking.of(text)).isEqualTo(new Thinking("", text));
        assertThat(Thinking.of("easy" + "\n</s> ".repeat(5_000))).isEqualTo(new Thinking("", "easy"));
    }
}
