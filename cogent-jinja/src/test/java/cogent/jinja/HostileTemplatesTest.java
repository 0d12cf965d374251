package cogent.jinja;

import static org.assertj.core.api.Assertions.assertThat;

import cogent.jinja.value.TemplateException;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Templates of the language's cases, cut and put together by chance with fixed seeds: a text or a TemplateException. */
class HostileTemplatesTest {
    private static final JsonNode CASES =
            JsonMapper.builder().build().readTree(Path.of("src/test/resources/jinja/language.json"));
    private static final LocalDateTime NOW = LocalDateTime.of(2025, 3, 9, 14, 5, 7);

    @RepeatedTest(20)
    void a_broken_template_renders_or_is_refused(RepetitionInfo repetition) {
        Map<String, Object> variables = new LinkedHashMap<>();
        CASES.path("variables").properties().forEach(e -> variables.put(e.getKey(), Variables.of(e.getValue())));
        List<String> templates = new ArrayList<>();
        CASES.path("cases").forEach(one -> templates.add(one.path("template").asString()));
        var random = new SplittableRandom(repetition.getCurrentRepetition());
        int refused = 0;
        for (int i = 0; i < 200; i++) {
            String template = broken(templates, random);
            try {
                assertThat(Template.parse(template).render(variables, NOW)).isNotNull();
            } catch (TemplateException e) {
                assertThat(e.reason()).as(template).isNotBlank();
                refused++;
            } catch (RuntimeException e) {
                throw new AssertionError("«" + template + "»", e);
            }
        }
        assertThat(refused).isBetween(20, 199);
    }

    private static String broken(List<String> templates, SplittableRandom random) {
        String one = templates.get(random.nextInt(templates.size()));
        String other = templates.get(random.nextInt(templates.size()));
        int cut = random.nextInt(one.length() + 1);
        return switch (random.nextInt(5)) {
            case 0 -> one.substring(0, cut);
            case 1 -> one.substring(0, cut) + other.substring(random.nextInt(other.length() + 1));
            case 2 -> one.substring(0, cut) + "{}[]()%'\"|~.-".charAt(random.nextInt(13)) + one.substring(cut);
            case 3 -> one + other;
            default -> one.substring(0, cut) + one.substring(Math.min(one.length(), cut + 1 + random.nextInt(3)));
        };
    }
}
