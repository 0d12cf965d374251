package cogent.cli.command;

import cogent.data.InputException;
import cogent.model.decoder.LanguageModel;
import cogent.model.hf.ModelConfig;
import cogent.model.hf.ParameterShapes;
import cogent.model.tensor.DType;
import cogent.model.text.Tokenizer;
import cogent.playground.PlaygroundStudent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code cogent init}: a model with random weights. */
@Command(
        name = "init",
        mixinStandardHelpOptions = true,
        description = {
            "makes a Hugging Face directory with random weights from a config.json",
            "e.g. cogent init --config my/config.json --tokenizer models/Qwen2.5-0.5B-Instruct models/mine"
        })
public final class InitCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @ArgGroup(multiplicity = "1")
    private Shape shape;

    @Option(names = "--tokenizer", paramLabel = "DIR", description = "whose tokenizer files go along")
    private @Nullable Path tokenizer;

    @Option(names = "--seed", defaultValue = "0", description = "decides the weights (default: 0)")
    private long seed;

    @Option(
            names = "--dtype",
            description = "what the weights are stored as: f32, bf16, f16 (default: as the config says)")
    private @Nullable DType dtype;

    @Parameters(paramLabel = "OUT", description = "the directory to make; it must not exist")
    private Path out;

    /** Where the shape comes from. */
    static final class Shape {
        @Option(
                names = "--config",
                paramLabel = "FILE",
                description = "a config.json; refused by name if not supported")
        private @Nullable Path config;

        @Option(names = "--playground", description = "the built-in world's student, its tokenizer included")
        private boolean playground;
    }

    @Override
    public void run() {
        if (Files.exists(out)) {
            throw new InputException(out + ": is there already; name a directory that is not");
        }
        Path config = shape.config;
        Path words = tokenizer;
        if (shape.playground) {
            PlaygroundStudent.write(out);
            config = out.resolve("config.json");
            words = out;
        }
        if (config == null) {
            throw new InputException("--config is missing");
        }
        ModelConfig read = ModelConfig.read(config);
        try (LanguageModel model = LanguageModel.create(read, seed)) {
            Files.createDirectories(out.toAbsolutePath().getParent());
            if (words == null) {
                model.save(out, dtype == null ? read.dtype() : dtype, null);
            } else {
                try (Tokenizer files = Tokenizer.load(words)) {
                    model.save(out, dtype == null ? read.dtype() : dtype, files);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(out + ": cannot be written", e);
        }
        spec.commandLine()
                .getOut()
                .printf(
                        "%s: %s, %,d parameters, random weights (seed %d)%n",
                        out, read.architecture(), ParameterShapes.count(read), seed);
    }
}
