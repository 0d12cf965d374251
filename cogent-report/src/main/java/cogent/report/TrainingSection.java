package cogent.report;

import cogent.data.Gap;
import cogent.report.ReportData.Objective;
import cogent.report.ReportData.StageKind;
import cogent.report.ReportData.Training;
import cogent.report.chart.Curve;
import cogent.report.chart.Html;
import cogent.report.chart.LineChart;
import cogent.report.chart.LineChart.Line;
import cogent.report.chart.LineChart.Rule;
import cogent.report.chart.LineChart.Scale;
import cogent.report.chart.Typography;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The curves of the trainings, and what they say. */
final class TrainingSection {
    private TrainingSection() {}

    static String html(ReportData data) {
        Map<String, Integer> colours = Section.colours(data);
        List<Training> sft = of(data, Objective.SFT);
        List<Training> preference = of(data, Objective.PREFERENCE);
        StringBuilder out = new StringBuilder();
        if (!sft.isEmpty()) {
            out.append("<h3>Supervised fine-tuning</h3>\n");
            out.append("<div class=\"charts\">")
                    .append(findings(sft))
                    .append(overlay("Loss", "loss, nats per token", Scale.LOG, "loss", sft, colours, List.of()));
            optimiser(out, sft, colours);
            out.append("</div>\n");
        }
        if (sft.isEmpty() || isOpen(data, StageKind.BASELINE, StageKind.SFT)) {
            out.append(Section.notRun(data, "Supervised fine-tuning", StageKind.BASELINE, StageKind.SFT));
        }
        for (Training t : preference) {
            out.append("<h3>").append(Html.escape(t.name())).append(" <small>preference alignment</small></h3>\n");
            out.append("<div class=\"charts\">").append(findings(List.of(t)));
            preference(out, t, colours);
            out.append("</div>\n");
        }
        if (preference.isEmpty() || isOpen(data, StageKind.ALIGN)) {
            out.append(Section.notRun(data, "Preference alignment", StageKind.ALIGN));
        }
        for (Training t : of(data, Objective.DISTILLATION)) {
            out.append("<h3>")
                    .append(Html.escape(t.name()))
                    .append(" <small>on the student's own replies</small></h3>\n");
            out.append("<div class=\"charts\">").append(findings(List.of(t)));
            distillation(out, List.of(t), colours);
            out.append("</div>\n");
        }
        return Section.of("training", "Training", out.toString());
    }

    private static List<Training> of(ReportData data, Objective objective) {
        return data.trainings().stream().filter(t -> t.objective() == objective).toList();
    }

    private static boolean isOpen(ReportData data, StageKind... kinds) {
        return data.stages().stream()
                .anyMatch(s -> List.of(kinds).contains(s.kind()) && s.state() != ReportData.Stage.State.DONE);
    }

    private static String findings(List<Training> trainings) {
        StringBuilder out = new StringBuilder("<div class=\"findings\">");
        for (Training t : trainings) {
            out.append("<p><b>")
                    .append(Html.escape(t.name()))
                    .append("</b>, ")
                    .append(Typography.count(t.steps()))
                    .append(t.steps() == t.plannedSteps() ? "" : " of " + Typography.count(t.plannedSteps()))
                    .append(" steps</p><ul>");
            for (Diagnosis.Finding f : Diagnosis.of(t)) {
                out.append(f.level() == Diagnosis.Level.LOOK ? "<li class=\"look\"><b>Look:</b> " : "<li>")
                        .append(Html.escape(f.text()))
                        .append("</li>");
            }
            out.append("</ul>");
        }
        return out.append("</div>\n").toString();
    }

    private static void preference(StringBuilder out, Training t, Map<String, Integer> colours) {
        List<Training> alone = List.of(t);
        List<Rule> ln2 = Diagnosis.startsAtLn2(Curve.finite(t.curve("loss")))
                ? List.of(new Rule("ln 2", Math.log(2)))
                : List.of();
        out.append(overlay("Loss", "loss", Scale.LINEAR, "loss", alone, colours, ln2));
        String reward = Diagnosis.startsAtReference(t) ? "β · log-ratio" : "β · log-probability";
        LineChart margins = new LineChart(
                "Reward margins", reward, Scale.LINEAR, byGap("rewards/margins", t, colours), List.of(new Rule("", 0)));
        out.append(margins.lines().isEmpty() ? "" : margins.figure());
        out.append(sides("Rewards", reward, "rewards/", t));
        LineChart accuracies = new LineChart(
                "Reward accuracies",
                "share of pairs ordered rightly",
                Scale.SHARE,
                byGap("rewards/accuracies", t, colours),
                List.of(new Rule("chance", 0.5)));
        out.append(accuracies.lines().isEmpty() ? "" : accuracies.figure());
        out.append(sides("Log-probabilities of the completions", "nats per completion", "logps/", t));
        out.append(overlay(
                "Divergence from the reference",
                "KTO's estimate, nats",
                Scale.LINEAR,
                "kl",
                alone,
                colours,
                List.of()));
        optimiser(out, alone, colours);
    }

    private static void distillation(StringBuilder out, List<Training> alone, Map<String, Integer> colours) {
        out.append(overlay(
                "Loss", "KL(student ‖ teacher), nats per token", Scale.LINEAR, "loss", alone, colours, List.of()));
        out.append(overlay(
                "Entropy of the student", "nats per token", Scale.LINEAR, "entropy", alone, colours, List.of()));
        out.append(overlay(
                "Length of a reply", "tokens", Scale.LINEAR, "completions/mean_length", alone, colours, List.of()));
        out.append(overlay(
                "Replies without an end",
                "share",
                Scale.SHARE,
                "completions/clipped_ratio",
                alone,
                colours,
                List.of()));
        optimiser(out, alone, colours);
    }

    private static void optimiser(StringBuilder out, List<Training> trainings, Map<String, Integer> colours) {
        out.append(overlay("Gradient norm", "before clipping", Scale.LOG, "grad_norm", trainings, colours, List.of()));
        out.append(overlay("Learning rate", "", Scale.SETTING, "learning_rate", trainings, colours, List.of()));
    }

    private static String overlay(
            String title,
            String unit,
            Scale scale,
            String metric,
            List<Training> trainings,
            Map<String, Integer> colours,
            List<Rule> rules) {
        List<Line> lines = trainings.stream()
                .map(t -> new Line(t.name(), colours.getOrDefault(t.name(), 0), t.curve(metric)))
                .toList();
        LineChart chart = new LineChart(title, unit, scale, lines, rules);
        return chart.lines().isEmpty() ? "" : chart.figure();
    }

    /** A curve a gap where they are logged so, else one over all pairs. */
    private static List<Line> byGap(String metric, Training t, Map<String, Integer> colours) {
        List<Line> lines = new ArrayList<>();
        for (Gap gap : Gap.values()) {
            String name = gap.name().toLowerCase(Locale.ROOT);
            lines.add(new Line(name, colour(gap), t.curve(metric + "/" + name)));
        }
        return lines.stream().allMatch(l -> l.points().isEmpty())
                ? List.of(new Line("all pairs", colours.getOrDefault(t.name(), 0), t.curve(metric)))
                : lines;
    }

    /** Colours that no model of the usual three has. */
    private static int colour(Gap gap) {
        return switch (gap) {
            case SMALL -> 3;
            case MEDIUM -> 4;
            case LARGE -> 5;
        };
    }

    private static String sides(String title, String unit, String prefix, Training t) {
        LineChart chart = new LineChart(
                title,
                unit,
                Scale.LINEAR,
                List.of(
                        new Line("chosen", 0, t.curve(prefix + "chosen")),
                        new Line("rejected", 1, t.curve(prefix + "rejected"))),
                List.of());
        return chart.lines().isEmpty() ? "" : chart.figure();
    }
}
