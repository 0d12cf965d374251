package cogent.pipeline.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class AnsweringTest {
    private static final double PROMPT = 100;
    private static final double STEP = 10;
    private static final double TEXT = 1;
    private static final Answering ONE = new Answering(PROMPT, STEP, TEXT);

    @Test
    void texts_of_one_length_are_written_in_step() {
        assertThat(ONE.seconds(new int[] {11, 11, 11, 11}, 4)).isEqualTo(4 * PROMPT + 10 * (STEP + 4 * TEXT));
    }

    @Test
    void as_a_text_ends_the_next_takes_its_place_and_the_last_is_alone() {
        // two steps of the first two, one of the second and third, one of the second alone
        assertThat(ONE.seconds(new int[] {3, 5, 2}, 2))
                .isCloseTo(3 * PROMPT + 3 * (STEP + 2 * TEXT) + (STEP + TEXT), within(1e-9));
    }

    @Test
    void a_text_of_one_token_is_its_prompt_and_none_are_nothing() {
        assertThat(ONE.seconds(new int[] {1, 1, 1}, 2)).isEqualTo(3 * PROMPT);
        assertThat(ONE.seconds(new int[0], 2)).isZero();
    }

    @Test
    void lengths_are_those_that_are_known_cut_where_replies_are() {
        Lengths lengths = new Lengths(new int[] {0, 4, 40}).upTo(10);
        assertThat(lengths.mean()).isEqualTo(5);
        assertThat(lengths.draw(200)).hasSize(200).containsOnly(1, 4, 10);
        assertThat(new Lengths(new int[0]).draw(1)).containsExactly(1);
    }
}
