package cogent.model.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cogent.data.InputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** A byte-level tokenizer of 264 entries and five added tokens; its file asks for truncation to 8 tokens. */
class TokenizerTest {
    static final Path TINY = Path.of("src/test/resources/tiny-tokenizer");
    static final int FIRST_ADDED = 264;

    private static final Tokenizer TOKENIZER = Tokenizer.load(TINY);

    @TempDir
    Path folder;

    @AfterAll
    static void close() {
        TOKENIZER.close();
    }

    @Test
    void a_part_that_no_tokenizer_has_is_named() throws Exception {
        ObjectNode json = (ObjectNode) JsonMapper.shared().readTree(TINY.resolve("tokenizer.json"));
        JsonMapper.shared().writeValue(folder.resolve("tokenizer.json"), json.put("chat_template", "x"));
        assertThatThrownBy(() -> Tokenizer.load(folder))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("tokenizer.json has \"chat_template\" at its outermost level");
    }

    @Test
    void a_long_text_is_never_truncated_even_where_the_file_asks_for_it() {
        assertThat(TOKENIZER.encode("x".repeat(2000))).hasSize(2000);
        assertThat(TOKENIZER.encode(List.of("x".repeat(2000), "the"))).satisfies(ids -> {
            assertThat(ids.getFirst()).hasSize(2000);
            assertThat(ids.getLast()).containsExactly(TOKENIZER.id("the").orElseThrow());
        });
    }

    @Test
    void special_tokens_written_in_a_text_are_single_ids_and_survive_the_round_trip() {
        int[] ids = TOKENIZER.encode("<|im_start|>the<think>\n<|im_end|>");
        assertThat(ids).containsExactly(FIRST_ADDED + 1, 257, FIRST_ADDED + 3, id("Ċ"), FIRST_ADDED + 2);
        assertThat(TOKENIZER.decode(ids)).isEqualTo("<|im_start|>the<think>\n<|im_end|>");
        assertThat(TOKENIZER.decodeSkippingSpecialTokens(ids)).isEqualTo("the<think>\n");
    }

    @Test
    void vocabulary_size_counts_the_added_tokens() {
        assertThat(TOKENIZER.vocabSize()).isEqualTo(FIRST_ADDED + 5);
        assertThat(TOKENIZER.addedTokens()).hasSize(5).containsEntry("<think>", FIRST_ADDED + 3);
        assertThat(TOKENIZER.id("no such token")).isEmpty();
    }

    @Test
    void stop_ids_come_from_the_generation_config_and_the_eos_token() {
        assertThat(TOKENIZER.stopIds()).containsExactly(FIRST_ADDED, FIRST_ADDED + 2);
        assertThat(TOKENIZER.specialTokens())
                .containsEntry("eos_token", "<|im_end|>")
                .containsEntry("pad_token", "<|endoftext|>")
                .doesNotContainKey("bos_token");
    }

    @Test
    void a_stream_gives_whole_characters_and_nothing_is_lost() {
        String text = "and the 日本 \uD83D\uDE00\uD83D\uDE01é\u0301 in";
        TokenStream stream = new TokenStream(TOKENIZER);
        var joined = new StringBuilder();
        for (int id : TOKENIZER.encode(text)) {
            String piece = stream.push(id);
            assertThat(piece).doesNotContain("\uFFFD");
            assertThat(piece.isEmpty() || !Character.isHighSurrogate(piece.charAt(piece.length() - 1)))
                    .isTrue();
            joined.append(piece);
        }
        assertThat(joined.append(stream.finish())).hasToString(text);
    }

    @Test
    void a_stream_cut_off_within_a_character_shows_that_only_at_its_end() {
        int[] ids = TOKENIZER.encode("a日");
        TokenStream stream = new TokenStream(TOKENIZER);
        assertThat(stream.push(ids[0])).isEqualTo("a");
        assertThat(stream.push(ids[1])).isEmpty();
        assertThat(stream.finish()).isEqualTo("\uFFFD");
    }

    @Test
    void a_stream_of_bytes_that_are_no_text_ends_equal_to_decoding_at_once() {
        int[] ids = IntStream.range(0, 2000).map(i -> 128 + i * 37 % 128).toArray();
        TokenStream stream = new TokenStream(TOKENIZER);
        var joined = new StringBuilder();
        for (int id : ids) {
            joined.append(stream.push(id));
        }
        assertThat(joined.append(stream.finish())).hasToString(TOKENIZER.decodeSkippingSpecialTokens(ids));
    }

    @Test
    void its_files_are_copied_byte_for_byte_and_load_again() throws Exception {
        TOKENIZER.copyTo(folder);
        for (String name : List.of("tokenizer.json", "tokenizer_config.json", "generation_config.json")) {
            assertThat(folder.resolve(name)).hasSameBinaryContentAs(TINY.resolve(name));
        }
        try (Tokenizer again = Tokenizer.load(folder)) {
            assertThat(again.encode("the end")).isEqualTo(TOKENIZER.encode("the end"));
            again.copyTo(folder);
            Files.writeString(
                    Files.createDirectory(folder.resolve("additional_chat_templates"))
                            .resolve("rag.jinja"),
                    "r");
            again.copyTo(folder.resolve("copy"));
        }
        assertThat(folder.resolve("copy/additional_chat_templates/rag.jinja")).hasContent("r");
    }

    @Test
    void one_that_cuts_words_by_chance_is_refused() throws Exception {
        String json =
                Files.readString(TINY.resolve("tokenizer.json")).replaceFirst("\"dropout\": *null", "\"dropout\": 0.1");
        Files.writeString(folder.resolve("tokenizer.json"), json);
        assertThatThrownBy(() -> Tokenizer.load(folder))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("model.dropout 0.1")
                .hasMessageContaining("set it to null");
    }

    @Test
    void a_closed_tokenizer_says_so() {
        Tokenizer closed = Tokenizer.load(TINY);
        closed.close();
        closed.close();
        assertThatThrownBy(() -> closed.encode("a"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("closed");
    }

    @Test
    void a_directory_with_only_a_sentencepiece_model_is_refused_with_the_way_out() throws Exception {
        Files.write(folder.resolve("tokenizer.model"), new byte[] {1});
        assertThatThrownBy(() -> Tokenizer.load(folder))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("tokenizer.model")
                .hasMessageContaining("save_pretrained");
    }

    @Test
    void a_file_that_is_no_tokenizer_is_refused_by_name() throws Exception {
        for (String text :
                List.of("", "[]", "{", "{\"model\":{\"vocab\":{\"a\":0}}}", "{\"model\":{\"vocab\":{\"a\":[]}}}")) {
            Files.writeString(folder.resolve("tokenizer.json"), text);
            assertThatThrownBy(() -> Tokenizer.load(folder))
                    .as(text)
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("tokenizer.json");
        }
        assertThatThrownBy(() -> Tokenizer.load(folder.resolve("nowhere"))).isInstanceOf(InputException.class);
    }

    private static int id(String token) {
        return TOKENIZER.id(token).orElseThrow();
    }
}
