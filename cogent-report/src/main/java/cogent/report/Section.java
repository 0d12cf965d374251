package cogent.report;

import cogent.report.ReportData.Stage;
import cogent.report.ReportData.Stage.State;
import cogent.report.ReportData.StageKind;
import cogent.report.chart.Html;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the page's sections share. */
final class Section {
    private Section() {}

    static String of(String id, String heading, String content) {
        return "<section id=\"" + id + "\" aria-labelledby=\"" + id + "-h\">\n<h2 id=\"" + id + "-h\">" + heading
                + "</h2>\n" + content + "</section>\n";
    }

    /** Says what has not run yet and what would run it. */
    static String notRun(ReportData data, String what, StageKind... kinds) {
        List<Stage> missing = data.stages().stream()
                .filter(s -> List.of(kinds).contains(s.kind()) && s.state() != State.DONE)
                .toList();
        if (missing.isEmpty()) {
            return "<p class=\"none\">" + what + " is not part of this recipe.</p>\n";
        }
        StringBuilder out = new StringBuilder();
        for (Stage stage : missing) {
            out.append("<p class=\"none\">")
                    .append(Html.escape(stage.name()))
                    .append(stage.state() == State.PARTLY ? " has not ended yet. " : " has not run yet. ")
                    .append("To ")
                    .append(stage.state() == State.PARTLY ? "continue" : "run")
                    .append(" it: <code>")
                    .append(Html.escape(stage.command()))
                    .append("</code></p>\n");
        }
        return out.toString();
    }

    /** One colour for one model throughout the page, in the order in which trainings and results name them. */
    static Map<String, Integer> colours(ReportData data) {
        Map<String, Integer> out = new LinkedHashMap<>();
        data.trainings().forEach(t -> out.putIfAbsent(t.name(), out.size()));
        data.benchmarks().forEach(b -> b.models().forEach(m -> out.putIfAbsent(m.model(), out.size())));
        return out;
    }
}
