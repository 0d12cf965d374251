package cogent.model.text;

import static org.assertj.core.api.Assertions.assertThat;

import cogent.jinja.value.TemplateException;
import cogent.model.Shared;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.LinkedHashMap;
import java.util.Map;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Templates of real models against what transformers renders. */
class ChatTemplateReferenceTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    @Test
    void renders_every_reference_case_exactly_and_fails_with_the_same_words() throws Exception {
        Path folder = Shared.resolve("chat_templates");
        var softly = new SoftAssertions();
        int cases = 0;
        for (JsonNode one : JSON.readTree(folder.resolve("expected.json")).path("cases")) {
            cases++;
            String expected = one.path("expected").isNull()
                    ? "error: " + one.path("expected_error").asString()
                    : one.path("expected").asString();
            softly.assertThat(rendered(folder, one))
                    .as(one.path("id").asString() + " " + one.path("template").asString())
                    .isEqualTo(expected);
        }
        softly.assertAll();
        assertThat(cases).isEqualTo(238);
    }

    private static String rendered(Path folder, JsonNode one) throws Exception {
        Map<String, String> special = new LinkedHashMap<>();
        one.path("special_tokens")
                .properties()
                .forEach(e -> special.put(e.getKey(), e.getValue().asString()));
        ObjectNode kwargs = (ObjectNode) one.path("kwargs").deepCopy();
        boolean addGenerationPrompt = kwargs.remove("add_generation_prompt").asBoolean();
        LocalDateTime now = LocalDateTime.parse(one.path("now").asString("2000-01-01T00:00:00"));
        try {
            return ChatTemplate.of(
                            Files.readString(folder.resolve(one.path("template").asString())), special)
                    .render(one.path("messages"), one.path("tools"), kwargs, addGenerationPrompt, now);
        } catch (TemplateException e) {
            return "error: " + e.reason();
        }
    }
}
