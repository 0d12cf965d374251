package cogent.cli.terminal;

import cogent.pipeline.RunStatus;
import cogent.pipeline.Shell;
import cogent.pipeline.recipe.Recipe;
import cogent.pipeline.result.BenchmarkResult;
import cogent.pipeline.result.EvaluateResult;
import cogent.pipeline.result.ModelComparison;
import cogent.pipeline.result.ModelScores;
import cogent.pipeline.run.ModelNames;
import cogent.pipeline.run.RunDirectory;
import cogent.report.ResultText;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What a finished run says in the terminal: the table, and where to look next. */
public final class ResultTables {
    private ResultTables() {}

    /** The results of the evaluation, if there was one, and the next steps. */
    public static String of(Recipe recipe, RunDirectory run) {
        StringBuilder text = new StringBuilder("\n");
        RunStatus.of(recipe, run)
                .evaluation()
                .map(EvaluateResult::benchmarks)
                .orElse(List.of())
                .forEach(benchmark -> table(benchmark, ModelNames.of(recipe), text));
        if (Files.exists(run.report())) {
            text.append(" report   ").append(run.report()).append('\n');
        }
        String model = recipe.aligns() ? ModelNames.ALIGNED : "sft";
        if (Files.exists(run.model(model))) {
            text.append(" chat     %s chat %s%n"
                    .formatted(Shell.cogent(), Shell.quoted(run.model(model).toString())));
        }
        if (Recipe.PLAYGROUND.equals(recipe.corpus().path())) {
            text.append(" next     docs/your-own-model.md: the same with your corpus, your teacher, your student\n");
        }
        return text.toString();
    }

    private static void table(BenchmarkResult benchmark, ModelNames names, StringBuilder text) {
        long n =
                benchmark.models().isEmpty() ? 0 : benchmark.models().getFirst().n();
        text.append(" %-34s %8s   %15s   %s%n"
                .formatted(
                        benchmark.title() + " (n = " + n + ", " + benchmark.decoding() + ")",
                        "correct",
                        "95 % interval",
                        "paired difference"));
        for (ModelScores model : benchmark.models()) {
            text.append("   %-48s %5.1f %%   %5.1f – %5.1f"
                    .formatted(
                            names.of(model.model()),
                            100 * model.accuracy(),
                            100 * model.interval().low(),
                            100 * model.interval().high()));
            boolean first = true;
            for (ModelComparison c : benchmark.comparisons()) {
                if (c.model().equals(model.model())) {
                    text.append(first ? "     " : "\n" + " ".repeat(79)).append(difference(c, names));
                    first = false;
                }
            }
            text.append('\n');
            remarks(model, text);
        }
        String overlap = ResultText.overlap(benchmark);
        text.append(overlap.isEmpty() ? "" : "   careful: " + overlap + "\n").append('\n');
    }

    /** What an accuracy alone would hide. */
    private static void remarks(ModelScores model, StringBuilder text) {
        List<String> remarks = new ArrayList<>();
        share(remarks, "pass@" + model.samples(), model.passAtN());
        share(remarks, "maj@" + model.samples(), model.majority());
        count(remarks, model, model.truncated(), "cut off by the token limit");
        count(remarks, model, model.unparsed(), "state no answer");
        count(remarks, model, model.undecided(), "undecided");
        count(remarks, model, model.failed(), "without an answer");
        if (!remarks.isEmpty()) {
            text.append("     ").append(String.join(", ", remarks)).append('\n');
        }
    }

    private static void share(List<String> remarks, String name, @Nullable Double fraction) {
        if (fraction != null) {
            remarks.add(String.format(Locale.ROOT, "%s %.1f %%", name, 100 * fraction));
        }
    }

    private static void count(List<String> remarks, ModelScores model, long count, String words) {
        if (count > 0) {
            remarks.add("%,d of %,d %s".formatted(count, model.n(), words));
        }
    }

    private static String difference(ModelComparison c, ModelNames names) {
        return String.format(
                Locale.ROOT,
                "%+.1f against %s, %s",
                100 * c.comparison().difference(),
                names.of(c.baseline()),
                ComparisonTable.pValue(c.comparison().pValue()));
    }
}
