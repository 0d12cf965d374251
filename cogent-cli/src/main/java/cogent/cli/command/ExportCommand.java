package cogent.cli.command;

import cogent.cli.run.RunDirectory;
import cogent.data.Export;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code cogent export}: a run's data as other trainers read it. */
@Command(
        name = "export",
        mixinStandardHelpOptions = true,
        description = {
            "writes the training rows of a run as other trainers read them",
            "trl (conversational), trl_text (for pairs also the authors' prompt, chosen, rejected, beta), alpaca, sharegpt,"
                    + " openai; a target that ends in .parquet becomes Parquet"
        })
public final class ExportCommand implements Runnable {
    /** Which of the two files of a run. */
    enum Rows {
        SFT,
        PREFERENCES
    }

    @Spec
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "RUN", description = "a run directory")
    private Path run;

    @Parameters(index = "1", paramLabel = "ROWS", description = "sft or preferences")
    private Rows rows;

    @Option(names = "--format", required = true, description = "${COMPLETION-CANDIDATES}")
    private Export.Format format;

    @Option(names = "--out", required = true, paramLabel = "FILE", description = "where to write")
    private Path out;

    @Override
    public void run() {
        RunDirectory directory = new RunDirectory(run);
        long written = rows == Rows.SFT
                ? Export.sft(directory.sftRows(), format, out)
                : Export.preferences(directory.preferences(), format, out);
        spec.commandLine().getOut().printf("%s: %,d rows%n", out, written);
    }
}
