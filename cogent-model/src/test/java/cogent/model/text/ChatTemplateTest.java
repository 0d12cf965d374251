package cogent.model.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cogent.data.InputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ChatTemplateTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final LocalDateTime NOW = LocalDateTime.of(2025, 1, 15, 12, 0);
    private static final JsonNode HELLO = JSON.readTree("[{\"role\": \"user\", \"content\": \"hello\"}]");
    private static final JsonNode TOOLS = JSON.readTree("[{\"name\": \"add\"}]");

    @TempDir
    Path folder;

    @Test
    void a_template_of_its_own_file_wins_over_the_one_in_the_config() throws Exception {
        config("{\"chat_template\": \"config\"}");
        assertThat(rendered(null)).isEqualTo("config");
        Files.writeString(folder.resolve("chat_template.jinja"), "file {{ messages[0].content }}\n");
        assertThat(rendered(null)).isEqualTo("file hello");
    }

    @Test
    void special_tokens_are_variables_whether_written_as_text_or_as_objects() throws Exception {
        config(
                "{\"bos_token\": \"<s>\", \"eos_token\": {\"__type\": \"AddedToken\", \"content\": \"</s>\"},"
                        + " \"pad_token\": null, \"chat_template\": \"{{ bos_token }}{{ eos_token }}{{ pad_token is defined }}\"}");
        assertThat(rendered(null)).isEqualTo("<s></s>False");
    }

    @Test
    void among_named_templates_tools_choose_the_one_for_tools() throws Exception {
        config("{\"chat_template\": [{\"name\": \"default\", \"template\": \"plain {{ tools is none }}\"},"
                + " {\"name\": \"tool_use\", \"template\": \"{{ tools[0].name }}\"}]}");
        assertThat(rendered(null)).isEqualTo("plain True");
        assertThat(rendered(TOOLS)).isEqualTo("add");
    }

    @Test
    void further_templates_lie_in_a_folder_of_their_own() throws Exception {
        Files.writeString(folder.resolve("chat_template.jinja"), "plain");
        Files.createDirectory(folder.resolve("additional_chat_templates"));
        Files.writeString(folder.resolve("additional_chat_templates/tool_use.jinja"), "{{ tools[0].name }}");
        assertThat(rendered(null)).isEqualTo("plain");
        assertThat(rendered(TOOLS)).isEqualTo("add");
    }

    @Test
    void named_templates_without_a_default_say_what_to_do() throws Exception {
        config("{\"chat_template\": [{\"name\": \"rag\", \"template\": \"x\"}]}");
        assertThatThrownBy(() -> rendered(null))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("rag")
                .hasMessageContaining("chat_template.jinja");
    }

    @Test
    void settings_are_variables_and_win_over_special_tokens() {
        ChatTemplate template =
                ChatTemplate.of("{{ eos_token }}{{ enable_thinking }}{{ documents }}", Map.of("eos_token", "a"));
        JsonNode settings = JSON.readTree("{\"eos_token\": \"b\", \"enable_thinking\": false}");
        assertThat(template.render(HELLO, null, settings, false, NOW)).isEqualTo("bFalseNone");
    }

    @Test
    void a_directory_without_a_template_has_none() throws Exception {
        assertThat(ChatTemplate.load(folder)).isEmpty();
        config("{\"chat_template\": null}");
        assertThat(ChatTemplate.load(folder)).isEmpty();
    }

    @Test
    void a_broken_template_is_named_with_its_file_and_line() throws Exception {
        Files.writeString(folder.resolve("chat_template.jinja"), "a\n{% nonsense %}");
        assertThatThrownBy(() -> ChatTemplate.load(folder))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("chat_template.jinja")
                .hasMessageContaining("nonsense")
                .hasMessageContaining("line 2");
    }

    private void config(String json) throws Exception {
        Files.writeString(folder.resolve("tokenizer_config.json"), json);
    }

    private String rendered(JsonNode tools) {
        return ChatTemplate.load(folder).orElseThrow().render(HELLO, tools, JSON.createObjectNode(), true, NOW);
    }
}
