package cogent.report;

import cogent.curate.student.StudentFigures;
import cogent.data.Difficulty;
import cogent.report.ReportData.StudentView;
import cogent.report.chart.Html;
import cogent.report.chart.Typography;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** What the measured student makes of the rationales, and where it and the teacher disagree. */
final class StudentSection {
    private StudentSection() {}

    static String html(StudentView view) {
        return "<h3>What the student makes of the rationales</h3>\n" + figures(view) + comparison(view);
    }

    private static String figures(StudentView view) {
        StringBuilder rows = new StringBuilder();
        for (Difficulty label : Difficulty.values()) {
            StudentFigures f = view.figures().get(label);
            if (f != null) {
                rows.append("<tr>")
                        .append(Html.thRow(word(label)))
                        .append(Html.tdNumber(Typography.count(f.rationales() + f.tooLong())))
                        .append(Html.tdNumber(Typography.fixed(f.answerLogp(), 2)))
                        .append(Html.tdNumber(Typography.fixed(f.workLogp(), 2)))
                        .append(Html.tdNumber(Typography.fixed(f.tokens(), 0)))
                        .append(Html.tdNumber(Typography.count(f.tooLong())))
                        .append("</tr>");
            }
        }
        String by = view.counts().isEmpty() ? "label" : "teacher's label";
        String head = Html.th(by)
                + Html.thNumber("rationales")
                + Html.thNumber("log p(answer)")
                + Html.thNumber("log p(work)")
                + Html.thNumber("tokens")
                + Html.thNumber("beyond its context");
        return "<p>The student was measured on every rationale with the final answer removed: how likely it then finds the"
                + " reference answer, how little the work surprises it, how long the work is. Means per token, in nats;"
                + " nearer to 0 is likelier.</p>\n"
                + Html.table("The student's figures, by " + by, head, rows.toString());
    }

    private static String comparison(StudentView view) {
        if (view.counts().isEmpty()) {
            return "";
        }
        StringBuilder rows = new StringBuilder();
        for (Difficulty teacher : Difficulty.values()) {
            rows.append("<tr>").append(Html.thRow("teacher: " + word(teacher)));
            for (Difficulty student : Difficulty.values()) {
                rows.append(Html.tdNumber(Typography.count(view.count(teacher, student))));
            }
            rows.append("</tr>");
        }
        String head = Html.th("label")
                + List.of(Difficulty.values()).stream()
                        .map(student -> Html.thNumber("student: " + word(student)))
                        .collect(Collectors.joining());
        long all = view.counts().values().stream().mapToLong(Long::longValue).sum();
        long same = List.of(Difficulty.values()).stream()
                .mapToLong(label -> view.count(label, label))
                .sum();
        return Html.table("Where teacher and student disagree", head, rows.toString())
                + "<p>They agree on " + Typography.percent((double) same / all) + " of the rationales ("
                + Typography.count(same) + " of " + Typography.count(all) + ").</p>\n"
                + examples(view.disagreements());
    }

    private static String examples(Map<String, List<String>> named) {
        if (named.isEmpty()) {
            return "";
        }
        StringBuilder out = new StringBuilder(
                "<p>For instance (<code>cogent show RUN --sample ID</code> tells their story):</p>\n<ul>");
        named.forEach((labels, ids) -> out.append("<li>teacher ")
                .append(Html.escape(labels.replace("/", ", student ")))
                .append(": ")
                .append(ids.stream().map(id -> Html.oneLine(id, 80)).collect(Collectors.joining(", ")))
                .append("</li>\n"));
        return out.append("</ul>\n").toString();
    }

    private static String word(Difficulty label) {
        return label.name().toLowerCase(Locale.ROOT);
    }
}
