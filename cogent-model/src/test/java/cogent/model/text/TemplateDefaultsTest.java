package cogent.model.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cogent.data.InputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class TemplateDefaultsTest {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final LocalDateTime NOW = LocalDate.EPOCH.atStartOfDay();
    private static final Map<String, JsonNode> THINKING =
            Map.of("enable_thinking", JSON.readTree("true"), "style", JSON.readTree("\"it's \\\"so\\\"\\n%}\""));

    /** As Qwen3.5's: no thinking unless it is asked for. */
    private static final String TEMPLATE = """
            {%- for m in messages %}
                {{- m.content }}
            {%- endfor %}
            {%- if enable_thinking is defined and enable_thinking is true %}<think>{% else %}<think></think>{% endif %}{{ style }}{{ '' if "quo\\"quoted" == 'a' else '' }}""";

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"", "\n", "  ", "\n\n", " \n  {% if true %}\n\n{% endif %}", "{# said #}\n"})
    void a_template_says_by_itself_what_it_was_told(String beginning) throws Exception {
        String before = beginning + TEMPLATE;
        String told = rendered(write(before), JSON.valueToTree(THINKING));
        TemplateDefaults.declare(folder, THINKING);
        assertThat(rendered(folder, JSON.createObjectNode())).isEqualTo(told).endsWith("q<think>it's \"so\"\n%}");
        assertThat(rendered(folder, JSON.readTree("{\"enable_thinking\": false, \"style\": \"\"}")))
                .endsWith("q<think></think>");
    }

    @Test
    void told_twice_it_says_it_once() throws Exception {
        write(TEMPLATE);
        TemplateDefaults.declare(folder, THINKING);
        String once = ChatTemplate.text(folder).orElseThrow();
        TemplateDefaults.declare(folder, THINKING);
        assertThat(ChatTemplate.text(folder)).contains(once);
    }

    @Test
    void wherever_templates_stand() throws Exception {
        write(TEMPLATE);
        Path config = folder.resolve("tokenizer_config.json");
        Path further = Files.createDirectories(folder.resolve("additional_chat_templates"))
                .resolve("tool_use.jinja");
        Files.writeString(further, TEMPLATE);
        var named = JSON.createObjectNode().put("bos_token", "<s>");
        named.putArray("chat_template").addObject().put("name", "default").put("template", TEMPLATE);
        JSON.writeValue(config, named);
        TemplateDefaults.declare(folder, THINKING);
        String said = ChatTemplate.text(folder).orElseThrow();
        assertThat(further).hasContent(said);
        assertThat(JSON.readTree(config).at("/chat_template/0/template").asString())
                .isEqualTo(said);
        assertThat(JSON.readTree(config).path("bos_token").asString()).isEqualTo("<s>");
    }

    @Test
    void without_variables_no_file_is_touched() throws Exception {
        write(TEMPLATE);
        TemplateDefaults.declare(folder, Map.of());
        assertThat(folder.resolve("chat_template.jinja")).hasContent(TEMPLATE);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "enable_thinkin|true|does not mention enable_thinkin",
                "thinking|true|does not mention thinking",
                "think|true|does not mention think",
                "quoted|true|does not mention quoted",
                "messages|\"x\"|messages is no variable to set",
                "a b|1|a b is no variable to set",
                "style|null|style is null: give a text",
                "style|[1]|style is [1]: give a text",
            })
    void what_makes_no_difference_is_told(String name, String value, String reason) throws Exception {
        write(TEMPLATE);
        assertThatThrownBy(() -> TemplateDefaults.requireKnown(folder, Map.of(name, JSON.readTree(value))))
                .isInstanceOf(InputException.class)
                .hasMessageContaining(reason);
        TemplateDefaults.requireKnown(folder, THINKING);
    }

    @Test
    void a_model_without_a_template_heeds_none() {
        assertThatThrownBy(() -> TemplateDefaults.requireKnown(folder, THINKING))
                .hasMessageContaining("has no chat template that could heed");
    }

    private Path write(String template) throws Exception {
        Files.writeString(folder.resolve("chat_template.jinja"), template);
        return folder;
    }

    private static String rendered(Path directory, JsonNode variables) {
        JsonNode messages = JSON.readTree("[{\"role\": \"user\", \"content\": \"q\"}]");
        return ChatTemplate.load(directory).orElseThrow().render(messages, null, variables, true, NOW);
    }
}
