package cogent.curate.rationale;

import static org.assertj.core.api.Assertions.assertThat;

import cogent.data.Problem;
import cogent.data.Rationale;
import org.junit.jupiter.api.Test;

class RationaleLayoutTest {
    private static String laidOut(String text, String conclusion) {
        return RationaleLayout.of(new Rationale(text, conclusion)).text();
    }

    @Test
    void lines_become_steps_and_the_answer_gets_a_box_of_its_own() {
        assertThat(laidOut("He has 3 * 2 = 6 pens.\nThen 6 + 1 = 7.\n#### 7", "7"))
                .isEqualTo("He has 3 * 2 = 6 pens.\n\nThen 6 + 1 = 7.\n\n\\boxed{7}");
    }

    @Test
    void signs_that_shift_bits_and_marks_that_were_asked_for_stay() {
        assertThat(laidOut("Since 1 << 2 is 4 and 8 >> 1 is 4, they agree.", "4"))
                .startsWith("Since 1 << 2 is 4 and 8 >> 1 is 4, they agree.");
        assertThat(laidOut("He has 3 * 2 = <<3*2=6>>6 pens.", "6")).startsWith("He has 3 * 2 = <<3*2=6>>6 pens.");
    }

    @Test
    void a_box_within_a_sentence_is_opened_and_stands_at_the_end() {
        assertThat(laidOut("So he buys \\boxed{2} packs.", "2")).isEqualTo("So he buys 2 packs.\n\n\\boxed{2}");
        assertThat(laidOut("It is 2.\n\n$$\\boxed{2}$$", "2")).isEqualTo("It is 2.\n\n\\boxed{2}");
    }

    @Test
    void the_box_holds_the_value_without_a_currency() {
        assertThat(laidOut("He was refunded $12 * 32 = $384", "$384"))
                .isEqualTo("He was refunded $12 * 32 = $384\n\n\\boxed{384}");
        assertThat(laidOut("That is \\boxed{\\$1,250.50}.", "\\$1,250.50"))
                .isEqualTo("That is \\$1,250.50.\n\n\\boxed{1,250.50}");
        assertThat(laidOut("It is half.", "$0.5$")).endsWith("\\boxed{$0.5$}");
        assertThat(laidOut("It is x.", "$x$")).endsWith("\\boxed{$x$}");
    }

    @Test
    void what_is_laid_out_stays_as_it_is() {
        String text = "3 + 4 = 7.\n\n7 + 1 = 8.\n\n\\boxed{8}";
        assertThat(laidOut(text, "8")).isEqualTo(text);
        assertThat(laidOut("\\boxed{8}", "8")).isEqualTo("\\boxed{8}");
    }

    @Test
    void lines_of_a_formula_and_of_code_stay_together() {
        String formula = "We get\n\\[\nx = 1\n\\]\nand so on.";
        assertThat(laidOut(formula, "")).isEqualTo(formula);
        String code = "```python\nprint(1)\nprint(2)\n```";
        assertThat(laidOut(code, "")).isEqualTo(code);
    }

    @Test
    void lines_that_are_sentences_become_steps_in_paragraphs_too_and_wrapped_prose_does_not() {
        assertThat(laidOut("In May $48/2 = 24$ clips.\nThen $48+24 = 72$.\n\nThe answer is $\\boxed{72}$.", "72"))
                .isEqualTo("In May $48/2 = 24$ clips.\n\nThen $48+24 = 72$.\n\nThe answer is $72$.\n\n\\boxed{72}");
        String wrapped = "He sold half as many as\nin April, that is 24.\n\nSo 72.";
        assertThat(laidOut(wrapped, "72")).isEqualTo(wrapped + "\n\n\\boxed{72}");
    }

    @Test
    void a_wrong_version_of_a_single_step_is_a_single_step() {
        Rationale right = RationaleLayout.of(new Rationale("48 / 2 = 24. Then 48 + 24 = 72.\n#### 72", "72"));
        Rationale wrong = new Rationale("48 / 2 = 26.\n\nThen 48 + 26 = 74.\n\n\\boxed{74}", "74");
        assertThat(RationaleLayout.like(wrong, right).text())
                .isEqualTo("48 / 2 = 26. Then 48 + 26 = 74.\n\n\\boxed{74}");
        assertThat(WrongRationale.objection(
                        new Problem("p", "How many clips?", "72"), RationaleLayout.like(wrong, right), right))
                .isEmpty();
    }

    @Test
    void without_a_final_answer_there_is_no_box() {
        assertThat(laidOut("One.\nTwo.", "")).isEqualTo("One.\n\nTwo.");
    }
}
