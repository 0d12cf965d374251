package cogent.model.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class ReplyStreamTest {
    private static final Tokenizer TOKENIZER = Tokenizer.load(TokenizerTest.TINY);

    @AfterAll
    static void close() {
        TOKENIZER.close();
    }

    @Test
    void the_text_ends_before_the_first_stop_string_however_tokens_cut_it() {
        assertThat(heard("one two STOP three", "STOP")).isEqualTo("one two ");
        assertThat(heard("one two STOP three", "three", "two")).isEqualTo("one ");
        assertThat(heard("the end", "the end")).isEmpty();
        assertThat(heard("aaab", "aab")).isEqualTo("a");
        assertThat(heard("grüß 😀 Gott", "😀")).isEqualTo("grüß ");
    }

    @Test
    void what_only_begins_like_a_stop_string_is_text_too() {
        assertThat(heard("one ST", "STOP")).isEqualTo("one ST");
        assertThat(heard("SSTSTSTO", "STOP")).isEqualTo("SSTSTSTO");
        assertThat(heard("no stop at all")).isEqualTo("no stop at all");
    }

    @Test
    void it_agrees_with_a_search_in_the_whole_text() {
        Random random = new Random(5);
        for (int round = 0; round < 500; round++) {
            String text =
                    random.ints(20, 'a', 'd').mapToObj(Character::toString).reduce("", String::concat);
            String stop = random.ints(1 + random.nextInt(4), 'a', 'd')
                    .mapToObj(Character::toString)
                    .reduce("", String::concat);
            int at = text.indexOf(stop);
            assertThat(heard(text, stop)).as(text + " until " + stop).isEqualTo(at < 0 ? text : text.substring(0, at));
        }
    }

    @Test
    void an_empty_stop_string_is_refused() {
        assertThatThrownBy(() -> new ReplyStream(TOKENIZER, List.of(""))).isInstanceOf(IllegalArgumentException.class);
    }

    private static String heard(String text, String... stops) {
        ReplyStream stream = new ReplyStream(TOKENIZER, List.of(stops));
        StringBuilder heard = new StringBuilder();
        for (int id : TOKENIZER.encode(text)) {
            heard.append(stream.push(id));
        }
        return heard.append(stream.finish()).toString();
    }
}
