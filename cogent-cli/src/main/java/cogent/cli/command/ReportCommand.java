package cogent.cli.command;

import cogent.pipeline.run.RunDirectory;
import cogent.report.ReportBuilder;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
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

    @Override
    public void run() {
        RunDirectory run = new RunDirectory(directory);
        ReportBuilder.write(run.readRecipe(), run);
        spec.commandLine().getOut().println(run.report());
    }
}
