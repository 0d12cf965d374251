package cogent.jinja;

import static org.assertj.core.api.Assertions.assertThat;

import cogent.jinja.value.TemplateException;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.LinkedHashMap;
import java.util.Map;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Lines of the language; what they give was written down by jinja2 with transformers' settings (tools/oracles/templates.py). */
class LanguageTest {
    private static final LocalDateTime NOW = LocalDateTime.of(2025, 3, 9, 14, 5, 7);

    @Test
    void gives_what_jinja2_gives_text_or_error() {
        JsonNode fixture = JsonMapper.builder().build().readTree(Path.of("src/test/resources/jinja/language.json"));
        Map<String, Object> variables = new LinkedHashMap<>();
        fixture.path("variables").properties().forEach(e -> variables.put(e.getKey(), Variables.of(e.getValue())));
        var softly = new SoftAssertions();
        int cases = 0;
        for (JsonNode one : fixture.path("cases")) {
            String template = one.path("template").asString();
            String expected = one.has("error")
                    ? "error: " + one.path("error").asString()
                    : one.path("expected").asString();
            softly.assertThat(result(template, variables)).as(template).isEqualTo(expected);
            cases++;
        }
        softly.assertAll();
        assertThat(cases).isGreaterThan(500);
    }

    private static String result(String template, Map<String, Object> variables) {
        try {
            return Template.parse(template).render(variables, NOW);
        } catch (TemplateException e) {
            return "error: " + e.reason();
        }
    }
}
