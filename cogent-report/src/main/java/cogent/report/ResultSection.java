package cogent.report;

import cogent.eval.Comparison;
import cogent.eval.Replicates;
import cogent.pipeline.result.ModelComparison;
import cogent.report.ReportData.Benchmark;
import cogent.report.ReportData.ModelResult;
import cogent.report.ReportData.StageKind;
import cogent.report.chart.Html;
import cogent.report.chart.IntervalPlot;
import cogent.report.chart.Typography;
import java.util.List;
import java.util.Map;

/** What each step bought: accuracies with intervals, paired differences, and what they say. */
public final class ResultSection {
    private ResultSection() {}

    public static String html(ReportData data) {
        StringBuilder out = new StringBuilder();
        for (Benchmark b : data.benchmarks()) {
            benchmark(out, b, Section.colours(data));
        }
        if (data.benchmarks().isEmpty()) {
            out.append(Section.notRun(data, "Evaluation", StageKind.EVALUATE));
        }
        return Section.of("result", "Result", out.toString());
    }

    /** One benchmark's part. */
    public static void benchmark(StringBuilder out, Benchmark b, Map<String, Integer> colours) {
        out.append("<h3>")
                .append(Html.escape(b.name()))
                .append(" <small>")
                .append(Html.escape(b.decoding()))
                .append("</small></h3>\n");
        if (!b.comparisons().isEmpty()) {
            out.append("<ul class=\"reading\">");
            b.comparisons()
                    .forEach(c -> out.append("<li>")
                            .append(Html.escape(ComparisonSentence.of(c)))
                            .append("</li>"));
            out.append("</ul>\n");
        }
        out.append(table(b.models(), colours));
        if (!b.comparisons().isEmpty()) {
            out.append(comparisons(b.comparisons()));
        }
        out.append("<div class=\"charts\">").append(accuracyPlot(b.models(), colours));
        if (!b.comparisons().isEmpty()) {
            out.append(differencePlot(b.comparisons(), colours));
        }
        out.append("</div>\n").append(AnswersSection.undecided(b));
    }

    private static String table(List<ModelResult> models, Map<String, Integer> colours) {
        String head = Html.th("model")
                + Html.thNumber("accuracy, %")
                + Html.thNumber("95 % interval")
                + Html.thNumber("correct / n")
                + Html.thNumber("mean tokens")
                + Html.thNumber("cut off, %")
                + Html.thNumber("no answer stated, %");
        StringBuilder rows = new StringBuilder();
        for (ModelResult m : models) {
            rows.append("<tr><th scope=\"row\"><i class=\"key s")
                    .append(colours.getOrDefault(m.model(), 0) % 6)
                    .append("\"></i>")
                    .append(Html.escape(m.model()))
                    .append("</th>")
                    .append("<td class=\"n strong\">")
                    .append(Typography.points(m.accuracy()))
                    .append("</td>")
                    .append(Html.tdNumber(Typography.points(m.interval().low()) + " – "
                            + Typography.points(m.interval().high())))
                    .append(Html.tdNumber(Typography.count(m.correct()) + " / " + Typography.count(m.n())))
                    .append(Html.tdNumber(
                            Double.isFinite(m.meanTokens())
                                    ? Typography.fixed(m.meanTokens(), m.meanTokens() < 100 ? 1 : 0)
                                    : "–"))
                    .append(Html.tdNumber(Typography.points((double) m.truncated() / m.n())))
                    .append(Html.tdNumber(Typography.points((double) m.unstated() / m.n())))
                    .append("</tr>");
        }
        return Html.table("Accuracy of each model", head, rows.toString());
    }

    private static String comparisons(List<ModelComparison> comparisons) {
        String head = Html.th("paired by problem")
                + Html.thNumber("difference, points")
                + Html.thNumber("95 % interval")
                + Html.thNumber("p")
                + Html.thNumber("p, corrected")
                + Html.thNumber("better on")
                + Html.thNumber("worse on")
                + Html.thNumber("n");
        double[] corrected = Replicates.holm(
                comparisons.stream().mapToDouble(c -> c.comparison().pValue()).toArray());
        StringBuilder rows = new StringBuilder();
        for (int i = 0; i < corrected.length; i++) {
            ModelComparison compared = comparisons.get(i);
            Comparison c = compared.comparison();
            rows.append("<tr>")
                    .append(Html.thRow(compared.model() + " against " + compared.baseline()))
                    .append("<td class=\"n strong\">")
                    .append(Typography.signedPoints(c.difference()))
                    .append("</td>")
                    .append(Html.tdNumber(Typography.signedPoints(c.interval().low()) + " to "
                            + Typography.signedPoints(c.interval().high())))
                    .append(Html.tdNumber(Typography.bareP(c.pValue())))
                    .append(Html.tdNumber(Typography.bareP(corrected[i])))
                    .append(Html.tdNumber(Typography.count(c.gained())))
                    .append(Html.tdNumber(Typography.count(c.lost())))
                    .append(Html.tdNumber(Typography.count(c.n())))
                    .append("</tr>");
        }
        return Html.table("Differences between models on the same problems", head, rows.toString())
                + "<p class=\"note\">p, corrected: by Holm's procedure, for the comparisons of this table.</p>\n";
    }

    private static String accuracyPlot(List<ModelResult> models, Map<String, Integer> colours) {
        List<IntervalPlot.Row> rows = models.stream()
                .map(m -> new IntervalPlot.Row(
                        m.model(),
                        colours.getOrDefault(m.model(), 0),
                        m.accuracy(),
                        m.interval(),
                        Typography.percent(m.accuracy())))
                .toList();
        return new IntervalPlot("Accuracy with 95 % intervals", "accuracy, %", false, rows).figure();
    }

    private static String differencePlot(List<ModelComparison> comparisons, Map<String, Integer> colours) {
        List<IntervalPlot.Row> rows = comparisons.stream()
                .map(c -> new IntervalPlot.Row(
                        c.model() + " − " + c.baseline(),
                        colours.getOrDefault(c.model(), 0),
                        c.comparison().difference(),
                        c.comparison().interval(),
                        Typography.signedPoints(c.comparison().difference())))
                .toList();
        return new IntervalPlot("Paired differences with 95 % intervals", "points", true, rows).figure();
    }
}
