package cogent.report;

import cogent.report.ReportData.Attempt;
import cogent.report.ReportData.Curation;
import cogent.report.ReportData.CurationExample;
import cogent.report.ReportData.StageKind;
import cogent.report.ReportData.Wrong;
import cogent.report.chart.Html;
import cogent.report.chart.Typography;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** What the agents did to single samples, and what the models answer to single problems. */
final class ExamplesSection {
    private ExamplesSection() {}

    static String html(ReportData data) {
        StringBuilder out = new StringBuilder("<h3>Before and after</h3>\n");
        List<CurationExample> examples = data.curation().map(Curation::examples).orElse(List.of());
        if (examples.isEmpty()) {
            out.append(
                    data.curation().isPresent()
                            ? "<p class=\"none\">No sample went through all agents yet.</p>\n"
                            : Section.notRun(data, "Curation", StageKind.CURATE));
        }
        examples.forEach(e -> sample(out, e));
        out.append("<h3>Answers of the models</h3>\n");
        if (data.benchmarks().isEmpty()) {
            out.append(Section.notRun(data, "Evaluation", StageKind.EVALUATE));
        }
        for (int i = 0; i < data.benchmarks().size(); i++) {
            out.append(AnswersSection.html(data.benchmarks().get(i), i));
        }
        return Section.of("examples", "Examples", out.toString());
    }

    private static void sample(StringBuilder out, CurationExample e) {
        out.append("<article class=\"sample\">\n<div class=\"problem\">")
                .append(Html.text(e.problem()))
                .append("<p class=\"note\">answer ")
                .append(Html.oneLine(e.answer(), 120))
                .append(" · sample ")
                .append(Html.oneLine(e.id(), 80))
                .append("</p></div>\n<div class=\"sides\">\n<div><h4>Original <span class=\"tag t-")
                .append(e.label().name().toLowerCase(Locale.ROOT))
                .append("\">")
                .append(e.label().name().toLowerCase(Locale.ROOT))
                .append("</span></h4>\n");
        if (!e.reason().isBlank()) {
            out.append("<p class=\"note\">Critic: “")
                    .append(Html.oneLine(e.reason(), 400))
                    .append("”</p>");
        }
        out.append(Html.text(e.original())).append("</div>\n<div>");
        rewrites(out, e.attempts());
        out.append("</div>\n<div>");
        e.wrong().forEach(w -> wrong(out, w));
        if (e.wrong().isEmpty()) {
            out.append("<h4>Wrong</h4><p class=\"none\">No wrong rationale for this sample.</p>");
        }
        out.append("</div>\n</div>\n</article>\n");
    }

    private static void rewrites(StringBuilder out, List<Attempt> attempts) {
        if (attempts.isEmpty()) {
            out.append("<h4>Rewrite</h4><p class=\"none\">Not rewritten: the original is used as it is.</p>");
            return;
        }
        int last = attempts.size() - 1;
        Attempt shown = attempts.get(last);
        out.append("<h4>Rewrite ")
                .append(last + 1)
                .append(
                        shown.passed()
                                ? " <span class=\"tag t-good\">verified</span></h4>\n"
                                : " <span class=\"tag t-refused\">refused</span></h4>\n");
        attempt(out, shown);
        for (int i = last - 1; i >= 0; i--) {
            out.append("<details><summary>rewrite ")
                    .append(i + 1)
                    .append(attempts.get(i).passed() ? ", verified" : ", refused")
                    .append("</summary>");
            attempt(out, attempts.get(i));
            out.append("</details>");
        }
    }

    private static void attempt(StringBuilder out, Attempt attempt) {
        attempt.verdicts()
                .forEach(v -> out.append("<p class=\"note\">")
                        .append(Html.oneLine(v, 400))
                        .append("</p>"));
        out.append(Html.text(attempt.rewrite()));
    }

    private static void wrong(StringBuilder out, Wrong w) {
        String betas = w.betas().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(e -> e.getKey().name().toLowerCase(Locale.ROOT) + " gap β\u00A0" + Typography.value(e.getValue()))
                .collect(Collectors.joining(", "));
        out.append("<h4>Wrong <span class=\"tag t-refused\">rejected side</span></h4>\n<p class=\"note\">From ")
                .append(Html.oneLine(w.from(), 60))
                .append(", ends in ")
                .append(Html.oneLine(w.conclusion(), 80))
                .append(betas.isEmpty() ? "" : "; " + betas)
                .append("</p>")
                .append(Html.text(w.rationale()));
    }
}
