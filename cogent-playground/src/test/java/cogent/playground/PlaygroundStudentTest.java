package cogent.playground;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import cogent.data.RowFormat;
import cogent.data.Sample;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class PlaygroundStudentTest {
    @TempDir
    static Path directory;

    private static HuggingFaceTokenizer tokenizer;

    @BeforeAll
    static void load() throws Exception {
        System.setProperty("RUST_FLAVOR", "cpu");
        PlaygroundStudent.write(directory);
        try (InputStream in = Files.newInputStream(directory.resolve("tokenizer.json"))) {
            tokenizer = HuggingFaceTokenizer.newInstance(
                    in, Map.of("addSpecialTokens", "false", "truncation", "false", "padding", "false"));
        }
    }

    @AfterAll
    static void close() {
        tokenizer.close();
    }

    private static JsonNode json(String name) throws Exception {
        return JsonMapper.builder().build().readTree(Files.readString(directory.resolve(name)));
    }

    private static long[] encode(String text) {
        return tokenizer.encode(text, false, false).getIds();
    }

    @Test
    void every_text_of_the_world_comes_back_exactly_and_without_unknown_pieces() {
        List<String> texts = new ArrayList<>();
        for (World world : List.of(World.QUICKSTART, new World(3, 999), new World(1, 9))) {
            for (Sample sample :
                    world.corpus(world.largest() == 9 ? 300 : 3000, 11).toList()) {
                texts.add("<|user|>" + RowFormat.PLAIN.prompt(sample.problem()) + "<|assistant|>"
                        + RowFormat.PLAIN.completion(sample.rationale()) + "<|end|>");
                texts.add(RowFormat.THINK.prompt(sample.problem()) + RowFormat.THINK.completion(sample.rationale()));
            }
        }
        long unknown = PlaygroundTokenizer.vocabulary().indexOf(PlaygroundTokenizer.UNKNOWN);
        for (String text : texts) {
            long[] ids = encode(text);
            assertThat(tokenizer.decode(ids, false)).isEqualTo(text);
            assertThat(LongStream.of(ids)).doesNotContain(unknown);
        }
    }

    @Test
    void numbers_are_single_digits_wherever_they_stand() {
        assertThat(tokenizer.tokenize("Mia has 47 pears. 600 - 47 = 553.\n\n\\boxed{47}"))
                .containsExactly(
                        "Mia",
                        " has ",
                        "4",
                        "7",
                        " pears",
                        ". ",
                        "6",
                        "0",
                        "0",
                        " - ",
                        "4",
                        "7",
                        " = ",
                        "5",
                        "5",
                        "3",
                        ".",
                        "\n\n",
                        "\\boxed{",
                        "4",
                        "7",
                        "}");
    }

    @Test
    void a_foreign_word_is_one_unknown_token_and_no_error() {
        assertThat(encode("Zarathustra")).hasSize(1);
        assertThat(tokenizer.decode(encode("Zarathustra has 3"), false)).isEqualTo("<|unk|> has 3");
    }

    @Test
    void the_files_agree_with_each_other() throws Exception {
        JsonNode config = json("config.json");
        int size = PlaygroundTokenizer.vocabulary().size();
        assertThat(size).isLessThan(300);
        assertThat(config.get("vocab_size").asInt()).isEqualTo(size);
        assertThat(json("tokenizer.json").get("model").get("vocab").size()).isEqualTo(size);
        assertThat(PlaygroundTokenizer.vocabulary()).doesNotHaveDuplicates();
        long end = encode(json("tokenizer_config.json").get("eos_token").asString())[0];
        assertThat(config.get("eos_token_id").asLong()).isEqualTo(end);
        assertThat(json("generation_config.json").get("eos_token_id").asLong()).isEqualTo(end);
    }

    @Test
    void rows_of_the_quickstart_are_short() {
        World.QUICKSTART.corpus(3000, 1).forEach(sample -> {
            assertThat(encode(sample.problem().text()).length).isLessThan(40);
            assertThat(encode(sample.rationale().text()).length).isLessThan(150);
        });
    }
}
