package cogent.report;

import cogent.data.Count;
import cogent.report.ReportData.Benchmark;
import cogent.report.ReportData.EvaluationExample;
import cogent.report.ReportData.ModelAnswer;
import cogent.report.chart.Html;
import cogent.report.chart.Typography;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * A benchmark's problems, a line each that opens to every model's answer. Choosing which are shown is done by the style
 * sheet alone ({@code :checked}), so that it works without scripts.
 */
final class AnswersSection {
    /** Problems that stand open to view; the others are behind one more line. */
    private static final int SHOWN = 20;

    /** As many as the style sheet has rules for; benchmarks of more models than that offer no more choices. */
    private static final int CHOICES = 10;

    private AnswersSection() {}

    /** A choice of problems: all, those that a model got wrong, those on which models differ. */
    private record Choice(String label, Predicate<EvaluationExample> takes) {}

    /** @param number which benchmark this is, from 0: names on the page are unique by it */
    static String html(Benchmark b, int number) {
        List<EvaluationExample> examples = b.examples();
        if (examples.isEmpty()) {
            return "";
        }
        List<String> models =
                examples.getFirst().answers().stream().map(ModelAnswer::model).toList();
        List<Choice> choices = choices(models);
        StringBuilder out = new StringBuilder("<fieldset class=\"answers\"><legend>")
                .append(Html.escape(b.name()))
                .append(", ")
                .append(Typography.count(examples.size()))
                .append(examples.size() == 1 ? " problem" : " problems")
                .append("</legend>\n");
        for (int i = 0; i < choices.size(); i++) {
            Choice c = choices.get(i);
            String id = "b" + number + "-" + i;
            out.append(
                    "<input type=\"radio\" name=\"b%d\" id=\"%s\" class=\"c%d\"%s><label for=\"%s\">%s <span>%s</span></label>\n"
                            .formatted(
                                    number,
                                    id,
                                    i,
                                    i == 0 ? " checked" : "",
                                    id,
                                    Html.escape(c.label()),
                                    Typography.count(
                                            examples.stream().filter(c.takes()).count())));
        }
        out.append("<p class=\"note\">✓ right, ✗ wrong, in the order ")
                .append(Html.escape(String.join(", ", models)))
                .append(". A line opens to the answers.</p>\n<div class=\"list\">\n");
        examples.stream().limit(SHOWN).forEach(e -> problem(out, e, choices));
        if (examples.size() > SHOWN) {
            out.append("<details class=\"more\"><summary>")
                    .append(Typography.count(examples.size() - SHOWN))
                    .append(" more</summary>\n");
            examples.stream().skip(SHOWN).forEach(e -> problem(out, e, choices));
            out.append("</details>\n");
        }
        return out.append("</div></fieldset>\n").toString();
    }

    private static List<Choice> choices(List<String> models) {
        List<Choice> out = new ArrayList<>();
        out.add(new Choice("all", e -> true));
        if (models.size() > 1) {
            out.add(new Choice(
                    "models differ",
                    e -> e.answers().stream().map(ModelAnswer::right).distinct().count() > 1));
        }
        for (String model : models) {
            out.add(new Choice(
                    "wrong: " + model,
                    e -> e.answers().stream().anyMatch(a -> a.model().equals(model) && !a.right())));
        }
        out.add(new Choice("cannot tell", e -> e.answers().stream().anyMatch(ModelAnswer::undecided)));
        return out.subList(0, Math.min(CHOICES, out.size()));
    }

    private static void problem(StringBuilder out, EvaluationExample e, List<Choice> choices) {
        out.append("<details class=\"answer");
        for (int i = 0; i < choices.size(); i++) {
            out.append(choices.get(i).takes().test(e) ? " c" + i : "");
        }
        out.append("\"><summary><span class=\"q\" dir=\"auto\">")
                .append(Html.oneLine(e.problem(), 110))
                .append("</span><span class=\"marks\">");
        for (ModelAnswer a : e.answers()) {
            String name = Html.escape(a.model()) + (a.right() ? ": right" : ": wrong");
            out.append("<i class=\"%s\" role=\"img\" aria-label=\"%s\" title=\"%s\">%s</i>"
                    .formatted(a.right() ? "right" : "wrong", name, name, a.right() ? "✓" : "✗"));
        }
        out.append("</span></summary>\n<div class=\"problem\">")
                .append(Html.text(e.problem()))
                .append("<p class=\"note\">answer ")
                .append(Html.oneLine(e.answer(), 120))
                .append(" · problem ")
                .append(Html.oneLine(e.id(), 80))
                .append("</p></div>\n<div class=\"sides\">");
        e.answers().forEach(a -> answer(out, a));
        out.append("</div></details>\n");
    }

    private static void answer(StringBuilder out, ModelAnswer a) {
        out.append("<div><h4>")
                .append(Html.escape(a.model()))
                .append(" <span class=\"tag ")
                .append(a.right() ? "t-good\">right" : a.undecided() ? "t-waiting\">cannot tell" : "t-refused\">wrong")
                .append("</span></h4><p class=\"note\">")
                .append(a.conclusion().isBlank() ? "no answer found" : "answers " + Html.oneLine(a.conclusion(), 120))
                .append(a.judgement().isBlank() ? "" : " · " + Html.oneLine(a.judgement(), 240))
                .append("</p>")
                .append(Html.text(a.text()))
                .append("</div>");
    }

    /** Every answer that the checker cannot tell; empty when it can tell them all. */
    static String undecided(Benchmark b) {
        if (b.undecided().isEmpty()) {
            return "";
        }
        StringBuilder rows = new StringBuilder();
        b.undecided()
                .forEach(u -> rows.append("<tr>")
                        .append(Html.thRow(u.problem()))
                        .append(Html.td(u.model()))
                        .append("<td>")
                        .append(Html.oneLine(u.reference(), 120))
                        .append("</td><td>")
                        .append(Html.oneLine(u.conclusion(), 160))
                        .append("</td><td>")
                        .append(Html.oneLine(u.reason(), 120))
                        .append("</td></tr>"));
        return "<details class=\"more\"><summary>"
                + Count.of(
                        b.undecided().size(),
                        "answer that the checker cannot tell; it counts as wrong",
                        "answers that the checker cannot tell; they count as wrong")
                + "</summary>\n"
                + Html.table(
                        b.name() + ": neither equal nor different",
                        Html.th("problem")
                                + Html.th("model")
                                + Html.th("answer sought")
                                + Html.th("answer found")
                                + Html.th("why"),
                        rows.toString())
                + "</details>\n";
    }
}
