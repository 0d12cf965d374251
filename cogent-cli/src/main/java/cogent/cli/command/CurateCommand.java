package cogent.cli.command;

import cogent.cli.terminal.AgentScoresTable;
import cogent.pipeline.Shell;
import cogent.pipeline.curate.AgentScores;
import cogent.pipeline.curate.Batches;
import cogent.pipeline.recipe.Recipe;
import cogent.pipeline.run.ReplySource;
import cogent.pipeline.run.RunDirectory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code cogent curate}: the curation alone, and what else can be done with its agents. */
@Command(
        name = "curate",
        mixinStandardHelpOptions = true,
        description = "critiques, rethinks and verifies the corpus; makes sft.jsonl and preferences.jsonl",
        footerHeading = "%n",
        footer = {
            "In batches (cheaper at many providers; Cogent itself sends nothing):",
            "  1. cogent curate RECIPE --batch-out DIR      writes the calls that can be made now",
            "  2. give the files to the provider's batch API, fetch its output and error files",
            "  3. cogent curate RECIPE --batch-in FILE... --batch-out DIR    takes them, writes the next calls",
            "  and so on until nothing is left: a rewrite can only be asked for once its rationale is judged."
        })
public final class CurateCommand implements Callable<Integer> {
    private static final List<String> STAGES = List.of("playground", "author", "curate");

    @Spec
    private CommandSpec spec;

    @Mixin
    private RecipeArguments arguments;

    @Mixin
    @SuppressWarnings("UnusedVariable") // asked for by its name
    private RunCommand.Verbose verbose;

    @Option(
            names = "--check-agents",
            description =
                    "instead: asks the recipe's agents about 40 hand-written rationales, says how often each is right")
    private boolean checkAgents;

    @Option(
            names = "--estimate",
            description = "curates a few rows for real (their replies are stored and not paid for again) and tells from"
                    + " them calls, tokens, cost and time of the whole corpus")
    private boolean estimate;

    @Option(names = "--rows", defaultValue = "20", description = "with --estimate: how many rows (default: 20)")
    private int rows;

    @Option(
            names = "--reparse",
            description = "computes every sample anew from stored replies, as after a change of thresholds or of"
                    + " Cogent itself; sends nothing, and says which replies are not there")
    private boolean reparse;

    @Option(
            names = "--worker",
            description =
                    "joins the processes on the recipe's store: finishes samples with them until all are done, and"
                            + " writes no files (docs/scale.md)")
    private boolean worker;

    @Option(
            names = "--batch-out",
            paramLabel = "DIR",
            description = "sends nothing: writes the calls that can be made now to files in OpenAI's batch format")
    private @Nullable Path batchOut;

    @Option(
            names = "--batch-again",
            description = "with --batch-out: also the calls that went out before and have no result")
    private boolean again;

    @Option(
            names = "--batch-in",
            paramLabel = "FILE",
            arity = "1..*",
            parameterConsumer = ResultFiles.class,
            description = "takes the provider's output and error files, up to the next option or the recipe"
                    + " (*.yaml, *.yml); order and repetitions do not matter")
    private List<Path> batchIn = List.of();

    @Override
    public Integer call() {
        if (checkAgents) {
            if (worker || estimate || reparse || batchOut != null || !batchIn.isEmpty()) {
                throw new ParameterException(spec.commandLine(), "--check-agents goes with none of the other ways");
            }
            Recipe recipe = arguments.recipe();
            spec.commandLine().getOut().print(AgentScoresTable.of(recipe, AgentScores.of(recipe)));
            spec.commandLine().getOut().flush();
            return 0;
        }
        if (worker) {
            if (estimate || reparse || batchOut != null || !batchIn.isEmpty()) {
                throw new ParameterException(spec.commandLine(), "--worker goes with none of the other ways");
            }
            return work();
        }
        if (rows < 1) {
            throw new ParameterException(spec.commandLine(), "--rows must be at least 1");
        }
        if (estimate && (reparse || batchOut != null || !batchIn.isEmpty())) {
            throw new ParameterException(spec.commandLine(), "--estimate goes with none of the other ways");
        }
        if (reparse && (batchOut != null || !batchIn.isEmpty())) {
            throw new ParameterException(spec.commandLine(), "--reparse does not go with batches");
        }
        if (again && batchOut == null) {
            throw new ParameterException(spec.commandLine(), "--batch-again goes with --batch-out");
        }
        if (!batchIn.isEmpty()) {
            Recipe recipe = arguments.recipe();
            spec.commandLine().getOut().print(Batches.read(RunDirectory.of(recipe), batchIn));
            if (batchOut == null) {
                spec.commandLine()
                        .getOut()
                        .println(
                                "Next: " + arguments.again("curate") + " --batch-out DIR (the next calls, or the end)");
            }
            spec.commandLine().getOut().flush();
        }
        if (!batchIn.isEmpty() && batchOut == null) {
            return 0;
        }
        return RunCommand.run(spec, arguments, STAGES, calls(), options());
    }

    /** In a folder of its own, as several of them may share the recipe's. */
    private int work() {
        if (arguments.recipe().sharedStore().isEmpty()) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--worker needs a store in the recipe that processes can share: store: jdbc:postgresql://HOST/DATABASE");
        }
        Path folder = temporary();
        try {
            return RunCommand.run(spec, arguments.with("runs=" + folder), STAGES, new ReplySource.Work(), " --worker");
        } finally {
            RunDirectory.delete(folder);
        }
    }

    private static Path temporary() {
        try {
            return Files.createTempDirectory("cogent-worker");
        } catch (IOException e) {
            throw new UncheckedIOException("no temporary folder can be made: " + e.getMessage(), e);
        }
    }

    private ReplySource calls() {
        if (batchOut != null) {
            return new ReplySource.Batch(batchOut, again);
        }
        return estimate ? new ReplySource.Estimate(rows) : reparse ? new ReplySource.Reparse() : new ReplySource.Live();
    }

    private String options() {
        return batchOut != null
                ? " --batch-out " + Shell.quoted(batchOut.toString()) + (again ? " --batch-again" : "")
                : reparse ? " --reparse" : estimate ? " --estimate --rows " + rows : "";
    }
}
