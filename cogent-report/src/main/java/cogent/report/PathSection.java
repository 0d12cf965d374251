package cogent.report;

import cogent.curate.LengthBalance;
import cogent.data.Count;
import cogent.data.Gap;
import cogent.report.ReportData.AgentUse;
import cogent.report.ReportData.Agreement;
import cogent.report.ReportData.Counted;
import cogent.report.ReportData.Curation;
import cogent.report.ReportData.GapPairs;
import cogent.report.ReportData.ModelResult;
import cogent.report.ReportData.Objective;
import cogent.report.ReportData.StageKind;
import cogent.report.chart.Html;
import cogent.report.chart.Typography;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.stream.Collectors;

/** The path of the data through the agents, with counts, and what the agents used. */
final class PathSection {
    private PathSection() {}

    /** Characters of one. */
    private static final int EXAMPLE = 200;

    static String html(ReportData data) {
        String content = data.curation()
                .map(c -> curation(data, c))
                .orElseGet(() -> Section.notRun(data, "Curation", StageKind.CURATE));
        return Section.of("path", "Path of the data", content);
    }

    private static String curation(ReportData data, Curation c) {
        return """
                <p>The critic judges each rationale as the student would find it: <i>easy</i> leaves out steps,
                <i>medium</i> suits, <i>hard</i> loses it. What is not medium is rewritten until the verifier
                passes it or the rounds are used up.</p>
                """
                + c.notes().stream()
                        .map(note -> "<p>" + Html.escape(note) + "</p>\n")
                        .collect(Collectors.joining())
                + FlowPicture.figure(Flow.of(c))
                + chain(data, c)
                + "<div class=\"columns\">"
                + pairs(c.pairs())
                + "<div>"
                + counts("Refused, by reason", "reason", "samples", c.refused(), "No sample was refused.")
                + counts("Wrong rationales, by what became of them", "outcome", "rationales", c.wrongRationales(), "")
                + "</div>"
                + "</div>\n"
                + agents(c.agents())
                + agreement(c)
                + c.student().map(StudentSection::html).orElse("");
    }

    /** Where the rows and the pairs go from here. */
    private static String chain(ReportData data, Curation c) {
        StringBuilder out = new StringBuilder("<ol class=\"chain\" aria-label=\"From rows to models\">");
        link(out, "SFT rows", Typography.count(c.sftRows()));
        link(out, "SFT", steps(data, Objective.SFT));
        link(
                out,
                "preference pairs",
                Typography.count(c.pairs().stream().mapToLong(GapPairs::pairs).sum()));
        link(out, aligned(data), steps(data, Objective.PREFERENCE));
        long answers = data.benchmarks().stream()
                .flatMap(b -> b.models().stream())
                .mapToLong(ModelResult::n)
                .sum();
        link(out, "evaluation", answers == 0 ? "not run yet" : Count.of(answers, "answer"));
        return out.append("</ol>\n").toString();
    }

    private static void link(StringBuilder out, String name, String count) {
        out.append("<li><span><b>").append(count).append("</b>").append(name).append("</span></li>");
    }

    /** By which objective, as the model's name says it. */
    private static String aligned(ReportData data) {
        return data.trainings().stream()
                .filter(t -> t.objective() == Objective.PREFERENCE)
                .map(t -> Html.escape(
                        t.name().substring(t.name().lastIndexOf('+') + 1).strip()))
                .findFirst()
                .orElse("alignment");
    }

    /** The steps of the last training of that kind: a baseline on the raw corpus comes before it. */
    private static String steps(ReportData data, Objective objective) {
        return data.trainings().stream()
                .filter(t -> t.objective() == objective)
                .reduce((first, second) -> second)
                .map(t -> Count.of(t.steps(), "step"))
                .orElse("not run yet");
    }

    private static String pairs(List<GapPairs> pairs) {
        if (pairs.isEmpty()) {
            return "<div><p class=\"none\">No preference pairs were made yet.</p></div>";
        }
        StringBuilder rows = new StringBuilder();
        for (GapPairs p : pairs) {
            rows.append("<tr>")
                    .append(Html.thRow(p.gap().name().toLowerCase(Locale.ROOT)))
                    .append(Html.td(sides(p.gap())))
                    .append(Html.tdNumber(Typography.value(p.beta())))
                    .append(Html.tdNumber(Typography.count(p.pairs())))
                    .append(Html.tdNumber(Typography.fixed(100 * p.chosenLonger(), 0)))
                    .append("</tr>");
        }
        String head = Html.th("gap")
                + Html.th("chosen ≻ rejected")
                + Html.thNumber("β")
                + Html.thNumber("pairs")
                + Html.thNumber("chosen longer, %");
        String telling = pairs.stream()
                .filter(p -> !new LengthBalance(p.pairs(), p.chosenLonger(), 1).balanced())
                .map(p -> p.gap().name().toLowerCase(Locale.ROOT))
                .collect(Collectors.joining(", "));
        String note = telling.isEmpty()
                ? "<p class=\"note\">In no gap does length alone tell the sides apart in more than "
                : "<p class=\"note\"><b>Gap " + telling + ":</b> length alone tells the sides apart in more than ";
        return "<div>" + Html.table("Preference pairs", head, rows.toString()) + note
                + Typography.percent(LengthBalance.BOUND) + " of the pairs.</p></div>";
    }

    private static String sides(Gap gap) {
        return switch (gap) {
            case SMALL -> "rewrite ≻ original";
            case MEDIUM -> "original ≻ wrong";
            case LARGE -> "suitable ≻ wrong";
        };
    }

    private static String counts(String caption, String what, String unit, List<Counted> counts, String none) {
        if (counts.isEmpty()) {
            return none.isEmpty() ? "" : "<div><p class=\"none\">" + none + "</p></div>";
        }
        boolean examples = counts.stream().anyMatch(c -> !c.example().isEmpty());
        StringBuilder rows = new StringBuilder();
        counts.forEach(c -> rows.append("<tr>")
                .append(Html.thRow(c.name()))
                .append(Html.tdNumber(Typography.count(c.count())))
                .append(examples ? "<td>" + Html.oneLine(c.example(), EXAMPLE) + "</td>" : "")
                .append("</tr>"));
        String head = Html.th(what) + Html.thNumber(unit) + (examples ? Html.th("the first, in its own words") : "");
        return "<div>" + Html.table(caption, head, rows.toString()) + "</div>";
    }

    private static String agents(List<AgentUse> agents) {
        StringBuilder rows = new StringBuilder();
        agents.forEach(a -> rows.append(row(a)));
        if (agents.size() > 1) {
            rows.append(row(total(agents)).replace("<tr>", "<tr class=\"total\">"));
        }
        String head = Html.th("agent")
                + Html.thNumber("calls")
                + Html.thNumber("tokens in")
                + Html.thNumber("tokens out")
                + Html.thNumber("of it thinking")
                + Html.thNumber("in vain")
                + Html.thNumber("lost")
                + Html.thNumber("cost");
        return Html.table("What the agents used", head, rows.toString()) + lost(total(agents));
    }

    private static String lost(AgentUse all) {
        if (all.lost() == 0) {
            return "";
        }
        String most =
                all.lostCost() > 0 ? ", at most " + Typography.cost(OptionalDouble.of(all.lostCost())) + " in all" : "";
        return "<p class=\"note\">Lost: calls that were sent and brought no reply. They may have been billed" + most
                + ", and are in no other column.</p>\n";
    }

    private static AgentUse total(List<AgentUse> agents) {
        boolean known = agents.stream().allMatch(a -> a.cost().isPresent());
        double cost = agents.stream().mapToDouble(a -> a.cost().orElse(0)).sum();
        return new AgentUse(
                "all",
                agents.stream().mapToLong(AgentUse::calls).sum(),
                agents.stream().mapToLong(AgentUse::promptTokens).sum(),
                agents.stream().mapToLong(AgentUse::completionTokens).sum(),
                agents.stream().mapToLong(AgentUse::reasoningTokens).sum(),
                agents.stream().mapToLong(AgentUse::inVain).sum(),
                agents.stream().mapToLong(AgentUse::lost).sum(),
                agents.stream().mapToDouble(AgentUse::lostCost).sum(),
                known ? OptionalDouble.of(cost) : OptionalDouble.empty());
    }

    private static String row(AgentUse a) {
        return "<tr>"
                + Html.thRow(a.agent())
                + Html.tdNumber(Typography.count(a.calls()))
                + Html.tdNumber(Typography.count(a.promptTokens()))
                + Html.tdNumber(Typography.count(a.completionTokens()))
                + Html.tdNumber(Typography.count(a.reasoningTokens()))
                + Html.tdNumber(Typography.count(a.inVain()) + " ("
                        + Typography.percent((double) a.inVain() / Math.max(1, a.calls())) + ")")
                + Html.tdNumber(Typography.count(a.lost()))
                + Html.tdNumber(Typography.cost(a.cost()))
                + "</tr>";
    }

    private static String agreement(Curation c) {
        StringBuilder out = new StringBuilder();
        c.voteAgreement()
                .ifPresent(share -> out.append("<p>Of a sample's votes, ")
                        .append(Typography.percent(share))
                        .append(" go to its label on average.</p>\n"));
        for (Agreement a : c.judgeAgreement()) {
            if (a.all() > 0) {
                out.append("<p>The verifier's judge and its ")
                        .append(Html.escape(a.check()))
                        .append(" check say the same on ")
                        .append(Typography.percent((double) a.same() / a.all()))
                        .append(" of the rewrites (")
                        .append(Typography.count(a.same()))
                        .append(" of ")
                        .append(Typography.count(a.all()))
                        .append(").</p>\n");
            }
        }
        return out.toString();
    }
}
