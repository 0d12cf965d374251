package cogent.cli.report;

import cogent.cli.report.ReportData.Benchmark;
import cogent.cli.report.ReportData.EvaluationExample;
import cogent.cli.report.ReportData.ModelAnswer;
import java.util.ArrayList;
import java.util.List;

/**
 * A benchmark's problems, a line each that opens to every model's answer. Choosing which are shown is done by the style
 * sheet alone ({@code :checked}), so that it works without scripts.
 */
final class Answers {
    /** Problems that stand open to view; the others are behind one more line. */
    private static final int SHOWN = 20;

    private Answers() {}

    /** A choice of problems: all, those that a model got wrong, those on which models differ. */
    private record Choice(String label, String cssClass, long count) {}

    /** @param number which benchmark this is, from 0: names on the page are unique by it */
    static String html(Benchmark b, int number) {
        if (b.examples().isEmpty()) {
            return "";
        }
        List<String> models = b.examples().getFirst().answers().stream()
                .map(ModelAnswer::model)
                .toList();
        List<Choice> choices = choices(b.examples(), models);
        String id = "b" + number;
        StringBuilder out = new StringBuilder("<fieldset class=\"answers ")
                .append(id)
                .append("\"><legend>")
                .append(Html.escape(b.name()))
                .append(", ")
                .append(Numbers.count(b.examples().size()))
                .append(" problems</legend>\n");
        for (int i = 0; i < choices.size(); i++) {
            Choice c = choices.get(i);
            out.append(
                    "<input type=\"radio\" name=\"%s\" id=\"%s-%d\"%s><label for=\"%s-%d\">%s <span>%s</span></label>\n"
                            .formatted(
                                    id,
                                    id,
                                    i,
                                    i == 0 ? " checked" : "",
                                    id,
                                    i,
                                    Html.escape(c.label()),
                                    Numbers.count(c.count())));
        }
        out.append(styles(choices, id)).append("<div class=\"list\">\n");
        List<EvaluationExample> examples = b.examples();
        examples.stream().limit(SHOWN).forEach(e -> problem(out, e, models));
        if (examples.size() > SHOWN) {
            out.append("<details class=\"more\"><summary>")
                    .append(Numbers.count(examples.size() - SHOWN))
                    .append(" more problems</summary>\n");
            examples.stream().skip(SHOWN).forEach(e -> problem(out, e, models));
            out.append("</details>\n");
        }
        return out.append("</div></fieldset>\n").toString();
    }

    private static List<Choice> choices(List<EvaluationExample> examples, List<String> models) {
        List<Choice> out = new ArrayList<>();
        out.add(new Choice("all", "", examples.size()));
        for (int m = 0; m < models.size(); m++) {
            String css = "w" + m;
            out.add(new Choice("wrong: " + models.get(m), css, count(examples, models, css)));
        }
        if (models.size() > 1) {
            out.add(new Choice("models differ", "differ", count(examples, models, "differ")));
        }
        return out;
    }

    private static long count(List<EvaluationExample> examples, List<String> models, String css) {
        return examples.stream().filter(e -> classes(e, models).contains(css)).count();
    }

    private static List<String> classes(EvaluationExample e, List<String> models) {
        List<String> out = new ArrayList<>();
        e.answers().stream()
                .filter(a -> !a.right())
                .forEach(a -> out.add("w" + Math.max(0, models.indexOf(a.model()))));
        if (e.answers().stream().map(ModelAnswer::right).distinct().count() > 1) {
            out.add("differ");
        }
        return out;
    }

    private static String styles(List<Choice> choices, String id) {
        StringBuilder out = new StringBuilder("<style>");
        for (int i = 1; i < choices.size(); i++) {
            String on = "#" + id + "-" + i + ":checked~.list ";
            out.append(on)
                    .append(".answer:not(.")
                    .append(choices.get(i).cssClass())
                    .append("){display:none}");
        }
        return out.append("</style>\n").toString();
    }

    private static void problem(StringBuilder out, EvaluationExample e, List<String> models) {
        out.append("<details class=\"answer ")
                .append(String.join(" ", classes(e, models)))
                .append("\"><summary><span class=\"q\" dir=\"auto\">")
                .append(Html.oneLine(e.problem(), 110))
                .append("</span><span class=\"marks\">");
        e.answers()
                .forEach(a -> out.append(a.right() ? "<i class=\"right\" title=\"" : "<i class=\"wrong\" title=\"")
                        .append(Html.escape(a.model()))
                        .append(a.right() ? ": right\">✓</i>" : ": wrong\">✗</i>"));
        out.append("</span></summary>\n<div class=\"problem\">")
                .append(Html.text(e.problem()))
                .append("<p class=\"note\">answer ")
                .append(Html.oneLine(e.answer(), 120))
                .append(" · problem ")
                .append(Html.oneLine(e.id(), 80))
                .append("</p></div>\n<div class=\"sides\">");
        for (ModelAnswer a : e.answers()) {
            out.append("<div><h4>")
                    .append(Html.escape(a.model()))
                    .append(
                            a.right()
                                    ? " <span class=\"tag t-good\">right</span></h4>"
                                    : " <span class=\"tag t-refused\">wrong</span></h4>")
                    .append("<p class=\"note\">")
                    .append(
                            a.conclusion().isBlank()
                                    ? "no answer found"
                                    : "answers " + Html.oneLine(a.conclusion(), 120))
                    .append("</p>")
                    .append(Html.text(a.text()))
                    .append("</div>");
        }
        out.append("</div></details>\n");
    }
}
