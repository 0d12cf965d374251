package cogent.cli.command;

import cogent.cli.run.RunDirectory;
import cogent.cli.run.SampleStory;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code cogent show}: one sample's way through the agents. */
@Command(
        name = "show",
        mixinStandardHelpOptions = true,
        description = "tells one sample's story: label, rewrites, verdicts, wrong rationales, preference pairs")
public final class ShowCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "RUN", description = "the run directory, e.g. runs/quickstart")
    private Path directory = Path.of("");

    @Option(names = "--sample", required = true, paramLabel = "ID", description = "the sample's id in the corpus")
    private String id = "";

    @Override
    public void run() {
        RunDirectory run = new RunDirectory(directory);
        spec.commandLine().getOut().print(SampleStory.of(run.readRecipe(), run, id));
        spec.commandLine().getOut().flush();
    }
}
