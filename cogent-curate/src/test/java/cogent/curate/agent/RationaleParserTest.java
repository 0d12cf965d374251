package cogent.curate.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cogent.data.Problem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RationaleParserTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "As in the original solution, 8 + 5 = 13.",
                "8 + 5 = 13, which matches the given answer.",
                "8 + 5 = 13. This agrees with the reference answer.",
                "This simplified version takes one step: 8 + 5 = 13.",
                "We know the expected answer, so 8 + 5 = 13.",
                "8 + 5 = 13, which agrees with the answer.",
                "8 + 5 = 13, consistent with the reference answer.",
                "The answer provided above is 13, since 8 + 5 = 13.",
                "In the original, 8 + 5 was computed twice; it is 13.",
                "In this rewritten version: 8 + 5 = 13.",
                "8 + 5 = 13. I hope this helps!"
            })
    void talk_of_how_it_was_made_is_refused_with_that_reason(String work) {
        assertThatThrownBy(() -> RationaleParser.read(work + "\n\n\\boxed{13}", Shoes.PROBLEM))
                .hasMessageStartingWith("speaks of how it was made: ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Okay, here is a simplified version:",
                "Sure! Here's the extended solution:",
                "**Here is the rewritten solution:**",
                "I've rewritten the solution for you:",
                "Of course, this is the solution!"
            })
    void a_preface_is_refused(String preface) {
        assertThatThrownBy(() -> RationaleParser.read(preface + "\n\n8 + 5 = 13.\n\n\\boxed{13}", Shoes.PROBLEM))
                .hasMessage("opens with a preface");
    }

    @Test
    void a_solution_of_salt_is_no_talk_of_how_it_was_made() throws UnusableReply {
        Problem salt = new Problem("s", "Water is added to 3 l of a solution with 20 % salt. How much salt?", "0.6");
        assertThat(RationaleParser.read("The original solution holds 3 * 0.2 = 0.6 kg.\n\n\\boxed{0.6}", salt)
                        .conclusion())
                .isEqualTo("0.6");
    }

    @Test
    void a_fence_around_the_whole_is_taken_off() throws UnusableReply {
        assertThat(RationaleParser.read("```\n8 + 5 = 13.\n\n\\boxed{13}\n```", Shoes.PROBLEM)
                        .text())
                .isEqualTo("8 + 5 = 13.\n\n\\boxed{13}");
    }
}
