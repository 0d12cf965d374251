package cogent.answer;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AnswersTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            so we get $\\boxed{17}$.                                   | 17
            first \\boxed{3}, after checking \\boxed{4}.               | 4
            \\boxed{\\frac{a+\\frac{1}{b}}{c}}                         | \\frac{a+\\frac{1}{b}}{c}
            \\fbox{9} it is                                            | 9
            \\boxed{\\boxed{9}}                                        | 9
            \\boxed{\\{1, 2\\}}                                        | \\{1, 2\\}
            \\boxed{2} and then \\boxed{unclosed                       | 2
            \\boxed{} hence \\boxed 7.                                 | 7
            either $\\boxed{1}$ or $\\boxed{-2}$                       | 1, -2
            #### 1,234                                                 | 1,234
            The answer is 12.                                          | 12
            The final answer is: **12 apples**.                        | 12 apples
            Therefore the answer to the question is $3.50$ dollars.    | 3.50 dollars
            **Answer:** (B) seven                                      | (B) seven
            <think>\\boxed{1}</think> So it is \\boxed{2}.             | 2
            so <answer> 12 </answer>                                   | 12
            The answer is 8, hence 2 remain.                           | 8
            The answer is 8 with a remainder of 2.                     | 8
            The answer is a circle with a radius of 5.                 | 5
            Die Antwort ist 8, weil 2 bleiben.                         | 8
            <think>\\boxed{1}</think> So it is two.                    | 1
            """)
    void a_stated_answer_is_found(String text, String answer) {
        assertThat(Answers.extract(text)).contains(answer);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "So the answer is\n\n\\boxed{}",
                "The answer is $\\boxed{ }$.",
                "\\boxed{\\boxed{}}",
                "\\boxed{\\text{ }}",
                "\\boxed{?}",
                "The answer is \\boxed{...}.",
                "<think>12 it is</think>\\boxed{}",
                "<answer> </answer>",
                "Final answer: ____",
                "#### ?"
            })
    void a_form_that_was_never_filled_in_states_nothing(String text) {
        assertThat(Answers.extract(text)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"\\boxed{\\{\\}}", "\\boxed{\\emptyset}", "The answer is {}."})
    void the_empty_set_is_an_answer(String text) {
        assertThat(Answers.extract(text)).isPresent();
    }

    @Test
    void a_number_that_nobody_announces_is_not_stated() {
        assertThat(Answers.extract("She buys 3 and has 12 left over.")).isEmpty();
        assertThat(Answers.lastNumber("She buys 3 and has 1,200 left, $<<3*400=1200>>."))
                .contains("1,200");
        assertThat(Answers.lastNumber("none")).isEmpty();
    }

    @Test
    void long_hostile_texts_take_no_time() {
        assertThat(Answers.extract("\\boxed{".repeat(200_000))).isEmpty();
        assertThat(Answers.extract("the answer is ".repeat(200_000))).isPresent();
        assertThat(Answers.extract("{".repeat(1_000_000) + "\\boxed{1}")).contains("1");
        assertThat(Answers.lastNumber("9".repeat(2_000_000))).isPresent();
        assertThat(Answers.extract("#### 1\n".repeat(200_000))).contains("1");
        for (String blank : new String[] {" ", "*", "_ ", ". ", ", ", "\t", " \n", "(", "$ ", "—", "; "}) {
            String run = blank.repeat(100_000);
            assertThat(Answers.extract("\\boxed{1}." + run + "The answer is 2" + run + "x"))
                    .isPresent();
            assertThat(Answers.extract("The answer is 2" + blank.repeat(1500) + "x"))
                    .isNotNull();
            assertThat(Answers.extract("\\boxed{" + run + "x")).isEmpty();
            assertThat(Answers.extract("#### 2" + run + "because" + run)).isNotNull();
            assertThat(Equivalence.compare("2", run + "<answer>2" + run + "2 because" + run + "####"))
                    .isNotNull();
        }
    }
}
