package cogent.cli.command;

import cogent.cli.terminal.ComparisonTable;
import cogent.cli.terminal.Folding;
import cogent.data.AtomicFile;
import cogent.eval.BenchmarkFile;
import cogent.eval.Published;
import cogent.pipeline.evaluate.RunComparison;
import cogent.report.ComparisonPage;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code cogent compare}: evaluations of several runs, or the models of one, side by side. */
@Command(
        name = "compare",
        mixinStandardHelpOptions = true,
        description = {
            "compares the evaluations of runs, or of the models within one: accuracies with 95 %% intervals, paired differences",
            "with exact McNemar or permutation tests, by Holm corrected for their number, and published figures beside them"
        })
public final class CompareCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Parameters(arity = "1..*", paramLabel = "RUN", description = "run directories, e.g. runs/a runs/b")
    private List<Path> runs = List.of();

    @Option(names = "--benchmark", paramLabel = "NAME", description = "only this benchmark; may be repeated")
    private List<String> benchmarks = List.of();

    @Option(
            names = "--model",
            paramLabel = "NAME",
            description = "only this model (base, raw, sft, aligned or an endpoint's name); may be repeated")
    private List<String> models = List.of();

    @Option(
            names = "--baseline",
            paramLabel = "NAME",
            description =
                    "what the others are held against: a model, a run, or a name as the table prints it (default: the"
                            + " first)")
    private String baseline = "";

    @Option(
            names = "--published",
            paramLabel = "FILE",
            description = "further published figures: a YAML list of {benchmark, model, accuracy (in %%), source}")
    private @Nullable Path published;

    @Option(
            names = "--html",
            paramLabel = "FILE",
            description = "also write tables and plots as one self-contained page")
    private @Nullable Path html;

    @Override
    public void run() {
        List<Published> figures = published == null ? List.of() : BenchmarkFile.published(published);
        RunComparison comparison = RunComparison.of(runs, benchmarks, models, baseline, figures);
        PrintWriter out = spec.commandLine().getOut();
        out.print(Folding.here(ComparisonTable.of(comparison)));
        if (html != null) {
            write(html, ComparisonPage.html(title(), comparison));
            out.println(" page     " + html);
        }
        out.flush();
    }

    private String title() {
        return runs.stream().map(Path::toString).collect(Collectors.joining(", "));
    }

    private static void write(Path file, String page) {
        AtomicFile.write(file, page);
    }
}
