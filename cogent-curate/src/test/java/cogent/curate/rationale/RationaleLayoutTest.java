package cogent.curate.rationale;

import static org.assertj.core.api.Assertions.assertThat;

import cogent.data.Rationale;
import org.junit.jupiter.api.Test;

class RationaleLayoutTest {
    private static String laidOut(String text, String conclusion) {
        return RationaleLayout.of(new Rationale(text, conclusion)).text();
    }

    @Test
    void lines_become_steps_and_the_answer_gets_a_box_of_its_own() {
        assertThat(laidOut("He has 3 * 2 = <<3*2=6>>6 pens.\nThen 6 + 1 = <<6+1=7>>7.\n#### 7", "7"))
                .isEqualTo("He has 3 * 2 = 6 pens.\n\nThen 6 + 1 = 7.\n\n\\boxed{7}");
    }

    @Test
    void a_box_within_a_sentence_is_opened_and_stands_at_the_end() {
        assertThat(laidOut("So he buys \\boxed{2} packs.", "2")).isEqualTo("So he buys 2 packs.\n\n\\boxed{2}");
        assertThat(laidOut("It is 2.\n\n$$\\boxed{2}$$", "2")).isEqualTo("It is 2.\n\n\\boxed{2}");
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
    void without_a_final_answer_there_is_no_box() {
        assertThat(laidOut("One.\nTwo.", "")).isEqualTo("One.\n\nTwo.");
    }
}
