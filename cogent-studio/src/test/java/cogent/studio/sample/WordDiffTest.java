package cogent.studio.sample;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class WordDiffTest {
    @Test
    void words_that_differ_are_marked_and_blanks_make_no_difference() {
        WordDiff diff = WordDiff.of("one two  three\nfour", "one 2 three four five");
        assertThat(diff.before()).hasToString("one <del>two  </del>three\nfour");
        assertThat(diff.after()).hasToString("one <ins>2 </ins>three four <ins>five</ins>");
    }

    @Test
    void what_stands_in_the_texts_is_escaped_on_both_sides() {
        WordDiff diff = WordDiff.of("<b> same", "<script> same");
        assertThat(diff.before().html()).isEqualTo("<del>&lt;b&gt; </del>same");
        assertThat(diff.after().html()).isEqualTo("<ins>&lt;script&gt; </ins>same");
    }

    @Test
    void texts_too_long_for_words_are_compared_by_lines() {
        String text = IntStream.range(0, 5_000).mapToObj(i -> "line " + i).collect(Collectors.joining("\n"));
        WordDiff diff = WordDiff.of(text, text.replace("line 4000\n", "other 4000\n"));
        assertThat(diff.after().html()).contains("line 3999\n<ins>other 4000\n</ins>line 4001");
    }

    @Test
    void an_empty_text_differs_from_all_of_the_other() {
        assertThat(WordDiff.of("", "all new").after()).hasToString("<ins>all new</ins>");
        assertThat(WordDiff.of("", "").before()).hasToString("");
    }
}
