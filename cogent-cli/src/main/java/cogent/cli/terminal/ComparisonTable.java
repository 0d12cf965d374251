package cogent.cli.terminal;

import cogent.eval.Comparison;
import cogent.eval.Published;
import cogent.eval.Replicates;
import cogent.eval.Scores;
import cogent.pipeline.evaluate.RunComparison;
import cogent.pipeline.evaluate.RunComparison.Contest;
import cogent.pipeline.result.ModelComparison;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/** The evaluations of several runs side by side, for the terminal. */
public final class ComparisonTable {
    private ComparisonTable() {}

    /** One table for each benchmark, and what its figures are. */
    public static String of(RunComparison comparison) {
        StringBuilder text = new StringBuilder();
        comparison.contests().forEach(contest -> table(contest, text));
        return text.append(
                        " Differences are paired by problem, in points, with bootstrap 95 % intervals; p by exact McNemar where"
                                + " each problem\n was asked once, else by sign-flip permutation; corrected: by Holm, for the"
                                + " comparisons of a benchmark.\n")
                .toString();
    }

    private static void table(Contest contest, StringBuilder text) {
        int width = Stream.concat(
                        contest.byModel().keySet().stream(),
                        contest.published().stream().map(Published::model))
                .mapToInt(String::length)
                .max()
                .orElse(0);
        Map<String, String> differences = differences(contest);
        text.append(String.format(
                Locale.ROOT,
                "%n %-" + (width + 2) + "s %8s %7s %9s   %-13s   against %s%n",
                contest.benchmark(),
                "problems",
                "samples",
                "correct",
                "95 % interval",
                contest.baseline()));
        contest.byModel().forEach((label, evaluated) -> {
            Scores scores = evaluated.scores();
            text.append(String.format(
                    Locale.ROOT,
                    "   %-" + width + "s %8d %7d %7.1f %%   %5.1f – %5.1f   %s%n",
                    label,
                    scores.problems().size(),
                    scores.samplesEach(),
                    100 * scores.accuracy(),
                    100 * scores.interval().low(),
                    100 * scores.interval().high(),
                    differences.getOrDefault(label, "")));
        });
        if (!contest.published().isEmpty()) {
            text.append("   published\n");
            contest.published()
                    .forEach(figure -> text.append(String.format(
                            Locale.ROOT,
                            "   %-" + width + "s %8s %7s %7.1f %%   %s%n",
                            figure.model(),
                            "",
                            "",
                            figure.accuracy(),
                            figure.source())));
        }
        text.append('\n');
    }

    private static Map<String, String> differences(Contest contest) {
        List<ModelComparison> all = contest.compared();
        double[] corrected = Replicates.holm(
                all.stream().mapToDouble(c -> c.comparison().pValue()).toArray());
        Map<String, String> said = new HashMap<>();
        for (int i = 0; i < corrected.length; i++) {
            Comparison c = all.get(i).comparison();
            boolean whole = Stream.of(all.get(i).model(), contest.baseline())
                    .map(contest.byModel()::get)
                    .allMatch(e -> e.scores().problems().size() == c.n());
            said.put(
                    all.get(i).model(),
                    String.format(
                            Locale.ROOT,
                            "%+.1f (%+.1f to %+.1f), %s%s, better on %d, worse on %d%s",
                            100 * c.difference(),
                            100 * c.interval().low(),
                            100 * c.interval().high(),
                            pValue(c.pValue()),
                            corrected.length == 1
                                    ? ""
                                    : " (corrected "
                                            + pValue(corrected[i]).substring(2).replace("= ", "") + ")",
                            c.gained(),
                            c.lost(),
                            whole ? "" : " of " + c.n() + " in common"));
        }
        return said;
    }

    /** Such as {@code p = 0.03}. */
    static String pValue(double p) {
        return p < 0.001 ? "p < 0.001" : String.format(Locale.ROOT, p < 0.01 ? "p = %.3f" : "p = %.2f", p);
    }
}
