package cogent.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import cogent.pipeline.Shell;
import org.junit.jupiter.api.Test;

class FoldingTest {
    private static final String ROW =
            " sft   to do   1,500 rows, 60 steps of 16      113,696 tokens · 4.3 GiB · 12m, measured\n";

    @Test
    void what_fits_stays_as_it_is() {
        assertThat(Folding.of("a  b\n\n   c\n", 6)).isEqualTo("a  b\n\n   c\n");
    }

    @Test
    void a_long_line_goes_on_below_between_words() {
        assertThat(Folding.of(ROW, 80)).isEqualTo("""
                 sft   to do   1,500 rows, 60 steps of 16      113,696 tokens · 4.3 GiB · 12m,
                      measured
                """);
        assertThat(Folding.of(ROW, 40)).isEqualTo("""
                 sft   to do   1,500 rows, 60 steps of
                      16      113,696 tokens · 4.3 GiB ·
                      12m, measured
                """);
    }

    @Test
    void what_stands_far_to_the_right_comes_to_the_left() {
        assertThat(Folding.of(" ".repeat(79) + "-0.2 against CRV\n", 80)).isEqualTo("      -0.2 against CRV\n");
    }

    @Test
    void a_line_is_as_wide_as_its_signs() {
        assertThat(Folding.of("数学 数学 数学\n", 10)).isEqualTo("数学 数学\n      数学\n");
    }

    @Test
    void a_command_stays_the_one_line_that_is_copied() {
        String again =
                "Saved. Continue with: " + Shell.cogent() + " run small.yaml --set name=k1 --set sft.max_steps=200\n";
        assertThat(Folding.of(again, 60)).isEqualTo(again);
    }

    @Test
    void a_word_longer_than_the_terminal_stays_whole() {
        assertThat(Folding.of(" see /a/very/long/path of it\n", 12))
                .isEqualTo(" see\n      /a/very/long/path\n      of it\n");
    }
}
