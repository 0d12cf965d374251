package cogent.jinja;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cogent.jinja.value.TemplateException;
import java.time.Duration;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

class TemplateTest {
    private static final LocalDateTime NOW = LocalDateTime.of(2025, 3, 9, 14, 5, 7);

    @Test
    void content_is_never_read_as_a_template() {
        String hostile = "{{ 7 * 7 }}{% for x in range(9) %}x{% endfor %}{# gone #}{% raw %}";
        assertThat(render("{{ m }}|{{ m|upper|lower }}|{{ m ~ m|length }}|{{ [m]|join }}", Map.of("m", hostile)))
                .startsWith(hostile + "|")
                .endsWith("|" + hostile);
    }

    @Test
    void an_error_names_the_line_it_happened_on() {
        assertThatThrownBy(() -> render("a\n{% if true %}\n{{ 'x' +\n none }}{% endif %}", Map.of()))
                .isInstanceOf(TemplateException.class)
                .hasMessage("can only concatenate str (not \"NoneType\") to str (line 3 of the template)");
        assertThatThrownBy(() ->
                        render("{% macro m() %}\n{{ raise_exception('stop') }}\n{% endmacro %}\n\n{{ m() }}", Map.of()))
                .isInstanceOfSatisfying(TemplateException.class, e -> {
                    assertThat(e.reason()).isEqualTo("stop");
                    assertThat(e.line()).isEqualTo(2);
                });
        assertThatThrownBy(() -> Template.parse("a\n\n{% for x in y %}\n"))
                .isInstanceOfSatisfying(
                        TemplateException.class, e -> assertThat(e.line()).isGreaterThanOrEqualTo(3));
    }

    @Test
    void a_template_cannot_change_its_values_for_the_next_rendering() {
        Map<String, Object> variables = Map.of("l", List.of("a"));
        Template template = Template.parse("{% set l = l + ['b'] %}{{ l }}");
        assertThat(template.render(variables, NOW)).isEqualTo("['a', 'b']");
        assertThat(template.render(variables, NOW)).isEqualTo("['a', 'b']");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}",
                "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
                "{% macro m(n) %}{{ m(n + 1) }}{{ m(n + 1) }}{% endmacro %}{{ m(0) }}",
                "{{ 'x' * 99999999999 }}",
                "{{ [0] * 99999999999 }}",
                "{% set ns = namespace(s='xx') %}{% for i in range(99) %}{% set ns.s = ns.s + ns.s %}{% endfor %}",
                "{% set ns = namespace(l=[1]) %}{% for i in range(99) %}{% set ns.l = ns.l + ns.l %}{% endfor %}",
                "{% set ns = namespace(l=[1]) %}{% for i in range(99) %}{% set ns.l = [ns.l, ns.l] %}{% endfor %}{{ ns.l }}",
                "{% set ns = namespace(l=[1]) %}{% for i in range(99) %}{% set ns.l = [ns.l, ns.l] %}{% endfor %}{{ ns.l|tojson }}",
                "{% set ns = namespace(l=(1,)) %}{% for i in range(99) %}{% set ns.l = (ns.l, ns.l) %}{% endfor %}{{ {ns.l: 1} }}",
                "{% set ns = namespace(a=[1], b=[1]) %}{% for i in range(99) %}{% set ns.a = [ns.a, ns.a] %}{% set ns.b = [ns.b, ns.b] %}{% endfor %}{{ ns.a == ns.b }}",
                "{% set ns = namespace(l=[]) %}{% for i in range(99999) %}{% set ns.l = [ns.l] %}{% endfor %}{{ ns.l }}",
                "{% set ns = namespace() %}{% set ns.me = ns %}{{ ns }}",
                "{{ 9 ** 9 ** 9 ** 99 }}",
                "{{ 2 ** 999999999999 }}",
                "{% set ns = namespace(n=3) %}{% for i in range(99) %}{% set ns.n = ns.n * ns.n %}{% endfor %}{{ ns.n }}",
                "{{ '%999999999d' % 1 }}",
                "{{ '%.999999999f' % 1.5 }}",
                "{{ '{:999999999}'.format(1) }}",
                "{{ 'a'.ljust(999999999) }}",
                "{{ 'a'|center(999999999) }}",
                "{{ 'a'|indent(999999999, true) }}",
                "{{ [1]|tojson(indent=999999999) }}",
                "{% set s = 'x' * 9999999 %}{% for i in range(99999) %}{% set t = s|upper %}{% endfor %}",
                "{% set s = 'a' * 9999999 %}{% for i in range(99999) %}{{ s.find('b') }}{% endfor %}",
                "{{ ('a' * 2000000).find('a' * 999999 + 'b') }}",
                "{% set s = 'ab' * 4999999 %}{% for i in range(99999) %}{{ s|list|length }}{% endfor %}",
                "{% for i in range(99999) %}{{ ('a,' * 99999).split(',')|length }}{% endfor %}",
                "{% for a in [1] recursive %}{{ loop([1]) }}{% endfor %}",
                "{{ [1]|batch(999999999, 0)|list }}",
                "{{ [1]|slice(999999999)|list }}",
            })
    void a_hostile_template_ends_with_a_clear_error(String template) {
        Assertions.assertTimeoutPreemptively(
                Duration.ofSeconds(60),
                () -> assertThatThrownBy(() -> render(template, Map.of()))
                        .isInstanceOf(TemplateException.class)
                        .hasMessageContaining("line 1"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"(", "[", "not ", "-", "{1:", "a if "})
    void source_nested_without_end_is_an_error_and_no_crash(String open) {
        assertThatThrownBy(() -> Template.parse("{{ " + open.repeat(100_000))).isInstanceOf(TemplateException.class);
    }

    @Test
    void a_long_conversation_is_far_within_the_budget() throws Exception {
        var json = JsonMapper.builder().build().createArrayNode();
        for (int i = 0; i < 400; i++) {
            json.addObject().put("role", i % 2 == 0 ? "user" : "assistant").put("content", "word ".repeat(2000));
        }
        String text = render(
                "{% for m in messages %}{% set c = m.content.split('</think>')[-1].lstrip('\\n') %}"
                        + "{{ '<' + m['role'] + '>' + c|trim + '\\n' }}{% endfor %}",
                Map.of("messages", Variables.of(json)));
        assertThat(text).hasSizeGreaterThan(400 * 9999);
    }

    private static String render(String template, Map<String, Object> variables) {
        return Template.parse(template).render(variables, NOW);
    }
}
