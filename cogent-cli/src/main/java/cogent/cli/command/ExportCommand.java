package cogent.cli.command;

import cogent.data.Count;
import cogent.data.corpus.Export;
import cogent.pipeline.run.RunDirectory;
import cogent.pipeline.run.TrainingInputs;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code cogent export}: a run's data as other trainers read it. */
@Command(
        name = "export",
        mixinStandardHelpOptions = true,
        customSynopsis = {
            "cogent export RUN ROWS --format=<format> --out=FILE",
            "cogent export model MODEL [--format=<format>] [--type=<type>] [--adapter=DIR] --out=PATH"
        },
        description = {
            "exports the training rows of a run for other trainers, or a model for llama.cpp (GGUF)",
            "trl (conversational), trl_text (for pairs also the authors' prompt, chosen, rejected, beta), alpaca, sharegpt,"
                    + " openai; a target that ends in .parquet becomes Parquet.",
            "For a model see `cogent export model --help`."
        },
        subcommands = ExportModelCommand.class)
public final class ExportCommand implements Runnable {
    /** Which of the two files of a run. */
    enum Rows {
        SFT,
        PREFERENCES
    }

    @Spec
    private CommandSpec spec;

    // not required for picocli, which would ask for them in `export model` too
    @Parameters(index = "0", arity = "0..1", paramLabel = "RUN", description = "a run directory")
    private @Nullable Path run;

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "ROWS",
            description = "sft, or preferences: all pairs that align learns from")
    private @Nullable Rows rows;

    @Option(names = "--format", description = "${COMPLETION-CANDIDATES}")
    private Export.@Nullable Format format;

    @Option(names = "--out", paramLabel = "FILE", description = "where to write")
    private @Nullable Path out;

    @Override
    public void run() {
        RunDirectory directory = new RunDirectory(given(run, "RUN"));
        Export.Format as = given(format, "--format");
        Path target = given(out, "--out");
        long written = given(rows, "ROWS") == Rows.SFT
                ? Export.sft(directory.sftRows(), as, target)
                : Export.preferences(TrainingInputs.pairs(directory), as, target);
        spec.commandLine().getOut().printf("%s: %s%n", target, Count.of(written, "row"));
    }

    private <T> T given(@Nullable T value, String name) {
        if (value == null) {
            throw new ParameterException(spec.commandLine(), "missing: " + name);
        }
        return value;
    }
}
