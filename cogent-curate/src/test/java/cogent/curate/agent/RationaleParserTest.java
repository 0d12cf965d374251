package cogent.curate.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cogent.data.Problem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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
                "8 + 5 = 13. I hope this helps!",
                "The provided rationale takes it in one step: 8 + 5 = 13.",
                "Unlike the original, this adds 8 + 5 = 13.",
                "The original explanation skips 8 + 5 = 13.",
                "Following the original's reasoning, 8 + 5 = 13.",
                "The model solution adds 8 + 5 = 13.",
                "Your solution adds 8 + 5 = 13.",
                "8 + 5 = 13, the ground truth.",
                "8 + 5 = 13, in line with the provided answer.",
                "8 + 5 = 13. This confirms the expected result.",
                "As the answer given above says, 8 + 5 = 13.",
                "As requested, each step is shown. 8 + 5 = 13.",
                "As you asked, 8 + 5 = 13 stands apart.",
                "Per your request: 8 + 5 = 13.",
                "According to the instructions, 8 + 5 = 13.",
                "8 + 5 = 13. The prompt wants a box.",
                "I have expanded the addition into small steps: 8 + 5 = 13.",
                "I've simplified this for you: 8 + 5 = 13.",
                "I removed the repeated check. 8 + 5 = 13.",
                "I have kept the first line. 8 + 5 = 13.",
                "I broke the sum into intermediate steps. 8 + 5 = 13.",
                "I have rewritten it with smaller numbers: 8 + 5 = 13.",
                "Note: I removed the detour. 8 + 5 = 13.",
                "Note that I have added a line. 8 + 5 = 13.",
                "(extended version)\n\n8 + 5 = 13.",
                "**Simplified Solution**\n\n8 + 5 = 13.",
                "### Revised explanation\n\n8 + 5 = 13.",
                "A clearer version is 8 + 5 = 13.",
                "8 + 5 = 13. Unnecessary checks were removed.",
                "8 + 5 = 13.\n\nChanges made: one line more.",
                "A small model can follow 8 + 5 = 13.",
                "This is easy for a language model: 8 + 5 = 13.",
                "A model with 0.5B parameters adds 8 + 5 = 13.",
                "So that this reader can follow: 8 + 5 = 13.",
                "The examiner refused 8 + 6; 8 + 5 = 13.",
                "With the feedback in mind, 8 + 5 = 13.",
                "As an AI language model, I find 8 + 5 = 13.",
                "8 + 5 = 13. Let me know if another step is wanted.",
                "8 + 5 = 13. Feel free to ask.",
                "8 + 5 = 13, which matches the reference.",
                "Since the answer is given as 13, 8 + 5 = 13.",
                "Given that the answer is 13, we add 8 + 5 = 13.",
                "We know the answer is 13 = 8 + 5.",
                "8 + 5 = 13, the answer we were given.",
                "The solution above skips 8 + 5 = 13.",
                "The teacher's solution says 8 + 5 = 13.",
                "My previous response had 8 + 5 = 13.",
                "I will now extend the solution: 8 + 5 = 13.",
                "This version adds 8 + 5 = 13.",
                "[Rewritten for clarity]\n\n8 + 5 = 13.",
                "For a 0.5B model: 8 + 5 = 13.",
                "The user wants 8 + 5 = 13.",
                "按照您的要求，8 + 5 = 13。",
                "Wie gewünscht: 8 + 5 = 13.",
                "Voici la version simplifiée : 8 + 5 = 13.",
                "La respuesta proporcionada es 13, 8 + 5 = 13."
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
                "Of course, this is the solution!",
                "Okay, here is a simplified version.",
                "Sure!",
                "Certainly.",
                "Sure, let's go through it.",
                "Got it! We add.",
                "Absolutely! Two numbers are to be added.",
                "Below is the step-by-step breakdown:",
                "Here is my improved write-up.",
                "Let me rewrite the solution so that it is easier to follow:",
                "好的，以下是简化后的解答：",
                "Hier ist die ausführliche Lösung:"
            })
    void a_preface_is_refused_with_the_same_reason(String preface) {
        assertThatThrownBy(() -> RationaleParser.read(preface + "\n\n8 + 5 = 13.\n\n\\boxed{13}", Shoes.PROBLEM))
                .hasMessageStartingWith("speaks of how it was made: ");
    }

    @Test
    void a_note_after_the_answer_is_refused_for_what_it_says() {
        assertThatThrownBy(() -> RationaleParser.read(
                        "8 + 5 = 13.\n\n\\boxed{13}\n\nNote: I removed the second check.", Shoes.PROBLEM))
                .hasMessageStartingWith("speaks of how it was made: I removed");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "The original price was 8 + 5 = 13.",
                "In the original triangle, 8 + 5 = 13.",
                "8 + 5 = 13, which matches the given condition.",
                "This agrees with the given total of 13, since 8 + 5 = 13.",
                "Note that x > 0, so 8 + 5 = 13.",
                "Note that I = 5 A, so 8 + 5 = 13.",
                "I have 8 and add 5: 8 + 5 = 13.",
                "I have expanded the product: 8 + 5 = 13.",
                "The simplified expression is 8 + 5 = 13.",
                "The extended Euclidean algorithm gives 8 + 5 = 13.",
                "The expected value is 8 + 5 = 13.",
                "The known sides are 8 and 5: 8 + 5 = 13.",
                "Among the given answer choices only 8 + 5 = 13 fits.",
                "The previous solution $x = 2$ is extraneous, so 8 + 5 = 13.",
                "The given equation has one solution: 8 + 5 = 13.",
                "The provided information says 8 + 5 = 13.",
                "As required, 8 + 5 = 13.",
                "Rounded as requested, 8 + 5 = 13.",
                "By the above reasoning, 8 + 5 = 13.",
                "The reference angle is 8 + 5 = 13.",
                "The correct answer is 8 + 5 = 13.",
                "Here is what Riley has: 8 - 3 = 5, and 8 + 5 = 13.",
                "Let us solve this step by step. 8 + 5 = 13.",
                "Of course, 13 = 8 + 5 is odd.",
                "Okra costs 8 + 5 = 13.",
                "We removed 3 from 8; 8 + 5 = 13.",
                "The steps are 8 and 5 units long: 8 + 5 = 13.",
                "Check: 8 + 5 = 13.",
                "This confirms that 8 + 5 = 13.",
                "The model of the town is 8 + 5 = 13 cm long.",
                "8 + 5 = 13, the number in question.",
                "The answer is given by 8 + 5 = 13.",
                "(Simplified, this is 8 + 5 = 13.)",
                "It took a first attempt: 8 + 5 = 13."
            })
    void innocent_words_pass(String work) throws UnusableReply {
        assertThat(RationaleParser.read(work + "\n\n\\boxed{13}", Shoes.PROBLEM).conclusion())
                .isEqualTo("13");
    }

    @ParameterizedTest
    @CsvSource({
        "The improved version of an engine needs 20 % less., The improved version needs 8 + 5 = 13 l.",
        "A smaller model of the ship is 5 cm long., The smaller model is 8 + 5 = 13 cm long.",
        "The original recipe takes 8 eggs. The new one 5 more., That is 8 + 5 = 13 eggs more than in the original.",
        "The instructions ask for 8 screws and 5 nuts., By the instructions 8 + 5 = 13 are needed.",
        "A teacher holds an answer key with 13 entries., The answer key has 8 + 5 = 13 entries."
    })
    void what_the_problem_speaks_of_is_no_talk_of_how_it_was_made(String problem, String work) throws UnusableReply {
        assertThat(RationaleParser.read(work + "\n\n\\boxed{13}", new Problem("p", problem, "13"))
                        .conclusion())
                .isEqualTo("13");
    }

    @Test
    void a_solution_of_salt_is_no_talk_of_how_it_was_made() throws UnusableReply {
        Problem salt = new Problem("s", "Water is added to 3 l of a solution with 20 % salt. How much salt?", "0.6");
        assertThat(RationaleParser.read("The original solution holds 3 * 0.2 = 0.6 kg.\n\n\\boxed{0.6}", salt)
                        .conclusion())
                .isEqualTo("0.6");
    }

    @Test
    void calculator_marks_are_taken_out_of_what_an_agent_wrote() throws UnusableReply {
        assertThat(RationaleParser.read("8 + 5 = <<8+5=13>>13, and 1 << 3 is 8.\n\n\\boxed{13}", Shoes.PROBLEM)
                        .text())
                .isEqualTo("8 + 5 = 13, and 1 << 3 is 8.\n\n\\boxed{13}");
    }

    @Test
    void a_fence_around_the_whole_is_taken_off() throws UnusableReply {
        assertThat(RationaleParser.read("```\n8 + 5 = 13.\n\n\\boxed{13}\n```", Shoes.PROBLEM)
                        .text())
                .isEqualTo("8 + 5 = 13.\n\n\\boxed{13}");
    }
}
