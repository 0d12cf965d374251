package cogent.data;

import static org.assertj.core.api.Assertions.assertThat;

import cogent.data.RowFormat.Opening;
import org.junit.jupiter.api.Test;

final class RowFormatTest {
    @Test
    void a_completion_opens_up_to_its_final_answer() {
        assertThat(RowFormat.THINK.opening("8 and 5 make 13."))
                .isEqualTo(new Opening("<think>\n8 and 5 make 13.\n</think>\n\n\\boxed{", "}"));
    }

    @Test
    void a_format_without_an_answer_behind_the_rationale_gets_a_box() {
        assertThat(RowFormat.PLAIN.opening("8 and 5 make 13."))
                .isEqualTo(new Opening("8 and 5 make 13.\n\n\\boxed{", "}"));
        assertThat(new RowFormat("{problem}", "{answer}: {rationale} end").opening("work"))
                .isEqualTo(new Opening(": work\n\n\\boxed{", "}"));
    }

    @Test
    void a_rationale_that_looks_like_a_format_stays_what_it_is() {
        assertThat(RowFormat.THINK.opening("{answer} {rationale}").before()).contains("\n{answer} {rationale}\n");
    }
}
