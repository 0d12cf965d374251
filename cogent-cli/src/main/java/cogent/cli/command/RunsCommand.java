package cogent.cli.command;

import cogent.cli.terminal.Folding;
import cogent.cli.terminal.RunsTable;
import cogent.pipeline.RunList;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code cogent runs}: which runs there are. */
@Command(
        name = "runs",
        mixinStandardHelpOptions = true,
        description = "lists the runs in a folder and how far they are")
public final class RunsCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Parameters(arity = "0..1", paramLabel = "FOLDER", description = "where the runs lie (default: runs)")
    private Path folder = Path.of("runs");

    @Mixin
    private JsonOption json;

    @Override
    public void run() {
        RunList runs = RunList.of(folder);
        spec.commandLine()
                .getOut()
                .print(json.asked() ? RunsTable.json(runs) + "\n" : Folding.here(RunsTable.of(runs)));
        spec.commandLine().getOut().flush();
    }
}
