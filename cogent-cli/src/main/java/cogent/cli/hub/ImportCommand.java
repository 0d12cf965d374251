package cogent.cli.hub;

import cogent.cli.terminal.ProgressLine;
import cogent.cli.terminal.Signals;
import cogent.data.InputException;
import cogent.model.gguf.GgufImport;
import cogent.pipeline.run.StopRequest;
import cogent.pipeline.run.StoppedException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code cogent import}: a GGUF file as a Hugging Face directory. */
@Command(
        name = "import",
        mixinStandardHelpOptions = true,
        description = {
            "makes a Hugging Face directory of a GGUF file, as llama.cpp, Ollama and LM Studio keep them",
            "Quantised weights become the numbers that ggml computes with; a recipe's student.model takes the file as it is.",
            "e.g. cogent import SmolLM2-135M-Instruct.Q4_1.gguf -o smollm2"
        })
public final class ImportCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "FILE.gguf", description = "the file")
    private Path file;

    @Option(
            names = {"-o", "--out"},
            required = true,
            paramLabel = "DIR",
            description = "the directory to make")
    private Path out;

    @Override
    public Integer call() {
        if (Files.exists(out)) {
            throw new InputException(out + ": is there already; name a directory that is not");
        }
        ProgressLine line = ProgressLine.on(spec.commandLine().getErr());
        StopRequest stop = Signals.handled(_ -> {});
        try {
            GgufImport.write(file, out, bytes -> {
                if (stop.asked()) {
                    throw new StoppedException();
                }
                line.update("import", bytes >> 20, 0, "MiB", "", List.of());
            });
        } catch (StoppedException e) { // what was written is gone: nobody could go on from it
            return Signals.exitCode();
        } catch (IOException e) {
            throw new UncheckedIOException(out + ": cannot be written", e);
        }
        spec.commandLine().getOut().println(out);
        spec.commandLine().getOut().flush();
        return 0;
    }
}
