package cogent.report;

import cogent.pipeline.study.StudyResult;
import cogent.pipeline.study.StudyResult.Curves;
import cogent.pipeline.study.StudyResult.Difference;
import cogent.pipeline.study.StudyResult.Table;
import cogent.report.chart.Html;
import cogent.report.chart.IntervalPlot;
import cogent.report.chart.IntervalPlot.Row;
import cogent.report.chart.LineChart;
import cogent.report.chart.LineChart.Line;
import cogent.report.chart.LineChart.Scale;
import cogent.report.chart.Typography;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** A study's page: self-contained like a run's. A pure function of its data. */
public final class StudyReport {
    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern(
                    "d MMMM yyyy, HH:mm 'UTC'", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);

    private StudyReport() {}

    /** The whole page; write it as UTF-8. */
    public static String html(StudyResult data) {
        StringBuilder main = new StringBuilder();
        for (Table table : data.tables()) {
            main.append(Section.of("result-" + main.length(), Html.escape(table.benchmark()), result(data, table)));
        }
        main.append(Section.of("cost", "Tokens and seconds", cost(data)));
        main.append(Section.of("training", "Training", training(data)));
        main.append(Section.of("variants", "Variants", variants(data)));
        return Report.page(data.name(), head(data) + "<main>\n" + main + "</main>\n");
    }

    private static String head(StudyResult data) {
        return "<header>\n<p class=\"brand\">Cogent " + Html.escape(data.version()) + " · report of a study</p>\n<h1>"
                + Html.escape(data.name()) + "</h1>\n<dl class=\"facts\">"
                + fact("seeds", data.seeds().stream().map(String::valueOf).collect(Collectors.joining(", ")))
                + fact("runs", Typography.count(data.complete()) + " of " + Typography.count(data.runs()) + " complete")
                + fact("baseline", data.baseline())
                + fact("written", DATE.format(data.written()))
                + data.environment().stream()
                        .map(f -> fact(f.name(), f.value()))
                        .collect(Collectors.joining())
                + "</dl>\n<p class=\"again\">To have this study again: <code>" + Html.escape(data.command())
                + "</code></p>\n</header>\n";
    }

    private static String fact(String name, String value) {
        return "<div><dt>" + Html.escape(name) + "</dt><dd>" + Html.escape(value) + "</dd></div>";
    }

    private static String result(StudyResult data, Table table) {
        if (table.rows().isEmpty()) {
            return "<p class=\"none\">No run is complete yet.</p>\n";
        }
        String head = Html.th("variant")
                + Html.thNumber("mean accuracy, %")
                + Html.thNumber("95 % interval")
                + Html.thNumber("bootstrap over seeds and problems")
                + data.seeds().stream().map(s -> Html.thNumber("seed " + s)).collect(Collectors.joining());
        StringBuilder rows = new StringBuilder();
        for (StudyResult.Row row : table.rows()) {
            rows.append("<tr>")
                    .append(Html.thRow(row.variant()))
                    .append("<td class=\"n strong\">")
                    .append(Typography.points(row.mean().mean()))
                    .append("</td>")
                    .append(Html.tdNumber(points(
                            row.mean().interval().low(), row.mean().interval().high())))
                    .append(Html.tdNumber(
                            points(row.hierarchical().low(), row.hierarchical().high())));
            for (long seed : data.seeds()) {
                rows.append(Html.tdNumber(row.seeds().stream()
                        .filter(s -> s.seed() == seed)
                        .map(s -> Typography.points(s.accuracy()))
                        .findFirst()
                        .orElse("")));
            }
            rows.append("</tr>");
        }
        return "<p class=\"note\">" + Html.escape(table.decoding()) + ". " + method(data) + "</p>\n"
                + Html.table("Accuracy, mean over seeds", head, rows.toString())
                + differences(table)
                + "<div class=\"charts\">" + plots(table) + "</div>\n";
    }

    private static String method(StudyResult data) {
        return data.seeds().size() == 1
                ? "One seed: no interval over seeds can be given; the bootstrap resamples problems alone and says"
                        + " nothing of other seeds."
                : "Intervals: Student's t over seeds. Differences: the same over each seed's paired difference on the same"
                        + " problems; p: two-sided paired t-test over seeds, after Holm's correction for the number of"
                        + " comparisons beside it. The bootstrap draws seeds, then problems within them; with few seeds it"
                        + " is too narrow.";
    }

    private static String points(double low, double high) {
        return Double.isNaN(low) ? "–" : Typography.points(low) + " – " + Typography.points(high);
    }

    private static String differences(Table table) {
        if (table.differences().isEmpty()) {
            return "";
        }
        String head = Html.th("paired by seed and problem")
                + Html.thNumber("difference, points")
                + Html.thNumber("95 % interval")
                + Html.thNumber("bootstrap")
                + Html.thNumber("p")
                + Html.thNumber("p, corrected")
                + Html.thNumber("seeds");
        StringBuilder rows = new StringBuilder();
        for (Difference d : table.differences()) {
            rows.append("<tr>")
                    .append(Html.thRow(d.variant() + " against " + d.against()))
                    .append("<td class=\"n strong\">")
                    .append(Typography.signedPoints(d.mean().mean()))
                    .append("</td>")
                    .append(Html.tdNumber(signed(
                            d.mean().interval().low(), d.mean().interval().high())))
                    .append(Html.tdNumber(
                            signed(d.hierarchical().low(), d.hierarchical().high())))
                    .append(Html.tdNumber(Typography.bareP(d.p())))
                    .append(Html.tdNumber(Typography.bareP(d.corrected())))
                    .append(Html.tdNumber(Typography.count(d.mean().n())))
                    .append("</tr>");
        }
        return Html.table("Planned comparisons", head, rows.toString());
    }

    private static String signed(double low, double high) {
        return Double.isNaN(low) ? "–" : Typography.signedPoints(low) + " to " + Typography.signedPoints(high);
    }

    private static String plots(Table table) {
        List<Row> accuracies = table.rows().stream()
                .map(r -> new Row(
                        r.variant(),
                        0,
                        r.mean().mean(),
                        r.mean().n() == 1 ? r.hierarchical() : r.mean().interval(),
                        Typography.percent(r.mean().mean())))
                .toList();
        List<Row> differences = table.differences().stream()
                .map(d -> new Row(
                        d.variant() + " − " + d.against(),
                        1,
                        d.mean().mean(),
                        d.mean().n() == 1 ? d.hierarchical() : d.mean().interval(),
                        Typography.signedPoints(d.mean().mean())))
                .toList();
        return new IntervalPlot("Accuracy with 95 % intervals", "accuracy, %", false, accuracies).figure()
                + (differences.isEmpty()
                        ? ""
                        : new IntervalPlot("Paired differences with 95 % intervals", "points", true, differences)
                                .figure());
    }

    private static String cost(StudyResult data) {
        String head = Html.th("variant")
                + Html.thNumber("runs")
                + Html.thNumber("seconds a run")
                + Html.thNumber("of these run for it alone")
                + Html.thNumber("tokens trained on")
                + Html.thNumber("teacher's replies")
                + Html.thNumber("their tokens");
        String rows = data.costs().stream()
                .map(c -> "<tr>" + Html.thRow(c.variant()) + Html.tdNumber(Typography.count(c.runs()))
                        + Html.tdNumber(Typography.duration(Duration.ofSeconds(Math.round(c.seconds()))))
                        + Html.tdNumber(Typography.duration(Duration.ofSeconds(Math.round(c.own()))))
                        + Html.tdNumber(Typography.count(Math.round(c.trainedTokens())))
                        + Html.tdNumber(Typography.count(Math.round(c.teacherCalls())))
                        + Html.tdNumber(Typography.count(Math.round(c.teacherTokens()))) + "</tr>")
                .collect(Collectors.joining());
        return Html.table("Means over runs; shared stages count in full in the first column of time", head, rows);
    }

    /** Curves of the same metric of all variants in one picture, six to a picture at most. */
    private static String training(StudyResult data) {
        StringBuilder out = new StringBuilder("<p class=\"note\">Means over seeds. Variants that share a training share"
                + " its curve.</p>\n<div class=\"charts\">");
        charts(out, data, "raw-sft", "loss", "SFT on the raw corpus: loss", Scale.LOG);
        charts(out, data, "sft", "loss", "SFT: loss", Scale.LOG);
        charts(out, data, "align", "loss", "Alignment: loss", Scale.LINEAR);
        charts(out, data, "align", "rewards/margins", "Alignment: reward margin", Scale.LINEAR);
        charts(out, data, "align", "rewards/accuracies", "Alignment: pairs ordered rightly", Scale.SHARE);
        charts(out, data, "align", "logps/chosen", "Alignment: log-probability of the chosen side", Scale.LINEAR);
        return out.append("</div>\n").toString();
    }

    private static void charts(
            StringBuilder out, StudyResult data, String stage, String metric, String title, Scale scale) {
        List<Curves> all = data.curves().stream()
                .filter(c -> c.stage().equals(stage) && c.metrics().containsKey(metric))
                .toList();
        for (int from = 0; from < all.size(); from += 6) {
            List<Curves> some = all.subList(from, Math.min(all.size(), from + 6));
            List<Line> lines = java.util.stream.IntStream.range(0, some.size())
                    .mapToObj(i -> new Line(
                            some.get(i).variant(), i, some.get(i).metrics().getOrDefault(metric, List.of())))
                    .toList();
            LineChart chart = new LineChart(title, metric, scale, lines, List.of());
            out.append(chart.lines().isEmpty() ? "" : chart.figure());
        }
    }

    private static String variants(StudyResult data) {
        String rows = data.tables().stream()
                .limit(1)
                .flatMap(t -> t.rows().stream())
                .map(r -> "<tr>" + Html.thRow(r.variant()) + Html.td(r.model()) + Html.td(r.about()) + "</tr>")
                .collect(Collectors.joining());
        return Html.table(
                        "What each changes in the recipe, and which model of its runs is measured",
                        Html.th("variant") + Html.th("model") + Html.th("changes"),
                        rows)
                + "<details class=\"paper\"><summary>the study file</summary>\n<pre tabindex=\"0\"><code>"
                + Html.escape(data.text().strip()) + "</code></pre></details>\n";
    }
}
