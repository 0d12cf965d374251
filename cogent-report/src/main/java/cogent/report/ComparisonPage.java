package cogent.report;

import cogent.data.Count;
import cogent.eval.Interval;
import cogent.eval.Published;
import cogent.eval.Scores;
import cogent.pipeline.evaluate.RunComparison;
import cogent.report.ReportData.Benchmark;
import cogent.report.ReportData.ModelResult;
import cogent.report.chart.Html;
import cogent.report.chart.IntervalPlot;
import cogent.report.chart.Typography;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The page of {@code cogent compare}: several runs' evaluations side by side, in the manner of a run's report. */
public final class ComparisonPage {
    /** One benchmark: what was measured here, and what others published. */
    private record Contest(Benchmark benchmark, List<Published> published) {}

    private ComparisonPage() {}

    /** The whole page; write it as UTF-8. */
    public static String html(String title, RunComparison comparison) {
        return Report.page(
                title,
                "<header>\n<p class=\"brand\">Cogent · comparison of evaluations</p>\n<h1>" + Html.escape(title)
                        + "</h1>\n</header>\n<main>\n" + sections(comparison) + "</main>\n");
    }

    /** What stands on it, a section for each benchmark. */
    public static String sections(RunComparison comparison) {
        List<Contest> contests =
                comparison.contests().stream().map(ComparisonPage::contest).toList();
        Map<String, Integer> colours = new LinkedHashMap<>();
        contests.forEach(c -> c.benchmark().models().forEach(m -> colours.putIfAbsent(m.model(), colours.size())));
        StringBuilder out = new StringBuilder();
        for (Contest contest : contests) {
            StringBuilder part = new StringBuilder();
            ResultSection.benchmark(part, contest.benchmark(), colours);
            if (!contest.published().isEmpty()) {
                published(part, contest, colours);
            }
            String name = contest.benchmark().name();
            out.append(Section.of("b" + contests.indexOf(contest), Html.escape(name), part.toString()));
        }
        return out.toString();
    }

    /** Figures from elsewhere are rows to look at: their replies are not here to be paired. */
    private static void published(StringBuilder out, Contest contest, Map<String, Integer> colours) {
        StringBuilder rows = new StringBuilder();
        List<IntervalPlot.Row> dots = new ArrayList<>();
        for (ModelResult m : contest.benchmark().models()) {
            dots.add(new IntervalPlot.Row(
                    m.model(),
                    colours.getOrDefault(m.model(), 0),
                    m.accuracy(),
                    m.interval(),
                    Typography.percent(m.accuracy())));
        }
        for (Published p : contest.published()) {
            double accuracy = p.accuracy() / 100;
            rows.append("<tr>")
                    .append(Html.thRow(p.model()))
                    .append(Html.tdNumber(Typography.points(accuracy)))
                    .append(Html.td(p.source()))
                    .append("</tr>");
            dots.add(new IntervalPlot.Row(
                    p.model() + " (published)",
                    5,
                    accuracy,
                    new Interval(accuracy, accuracy),
                    Typography.percent(accuracy)));
        }
        out.append(Html.table(
                        "Published by others, with their own sampling and graders",
                        Html.th("model") + Html.thNumber("accuracy, %") + Html.th("source"),
                        rows.toString()))
                .append("<div class=\"charts\">")
                .append(new IntervalPlot("Beside published figures", "accuracy, %", false, dots).figure())
                .append("</div>\n");
    }

    private static Contest contest(RunComparison.Contest contest) {
        List<ModelResult> results = new ArrayList<>();
        contest.byModel().forEach((label, evaluated) -> {
            Scores scores = evaluated.scores();
            results.add(new ModelResult(
                    label,
                    scores.right(),
                    scores.samples(),
                    scores.interval(),
                    scores.meanTokens(),
                    scores.truncated(),
                    scores.unstated()));
        });
        Benchmark benchmark = new Benchmark(
                contest.benchmark(), decoding(contest), results, contest.compared(), List.of(), List.of());
        return new Contest(benchmark, contest.published());
    }

    private static String decoding(RunComparison.Contest contest) {
        return contest.byModel().values().stream()
                .map(e -> Count.of(e.scores().problems().size(), "problem") + " × "
                        + e.scores().samplesEach())
                .distinct()
                .collect(Collectors.joining(", "));
    }
}
