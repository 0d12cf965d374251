package cogent.model.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenBytesTest {
    private static final Path TINY = Path.of("src/test/resources/tiny-tokenizer");

    @TempDir
    private Path folder;

    @Test
    void the_bytes_of_a_text_s_tokens_joined_are_the_text() {
        String text = "and the 日本 \uD83D\uDE00é\u0301\n\tin  x";
        try (Tokenizer tokenizer = Tokenizer.load(TINY)) {
            var tokens = new TokenBytes(tokenizer);
            var joined = new ByteArrayOutputStream();
            Arrays.stream(tokenizer.encode(text)).forEach(id -> joined.writeBytes(tokens.of(id)));
            assertThat(joined.toString(StandardCharsets.UTF_8)).isEqualTo(text);
        }
    }

    @Test
    void tokens_that_steer_are_known_and_spelled_and_rows_without_a_token_have_a_name() {
        try (Tokenizer tokenizer = Tokenizer.load(TINY)) {
            var tokens = new TokenBytes(tokenizer);
            int end = tokenizer.id("<|im_end|>").orElseThrow();
            assertThat(tokens.isSpecial(end)).isTrue();
            assertThat(tokens.spelling(end)).isEqualTo("<|im_end|>");
            assertThat(tokens.isSpecial(tokenizer.encode("a")[0])).isFalse();
            assertThat(tokens.isSpecial(1_000_000)).isTrue();
            assertThat(tokens.spelling(1_000_000)).isEqualTo("token_id:1000000");
        }
    }

    @Test
    void sentencepiece_s_spaces_and_byte_tokens_are_what_they_stand_for() throws Exception {
        Files.writeString(folder.resolve("tokenizer.json"), """
                {"version": "1.0", "added_tokens": [{"id": 3, "content": "▁▁", "single_word": false, "lstrip": false,
                   "rstrip": false, "normalized": false, "special": false}], "normalizer": null, "pre_tokenizer": null, "post_processor": null,
                 "decoder": {"type": "Sequence", "decoders": [
                   {"type": "Replace", "pattern": {"String": "▁"}, "content": " "}, {"type": "ByteFallback"},
                   {"type": "Fuse"}]},
                 "model": {"type": "BPE", "byte_fallback": true, "unk_token": "<unk>",
                   "vocab": {"<unk>": 0, "<0xE2>": 1, "▁the": 2}, "merges": []}}
                """);
        try (Tokenizer tokenizer = Tokenizer.load(folder)) {
            var tokens = new TokenBytes(tokenizer);
            assertThat(tokens.of(1)).containsExactly(0xE2);
            assertThat(tokens.of(2)).asString(StandardCharsets.UTF_8).isEqualTo(" the");
            assertThat(tokens.of(3)).asString(StandardCharsets.UTF_8).isEqualTo("  "); // as Gemma has them
            assertThat(tokenizer.decode(3)).isEqualTo("  ");
        }
    }
}
