package cogent.report;

import static org.assertj.core.api.Assertions.assertThat;

import cogent.data.Gap;
import cogent.report.ReportData.GapPairs;
import cogent.report.chart.Html;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class ReportTest {
    private static final Pattern TAG = Pattern.compile("<(/?)([a-zA-Z0-9]+)(?:\"[^\"]*\"|[^>\"])*>");
    private static final Set<String> VOID = Set.of("meta", "link", "input", "line", "rect", "circle", "path");

    @Test
    void has_every_section_under_a_heading() {
        assertThat(Report.html(Runs.whole()))
                .contains("<section id=\"result\"", "<section id=\"path\"", "<section id=\"training\"")
                .contains("<section id=\"examples\"", "<section id=\"recipe\"", "<section id=\"environment\"")
                .contains("<h1>quickstart</h1>", "<html lang=\"en\">");
    }

    @Test
    void shows_the_numbers_of_the_run() {
        assertThat(page(Runs.whole()))
                .contains("142 / 500", "24.6 – 32.5", "+62.6", "&lt; 0.001")
                .contains("CRV solves 62.6 points more than raw SFT: the interval excludes 0.")
                .contains("CRV + CogPO and CRV cannot be told apart at n = 500: the interval holds 0.")
                .contains("final answer differs after 3 rounds", "43 (0.3 %)", "95.3 %")
                .contains("./cogent run recipes/quickstart.yaml", "23 November 2026, 14:02 UTC", "9m12s")
                .contains("rounds to fifty and back", "step 1 drops the carry", "small: 0.1, medium: 0.2");
    }

    @Test
    void shows_what_the_student_makes_of_the_rationales_and_where_the_teacher_disagrees() {
        assertThat(page(Runs.whole()))
                .contains("They agree on 96.9 % of the rationales")
                .contains("teacher easy, student medium: pg-000012, pg-000044, pg-000051")
                .contains("−1.31");
    }

    @Test
    void names_the_gap_whose_sides_length_alone_tells_apart() {
        assertThat(page(Runs.whole())).contains("In no gap does length alone tell the sides apart in more than 75.0 %");
        ReportData d = Runs.whole();
        ReportData telling = new ReportData(
                d.title(),
                d.stages(),
                d.curation()
                        .map(c -> Runs.withPairs(
                                c,
                                List.of(
                                        new GapPairs(Gap.SMALL, 0.1, 100, 0.76),
                                        new GapPairs(Gap.MEDIUM, 0.2, 100, 0.75),
                                        new GapPairs(Gap.LARGE, 0.5, 100, 0.24)))),
                d.trainings(),
                d.benchmarks(),
                d.recipe(),
                d.environment(),
                d.artefacts());
        assertThat(page(telling))
                .contains("<b>Gap small, large:</b> length alone tells the sides apart in more than 75.0 %");
    }

    @Test
    void says_what_has_not_run_and_what_would_run_it() {
        assertThat(Report.html(Runs.begun()))
                .contains("curate has not run yet. To run it: <code>./cogent curate recipes/quickstart.yaml</code>")
                .contains("align has not run yet. To run it: <code>./cogent align recipes/quickstart.yaml</code>")
                .contains("evaluate has not run yet. To run it: <code>./cogent evaluate recipes/quickstart.yaml</code>")
                .doesNotContain("<svg");
    }

    @Test
    void says_when_a_stage_is_no_part_of_the_recipe() {
        ReportData d = Runs.begun();
        ReportData onlyCurating = new ReportData(
                d.title(), List.of(), Optional.empty(), List.of(), List.of(), "", d.environment(), List.of());
        assertThat(Report.html(onlyCurating))
                .contains("Evaluation is not part of this recipe.", "Preference alignment is not part of this recipe.")
                .contains("The recipe is not on record.");
    }

    @Test
    void is_a_function_of_its_data() {
        assertThat(Report.html(Runs.whole())).isEqualTo(Report.html(Runs.whole()));
    }

    @Test
    void loads_nothing_and_runs_nothing() {
        String html = Report.html(Runs.whole());
        assertThat(html)
                .contains("Content-Security-Policy\" content=\"default-src 'none'")
                .doesNotContain("<script");
        assertThat(html).doesNotContainPattern("(?i)(src|action|poster|srcset)\\s*=|url\\(|@import|https?:");
        assertThat(all(html, Pattern.compile("href=\"([^\"]*)\""), 1))
                .allMatch(link -> link.startsWith("#") || link.equals("data:,"));
    }

    @Test
    void links_and_labels_find_their_targets_and_names_are_unique() {
        String html = Report.html(Runs.whole());
        List<String> ids = all(html, Pattern.compile(" id=\"([^\"]*)\""), 1);
        assertThat(ids).doesNotHaveDuplicates();
        assertThat(ids).containsAll(all(html, Pattern.compile("href=\"#([^\"]+)\""), 1));
        assertThat(ids).containsAll(all(html, Pattern.compile(" for=\"([^\"]+)\""), 1));
        assertThat(ids).containsAll(all(html, Pattern.compile(" aria-labelledby=\"([^\"]+)\""), 1));
    }

    @Test
    void every_chart_has_words_for_those_who_do_not_see_it() {
        String html = page(Runs.whole());
        assertThat(all(html, Pattern.compile("<svg[^>]*>"), 0))
                .hasSizeGreaterThan(10)
                .allMatch(svg -> svg.contains("role=\"img\"") && svg.matches(".*aria-label=\"[^\"]{30,}\".*"));
        assertThat(html).contains("raw SFT: 28.4 %, interval 24.6 to 32.5.");
        assertThat(all(html, Pattern.compile("<th(?=[ >])[^>]*>"), 0)).allMatch(th -> th.contains("scope="));
    }

    @Test
    void tags_are_balanced_whatever_the_data() {
        for (ReportData data : List.of(Runs.whole(), Runs.begun(), Runs.hostile("</div></td></section>\"'"))) {
            Deque<String> open = new ArrayDeque<>();
            TAG.matcher(Report.html(data)).results().forEach(tag -> {
                String name = tag.group(2);
                if (!VOID.contains(name)) {
                    if (tag.group(1).isEmpty()) {
                        open.push(name);
                    } else {
                        assertThat(open.pop()).isEqualTo(name);
                    }
                }
            });
            assertThat(open).isEmpty();
        }
    }

    @Test
    void no_text_of_the_data_becomes_markup() {
        for (String text : List.of(
                "<script>alert(1)</script>",
                "\" onmouseover=\"alert(1)",
                "' onfocus='alert(1)' x='",
                "</style><img src=x onerror=alert(1)>",
                "--><svg onload=alert(1)>",
                "&lt;b&gt; &#60;")) {
            String html = Report.html(Runs.hostile(text));
            String body = html.substring(html.indexOf("<body>"));
            assertThat(html).doesNotContain(text).contains(Html.escape(text));
            assertThat(all(body, TAG, 0))
                    .noneMatch(tag -> Pattern.compile("\\son[a-z]+\\s*=")
                            .matcher(tag.replaceAll("\"[^\"]*\"", "\"\""))
                            .find());
            assertThat(all(body, TAG, 2)).doesNotContain("script", "img", "style");
        }
    }

    @Test
    void lone_surrogates_and_directional_overrides_cannot_spoil_the_page() {
        String html = Report.html(Runs.hostile("left \uD800 right \u202E gpj.exe \u2066 \u0000 \uDC00"));
        assertThat(html)
                .contains("left \uFFFD right [U+202E] gpj.exe [U+2066] [U+0000] \uFFFD")
                .doesNotContain("\u202E", "\u2066", "\u0000");
        assertThat(new String(html.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8))
                .isEqualTo(html);
    }

    @Test
    void a_very_long_rationale_is_folded() {
        String html = page(Runs.hostile("one step more .\n".repeat(6_250)));
        assertThat(html).contains("<summary>the other 98 40");
    }

    /** The page with ordinary spaces in its numbers. */
    private static String page(ReportData data) {
        return Report.html(data).replace('\u00A0', ' ');
    }

    private static List<String> all(String html, Pattern pattern, int group) {
        return pattern.matcher(html)
                .results()
                .map((MatchResult m) -> m.group(group))
                .toList();
    }
}
