package cogent.model.text;

import static org.assertj.core.api.Assertions.assertThat;

import cogent.model.Shared;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Real tokenizers against the ids that transformers and sentencepiece give. */
class GoldenEncodingsTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private static final Path TOKENS = Path.of("src/test/resources/tokens");

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({"qwen2.5, 151665", "qwen3, 151669", "minimind, 6400"})
    void encodes_and_streams_as_the_reference_does(String name, int vocabSize) throws Exception {
        JsonNode golden = JSON.readTree(Shared.resolve("tokenizers/golden_encodings.json"));
        try (Tokenizer tokenizer = Tokenizer.load(unpacked(Shared.resolve("tokenizers/" + name)))) {
            assertThat(tokenizer.vocabSize()).isEqualTo(vocabSize);
            var softly = new SoftAssertions();
            for (JsonNode one : golden.path("cases")) {
                if (one.path("tokenizer").asString().equals(name)) {
                    String text = one.path("text").asString();
                    int[] ids = JSON.convertValue(one.path("ids"), int[].class);
                    softly.assertThat(tokenizer.encode(text)).as(text).isEqualTo(ids);
                    softly.assertThat(streamed(tokenizer, ids)).isEqualTo(tokenizer.decodeSkippingSpecialTokens(ids));
                }
            }
            softly.assertAll();
        }
    }

    /** Of the makes that published models have, made by tools/oracles/tokens.py. */
    @ParameterizedTest
    @ValueSource(strings = {"qwen", "llama3", "sentencepiece"})
    void a_small_tokenizer_makes_of_hard_texts_what_python_does(String name) throws Exception {
        JsonNode golden = JSON.readTree(TOKENS.resolve("golden.json"));
        try (Tokenizer tokenizer = Tokenizer.load(TOKENS.resolve(name))) {
            int cases = 0;
            for (JsonNode one : golden.path("cases")) {
                if (one.path("tokenizer").asString().equals(name)) {
                    String text = one.path("text").asString();
                    int[] ids = JSON.convertValue(one.path("ids"), int[].class);
                    assertThat(tokenizer.encode(text)).as(text).isEqualTo(ids);
                    assertThat(tokenizer.encodeWithSpecialTokens(text))
                            .as(text)
                            .isEqualTo(JSON.convertValue(one.path("with_special"), int[].class));
                    assertThat(tokenizer.decodeSkippingSpecialTokens(ids))
                            .isEqualTo(one.path("text_again").asString());
                    assertThat(streamed(tokenizer, ids)).isEqualTo(tokenizer.decodeSkippingSpecialTokens(ids));
                    cases++;
                }
            }
            assertThat(cases).isEqualTo(30);
        }
    }

    @Test
    void a_sentencepiece_style_tokenizer_adds_its_bos_and_streams_its_spaces() throws Exception {
        JsonNode golden = JSON.readTree(TOKENS.resolve("sentencepiece/golden.json"));
        try (Tokenizer tokenizer = Tokenizer.load(TOKENS.resolve("sentencepiece"))) {
            assertThat(tokenizer.stopIds()).containsExactly(2);
            int cases = 0;
            for (JsonNode one : golden.path("cases")) {
                int[] ids = JSON.convertValue(one.path("ids"), int[].class);
                assertThat(tokenizer.encodeWithSpecialTokens(one.path("text").asString()))
                        .isEqualTo(ids);
                assertThat(streamed(tokenizer, ids)).isEqualTo(tokenizer.decodeSkippingSpecialTokens(ids));
                cases++;
            }
            assertThat(cases).isPositive();
            String emoji = "Lily \uD83D\uDE00\uD83D\uDE01 smiled";
            assertThat(streamed(tokenizer, tokenizer.encode(emoji))).isEqualTo(emoji);
        }
    }

    private static String streamed(Tokenizer tokenizer, int[] ids) {
        TokenStream stream = new TokenStream(tokenizer);
        var text = new StringBuilder();
        for (int id : ids) {
            text.append(stream.push(id));
        }
        return text.append(stream.finish()).toString();
    }

    private Path unpacked(Path directory) throws Exception {
        Path packed = directory.resolve("tokenizer.json.gz");
        if (!Files.exists(packed)) {
            return directory;
        }
        try (InputStream in = new GZIPInputStream(Files.newInputStream(packed))) {
            Files.copy(in, folder.resolve("tokenizer.json"));
        }
        return folder;
    }
}
