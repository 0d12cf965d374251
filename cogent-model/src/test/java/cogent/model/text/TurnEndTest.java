package cogent.model.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class TurnEndTest {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final int OLD = TokenizerTest.FIRST_ADDED;
    private static final int END = TokenizerTest.FIRST_ADDED + 2;

    @TempDir
    Path folder;

    @Test
    void a_base_model_with_a_chat_template_stops_at_its_end_of_turn_everywhere() throws Exception {
        base(ChatFormatTest.CHATML, OLD);
        Files.writeString(folder.resolve("special_tokens_map.json"), "{\"eos_token\":{\"content\":\"<|endoftext|>\"}}");
        declare();
        assertThat(json("config.json").path("eos_token_id").toString()).isEqualTo("[" + END + "," + OLD + "]");
        assertThat(json("generation_config.json").path("eos_token_id").toString())
                .isEqualTo("[" + END + "," + OLD + "]");
        assertThat(json("generation_config.json").path("temperature").asDouble())
                .isEqualTo(0.7);
        assertThat(json("tokenizer_config.json").path("eos_token").asString()).isEqualTo("<|im_end|>");
        assertThat(json("special_tokens_map.json").path("eos_token").asString()).isEqualTo("<|im_end|>");
        try (Tokenizer saved = Tokenizer.load(folder)) {
            assertThat(saved.stopIds()).containsExactly(OLD, END);
        }
    }

    @Test
    void a_template_that_writes_the_eos_token_keeps_it() throws Exception {
        base("{{ eos_token }}" + ChatFormatTest.CHATML, OLD);
        declare();
        assertThat(json("tokenizer_config.json").path("eos_token").asString()).isEqualTo("<|endoftext|>");
        assertThat(json("generation_config.json").path("eos_token_id")).hasSize(2);
    }

    @Test
    void a_model_that_names_its_end_of_turn_is_left_alone() throws Exception {
        base(ChatFormatTest.CHATML, END);
        Map<String, byte[]> before = Map.of(
                "config.json", Files.readAllBytes(folder.resolve("config.json")),
                "generation_config.json", Files.readAllBytes(folder.resolve("generation_config.json")),
                "tokenizer_config.json", Files.readAllBytes(folder.resolve("tokenizer_config.json")));
        declare();
        for (var file : before.entrySet()) {
            assertThat(folder.resolve(file.getKey())).hasBinaryContent(file.getValue());
        }
    }

    @Test
    void without_a_template_nothing_ends_a_turn_but_the_end_of_the_text() throws Exception {
        base(null, OLD);
        declare();
        assertThat(json("config.json").path("eos_token_id").asInt()).isEqualTo(OLD);
    }

    private void declare() throws Exception {
        try (Tokenizer tokenizer = Tokenizer.load(folder)) {
            TurnEnd.declare(folder, tokenizer);
        }
    }

    private void base(@org.jspecify.annotations.Nullable String template, int eos) throws Exception {
        Files.copy(TokenizerTest.TINY.resolve("tokenizer.json"), folder.resolve("tokenizer.json"));
        Files.writeString(folder.resolve("config.json"), "{\"eos_token_id\":" + eos + "}");
        Files.writeString(
                folder.resolve("generation_config.json"), "{\"eos_token_id\":[" + eos + "],\"temperature\":0.7}");
        var config = JSON.createObjectNode().put("eos_token", "<|endoftext|>");
        if (template != null) {
            config.put("chat_template", template);
        }
        JSON.writeValue(folder.resolve("tokenizer_config.json"), config);
    }

    private JsonNode json(String file) {
        return JSON.readTree(folder.resolve(file));
    }
}
