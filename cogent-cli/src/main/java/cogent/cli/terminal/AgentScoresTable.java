package cogent.cli.terminal;

import cogent.curate.run.AgentCheck.Score;
import cogent.curate.run.Labelled;
import cogent.eval.Interval;
import cogent.eval.Statistics;
import cogent.pipeline.curate.Teachers;
import cogent.pipeline.recipe.Recipe;
import cogent.pipeline.run.RunDirectory;
import java.util.List;
import java.util.Locale;

/** How often each agent was right on the rationales labelled by hand. */
public final class AgentScoresTable {
    /** Misses shown of each agent. */
    private static final int SHOWN = 5;

    private AgentScoresTable() {}

    public static String of(Recipe recipe, List<Score> scores) {
        StringBuilder out = new StringBuilder();
        out.append(String.format(
                Locale.ROOT,
                "%d hand-written rationales (too brief, balanced, convoluted, subtly wrong), %s%n%n",
                Labelled.all().size(),
                Teachers.described(recipe)));
        out.append(String.format(
                Locale.ROOT, " %-13s %-41s %7s   %s%n", "agent", "right when it", "right", "95 % interval"));
        for (Score score : scores) {
            Interval interval = Statistics.wilson(score.right(), score.asked());
            out.append(String.format(
                    Locale.ROOT,
                    " %-13s %-41s %3d/%-3d   %.0f – %.0f %%%n",
                    score.agent(),
                    score.what(),
                    score.right(),
                    score.asked(),
                    100 * interval.low(),
                    100 * interval.high()));
        }
        for (Score score : scores) {
            if (!score.misses().isEmpty()) {
                out.append('\n').append(' ').append(score.agent()).append('\n');
                score.misses().stream()
                        .limit(SHOWN)
                        .forEach(miss -> out.append("   ").append(oneLine(miss)).append('\n'));
                if (score.misses().size() > SHOWN) {
                    out.append("   … and ")
                            .append(score.misses().size() - SHOWN)
                            .append(" more\n");
                }
            }
        }
        return out.append("\nThe replies are kept in ")
                .append(RunDirectory.of(recipe).agentsCheck())
                .append("; remove that folder to ask anew.\n")
                .toString();
    }

    private static String oneLine(String text) {
        String line = text.replaceAll("\\s+", " ");
        return line.length() <= 110 ? line : line.substring(0, 110) + "…";
    }
}
