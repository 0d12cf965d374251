package cogent.curate.rationale;

import static org.assertj.core.api.Assertions.assertThat;

import cogent.curate.agent.Shoes;
import cogent.data.Problem;
import cogent.data.Rationale;
import org.junit.jupiter.api.Test;

final class WrongRationaleTest {
    private static final Rationale RIGHT = Rationale.of(Shoes.BALANCED);

    private static String objection(String wrong) {
        return WrongRationale.objection(Shoes.PROBLEM, Rationale.of(wrong), RIGHT)
                .orElse("");
    }

    @Test
    void a_plausible_wrong_rationale_is_accepted() {
        assertThat(objection(Shoes.WRONG)).isEmpty();
    }

    /** The shape of the example that the paper's authors publish: announces its mistake, reasons to 19, boxes 13. */
    @Test
    void one_that_reasons_wrongly_but_closes_with_the_right_answer_is_refused() {
        assertThat(objection(Shoes.WRONG.replace("\\boxed{19}", "\\boxed{13}")))
                .startsWith("concludes with the right answer");
    }

    @Test
    void one_that_announces_its_slip_is_refused() {
        assertThat(objection(Shoes.WRONG.replace("Riley has", "Riley, we mistakenly say, has")))
                .isEqualTo("announces its mistake: mistakenly");
    }

    @Test
    void words_that_the_right_rationale_uses_too_announce_nothing() {
        String aloud = "Wait, let me think.\n\n";
        assertThat(WrongRationale.objection(
                        Shoes.PROBLEM, Rationale.of(aloud + Shoes.WRONG), Rationale.of(aloud + Shoes.BALANCED)))
                .isEmpty();
    }

    @Test
    void one_whose_work_arrives_at_the_right_answer_is_refused_whatever_its_box_says() {
        String relabelled = Shoes.OTHER_BALANCED.replace("So the answer is \\boxed{13}.", "That makes \\boxed{14}.");
        assertThat(objection(relabelled)).startsWith("arrives at the right answer");
        assertThat(objection(Shoes.WRONG.replace("Together", "The answer is 13. Together")))
                .startsWith("arrives at the right answer");
    }

    @Test
    void a_conclusion_apart_from_the_text_does_not_hide_the_texts_own() {
        Rationale split = new Rationale(Shoes.BALANCED, "19");
        assertThat(WrongRationale.objection(Shoes.PROBLEM, split, Rationale.of(Shoes.OTHER_BALANCED)))
                .hasValueSatisfying(reason -> assertThat(reason).startsWith("states the right answer"));
    }

    @Test
    void a_copy_with_another_final_answer_is_refused() {
        Problem words = new Problem("q", "Which colour?", "red");
        Rationale right = Rationale.of("It is a rose.\n\nThe answer is \\boxed{red}.");
        Rationale copy = Rationale.of("It is a rose.\n\nThe answer is \\boxed{blue}.");
        assertThat(WrongRationale.objection(words, copy, right))
                .contains("differs from the right rationale in its final answer only");
    }

    @Test
    void another_shape_than_the_right_one_is_refused() {
        assertThat(objection("Eight and eleven make \\boxed{19}.")).startsWith("does not keep the format");
        assertThat(objection(Shoes.WRONG + "\n\n" + "Shoes, shoes.\n\n".repeat(40) + "\\boxed{19}"))
                .startsWith("differs too much in length");
        assertThat(objection("<think>\n" + Shoes.WRONG + "\n</think>\n\n\\boxed{19}"))
                .startsWith("does not keep the format");
    }

    @Test
    void white_space_makes_no_difference_between_texts_and_anything_else_does() {
        assertThat(Steps.same("a  b\n\nc", " a b c\n")).isTrue();
        assertThat(Steps.same("", " ")).isTrue();
        assertThat(Steps.same("a b", "a b c")).isFalse();
        assertThat(Steps.same("a b c", "a b")).isFalse();
    }

    @Test
    void the_final_answer_is_removed_and_the_work_stays() {
        assertThat(Steps.withoutAnswer(Shoes.BALANCED)).endsWith("Together they have 8 + 5 = 13 pairs.");
        assertThat(Steps.withoutAnswer("8 and 5 make \\boxed{\\frac{26}{2}}")).isEqualTo("8 and 5 make \\boxed{?}");
        assertThat(Steps.withoutAnswer("8 + 5 = 13. The answer is 13.")).isEqualTo("8 + 5 = 13.");
        assertThat(Steps.withoutAnswer("8 + 5 = 13\n#### 13")).isEqualTo("8 + 5 = 13");
    }
}
