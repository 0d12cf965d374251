package cogent.cli.command;

import cogent.cli.hub.ModelName;
import cogent.data.InputException;
import cogent.model.decoder.LanguageModel;
import cogent.model.decoder.Lora;
import cogent.model.gguf.GgufModel;
import cogent.model.gguf.GgufType;
import cogent.model.gguf.Modelfile;
import cogent.model.hf.ParameterShapes;
import cogent.model.tensor.DType;
import cogent.model.text.Tokenizer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code cogent export model}: a model for other programs, with an adapter merged into it if there is one. */
@Command(
        name = "model",
        mixinStandardHelpOptions = true,
        description = {
            "writes a model as one GGUF file for llama.cpp and Ollama, or as a Hugging Face directory",
            "A GGUF file has the tokenizer inside and gets a Modelfile beside it.",
            "e.g. cogent export model runs/mine/models/aligned --format gguf --type q8_0 -o mine.gguf"
        })
final class ExportModelCommand implements Runnable {
    /** What is written. */
    enum Format {
        GGUF,
        HUGGINGFACE
    }

    /** How matrices are stored. */
    enum Type {
        F32,
        BF16,
        F16,
        Q8_0,
        Q4_K_M
    }

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "MODEL", description = ModelName.WHAT)
    private ModelName named;

    @Option(
            names = "--format",
            defaultValue = "gguf",
            description = "gguf: one file; huggingface: a directory (default: gguf)")
    private Format format;

    @Option(
            names = "--type",
            description =
                    "f32, bf16, f16, and for GGUF q8_0 and q4_k_m (default: as the model is stored; GGUF of f32: f16)")
    private @Nullable Type type;

    @Option(names = "--adapter", paramLabel = "DIR", description = "a LoRA adapter in PEFT's format, to be merged in")
    private @Nullable Path adapter;

    @Option(
            names = {"-o", "--out"},
            required = true,
            paramLabel = "PATH",
            description = "the file or directory to make")
    private Path out;

    @Override
    public void run() {
        if (format == Format.HUGGINGFACE && Files.exists(out)) {
            throw new InputException(out + ": is there already; name a directory that is not");
        }
        if (Files.isDirectory(out)) {
            throw new InputException(out + ": is a directory; name the file to write, such as model.gguf");
        }
        Path directory = named.directory(spec);
        // merging is arithmetic, in single precision; without it nothing is computed
        try (LanguageModel model = adapter == null ? LanguageModel.mapped(directory) : LanguageModel.load(directory);
                Tokenizer tokenizer = Tokenizer.load(directory)) {
            if (adapter != null) {
                try (Lora lora = Lora.load(model, adapter)) {
                    lora.merge();
                }
            }
            Path parent = out.toAbsolutePath().getParent();
            if (parent != null) {
                Files.createDirectories(parent);
            }
            write(model, tokenizer);
        } catch (IOException e) {
            throw new UncheckedIOException(out + ": cannot be written", e);
        }
    }

    private void write(LanguageModel model, Tokenizer tokenizer) throws IOException {
        String kind;
        if (format == Format.HUGGINGFACE) {
            if (type == Type.Q8_0 || type == Type.Q4_K_M) {
                throw new InputException("--type " + name(type)
                        + " is for --format gguf; a Hugging Face directory holds f32, bf16 or f16");
            }
            DType stored = type == null ? model.config().dtype() : DType.valueOf(type.name());
            model.save(out, stored, tokenizer);
            kind = "Hugging Face, " + name(stored);
        } else {
            GgufType stored = type == null ? GgufModel.natural(model.config()) : GgufType.valueOf(type.name());
            GgufModel.write(named.shortName(), model, tokenizer, stored, out);
            kind = "GGUF, " + name(stored) + modelfile(model, tokenizer);
            int context = GgufModel.contextLength(model.config());
            if (context < model.config().maxPositions()) {
                spec.commandLine()
                        .getErr()
                        .printf(
                                "context_length is %,d: llama.cpp computes this architecture without the sliding window%n",
                                context);
            }
        }
        spec.commandLine()
                .getOut()
                .printf("%s: %s, %,d parameters%n", out, kind, ParameterShapes.count(model.config()));
    }

    /** What people wrote into it stays. */
    private String modelfile(LanguageModel model, Tokenizer tokenizer) throws IOException {
        Path file = out.resolveSibling(out.getFileName().toString().replaceFirst("(\\.gguf)?$", ".Modelfile"));
        String wanted = Modelfile.of(out, model.config(), tokenizer);
        if (Files.exists(file) && !Files.readString(file).equals(wanted)) {
            return "; " + file + " stays as it is";
        }
        Files.writeString(file, wanted);
        return "; " + file + " for Ollama";
    }

    private static String name(Enum<?> type) {
        return type.name().toLowerCase(Locale.ROOT);
    }
}
