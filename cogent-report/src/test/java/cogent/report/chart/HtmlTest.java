package cogent.report.chart;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HtmlTest {
    @Test
    void escapes_what_html_gives_a_meaning() {
        assertThat(Html.escape("a<b>&\"'\n\t")).isEqualTo("a&lt;b&gt;&amp;&quot;&#39;\n\t");
    }

    @Test
    void leaves_other_writing_as_it_is() {
        String text = "β ≻ ½ 日本 العربية עברית 😀 e\u0301 \u200F";
        assertThat(Html.escape(text)).isEqualTo(text);
    }

    @Test
    void a_folded_text_loses_no_character() {
        String text = "word ".repeat(3_000).strip();
        String html = Html.text(text);
        assertThat(html).contains("<details");
        assertThat(html.replaceAll("<summary>.*</summary>", "")
                        .replaceAll("<[^>]*>", "")
                        .replace(" …", ""))
                .isEqualTo(text);
    }

    @Test
    void folding_never_cuts_a_character_in_two() {
        for (int shift = 0; shift < 2; shift++) {
            String html = Html.text("x".repeat(shift) + "😀".repeat(3_000));
            assertThat(html).contains("<details").doesNotContain("\uFFFD");
        }
        assertThat(Html.oneLine("x" + "😀".repeat(90), 80))
                .doesNotContain("\uFFFD")
                .endsWith("…");
    }

    @Test
    void a_text_little_longer_than_the_limit_stands_open() {
        assertThat(Html.text("x".repeat(Html.OPEN_CHARACTERS + 100))).doesNotContain("<details");
    }
}
