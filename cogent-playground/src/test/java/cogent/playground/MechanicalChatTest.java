package cogent.playground;

import static cogent.playground.PlaygroundChatTest.ask;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cogent.answer.Answers;
import cogent.llm.ChatException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MechanicalChatTest {
    private static final String PROBLEM = "Ellie has 8 pairs of shoes. How many shoes is that, and three more?";
    private static final String LONG = """
            <|begin_of_thought|>
            Ellie has 8 pairs, and a pair is two shoes. So I get 8 * 2 = 16 shoes.

            Wait, is that right? Let me double-check: 2 + 2 is 4.

            Three more make 16 + 3 = 19.

            Alternatively, count them one by one.

            Hmm, that would take long.
            <|end_of_thought|>

            <|begin_of_solution|>
            The answer is \\boxed{19}.
            <|end_of_solution|>""";

    private static String reply(String task, String rationale, String answer) {
        return new MechanicalChat()
                .chat(ask(task, "", Map.of("problem", PROBLEM, "answer", answer, "rationale", rationale)))
                .text();
    }

    @Test
    void it_judges_by_length_and_hedges_alone() {
        assertThat(reply("critique", LONG, "19")).endsWith("\n\nLabel: complex");
        assertThat(reply("critique", "8 * 2 + 3 = 19. \\boxed{19}", "19")).endsWith("\n\nLabel: brief");
        assertThat(reply("critique", "So far so good. ".repeat(40), "19")).endsWith("\n\nLabel: balanced");
    }

    @Test
    void simplifying_drops_what_hedges_and_keeps_the_boxed_answer() {
        String simple = reply("simplify", LONG, "19");

        assertThat(simple)
                .contains("8 * 2 = 16", "16 + 3 = 19")
                .doesNotContain("Wait", "Alternatively", "Hmm", "<|")
                .endsWith("\\boxed{19}.");
    }

    @Test
    void extending_gives_each_sentence_its_paragraph_and_boxes_the_answer() {
        assertThat(reply("extend", "She has 8 * 2 = <<8*2=16>>16 shoes. Then 3.5 more.\n#### 19", "19"))
                .isEqualTo("She has 8 * 2 = 16 shoes.\n\nThen 3.5 more.\n\n\\boxed{19}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"19", "0", "-7", "\\frac{3}{4}", "x+y", "B", "1\\,000", "2.5"})
    void wrong_rationales_end_in_another_answer_and_keep_no_trace_of_the_right_one(String answer) {
        String wrong = reply(
                "distract", "It follows that the value is " + answer + " here.\n\n\\boxed{" + answer + "}", answer);

        assertThat(Answers.extract(wrong)).isPresent().get().isNotEqualTo(answer);
        assertThat(wrong).doesNotContain("is " + answer + " here");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "48 / 2 = 24",
                "10 / 3 = 3.33",
                "10 / 3 = 3.34",
                "2 + 3 * 4 = 14",
                "3 * (2 + 3) = 15",
                "x^2 + 3 = 7",
                "1/2 + 1/3 = 5/6",
                "10 - 3 = 7 - 0",
                "0 / 0 = 1",
                "$5 * 3 = 15$",
                "7 + 8 = 15, 4 + 3 + 1 = 8",
                "12 \\times 3 = 36",
                "3a + 2 = 4"
            })
    void sums_that_hold_or_cannot_be_read_are_no_fault(String text) {
        assertThat(Sums.falsehood("So we get " + text + " and go on.")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"48 / 2 = 25", "10 / 3 = 3.5", "2 + 3 * 4 = 20", "$5 * 3 = 16$", "12 \\times 3 = 35"})
    void false_sums_are_found(String text) {
        assertThat(Sums.falsehood("So we get " + text + " and go on.")).isPresent();
    }

    @Test
    void it_verifies_the_answer_and_the_sums() {
        assertThat(reply("verify", LONG, "19")).endsWith("Verdict: correct");
        assertThat(reply("verify", LONG.replace("= 16", "= 18"), "19"))
                .contains("8 * 2 = 18 is false")
                .endsWith("incorrect");
        assertThat(reply("verify", LONG, "20")).endsWith("Verdict: incorrect");
        assertThat(reply("blind", "It is 8 * 2 + 3 = 19.", "19")).contains("\\boxed{19}");
    }

    @Test
    void it_cannot_solve() {
        assertThatThrownBy(() -> reply("solve", "", "19"))
                .isInstanceOf(ChatException.class)
                .hasMessageContaining("cannot write one");
    }
}
