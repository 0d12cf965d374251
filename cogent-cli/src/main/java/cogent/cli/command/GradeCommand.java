package cogent.cli.command;

import cogent.eval.GradeFile;
import java.io.PrintWriter;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code cogent grade}: the answer checker by itself. */
@Command(
        name = "grade",
        mixinStandardHelpOptions = true,
        description =
                "{\"gold\", \"prediction\"} → {\"verdict\": \"equal\"|\"different\"|\"unknown\", \"reason\"}, a line each, in order")
public final class GradeCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Option(names = "--input", required = true, paramLabel = "FILE", description = "JSON Lines")
    private Path input;

    @Override
    public void run() {
        PrintWriter out = spec.commandLine().getOut();
        GradeFile.run(input, line -> out.println(JsonRows.JSON.writeValueAsString(line)));
        out.flush();
    }
}
