package cogent.cli.command;

import cogent.data.InputException;
import cogent.pipeline.recipe.Recipe;
import cogent.pipeline.run.RunDirectory;
import cogent.report.ReportBuilder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code cogent report}: the run's page, anew. */
@Command(
        name = "report",
        mixinStandardHelpOptions = true,
        description = "writes report.html of a run directory anew, also while the run is going")
public final class ReportCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "RUN", description = "the run directory, e.g. runs/quickstart")
    private Path directory = Path.of("");

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            description = "writes it there instead, as for a run that may only be read")
    private @Nullable Path output;

    @Override
    public void run() {
        RunDirectory run = new RunDirectory(directory);
        Path file = output == null ? run.report() : output;
        Recipe recipe = run.readRecipe();
        if (output == null && !Files.isWritable(directory)) {
            throw new InputException(directory + " may only be read; -o FILE writes the page elsewhere");
        }
        ReportBuilder.write(recipe, run, file);
        spec.commandLine().getOut().println(file);
    }
}
