package cogent.model.gguf;

import static org.assertj.core.api.Assertions.assertThat;

import cogent.model.hf.Configs;
import cogent.model.text.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class ModelfileTest {
    private static final Path TINY = Path.of("src/test/resources/tiny-tokenizer");
    private static final String CHATML = "{% for m in messages %}<|im_start|>{{ m.role }}\n{{ m.content }}<|im_end|>\n"
            + "{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}";

    @TempDir
    Path folder;

    @Test
    void a_chat_template_is_said_in_its_parts() throws IOException {
        assertThat(of(CHATML))
                .contains(
                        "FROM ./mine.gguf\n",
                        "ollama create NAME -f mine.Modelfile",
                        """
                TEMPLATE \"""{{ if .System }}<|im_start|>system
                {{ .System }}<|im_end|>
                {{ end }}{{ range .Messages }}{{ if eq .Role "user" }}<|im_start|>user
                {{ .Content }}<|im_end|>
                <|im_start|>assistant
                {{ else if eq .Role "assistant" }}{{ .Content }}<|im_end|>
                {{ end }}{{ end }}\"""
                """,
                        "PARAMETER stop \"<|im_end|>\"\n",
                        "PARAMETER num_ctx 64\n");
    }

    @Test
    void a_system_text_of_the_templates_own_stands_where_none_is_given() throws IOException {
        String own = "{% if messages[0].role != 'system' %}<|im_start|>system\nBe brief.<|im_end|>\n{% endif %}";
        assertThat(of(own + CHATML))
                .contains(
                        "{{ .System }}<|im_end|>\n{{ else }}<|im_start|>system\nBe brief.<|im_end|>\n{{ end }}{{ range");
    }

    @Test
    void a_template_that_does_more_than_frame_its_texts_is_left_to_ollama() throws IOException {
        for (String template : new String[] {
            CHATML.replace("{{ m.content }}", "{{ m.content | upper }}"),
            CHATML.replace("{{ m.content }}", "{{ m.content }}{{ loop.index }}"),
            "{% if messages[0].role == 'system' %}{{ raise_exception('no') }}{% endif %}" + CHATML
        }) {
            assertThat(of(template))
                    .contains("# The model's chat template cannot be said")
                    .doesNotContain("\nTEMPLATE");
        }
    }

    @Test
    void sampling_that_the_model_suggests_goes_along() throws IOException {
        Files.writeString(
                folder.resolve("generation_config.json"),
                "{\"temperature\": 0.6, \"top_k\": 20, \"repetition_penalty\": 1.1, \"top_p\": \"x\"}");
        assertThat(of(CHATML))
                .contains("PARAMETER temperature 0.6\n", "PARAMETER top_k 20\n", "PARAMETER repeat_penalty 1.1\n")
                .doesNotContain("top_p");
    }

    private String of(String template) throws IOException {
        Files.copy(
                TINY.resolve("tokenizer.json"),
                folder.resolve("tokenizer.json"),
                java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        ObjectNode config =
                (ObjectNode) JsonMapper.shared().readTree(Files.readString(TINY.resolve("tokenizer_config.json")));
        Files.writeString(
                folder.resolve("tokenizer_config.json"),
                config.put("chat_template", template).toString());
        try (Tokenizer tokenizer = Tokenizer.load(folder)) {
            return Modelfile.of(Path.of("mine.gguf"), Configs.qwen2(), tokenizer);
        }
    }
}
