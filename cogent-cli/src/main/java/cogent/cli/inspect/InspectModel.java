package cogent.cli.inspect;

import cogent.cli.command.JsonRows;
import cogent.cli.hub.ModelName;
import cogent.data.InputException;
import cogent.model.hf.Checksums;
import cogent.model.hf.ModelConfig;
import cogent.model.hf.ParameterShapes;
import cogent.model.text.ChatTemplate;
import cogent.model.text.Tokenizer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code cogent inspect model}: what a directory holds, without loading the weights. */
@Command(
        name = "model",
        mixinStandardHelpOptions = true,
        description =
                "architecture, parameters, dtype, tokenizer and files of a Hugging Face directory, as one JSON object")
final class InspectModel implements Runnable {
    @Spec
    private CommandSpec spec;

    @ArgGroup(multiplicity = "1")
    private Directory directory;

    /** Given by itself, or by name as the other commands have it. */
    private static final class Directory {
        @Parameters(arity = "1", paramLabel = "MODEL", description = ModelName.WHAT)
        private @Nullable ModelName plain;

        @Option(names = "--model", required = true, paramLabel = "MODEL", description = "the same by name")
        private @Nullable ModelName named;

        ModelName given() {
            return plain != null ? plain : Objects.requireNonNull(named);
        }
    }

    @Option(names = "--verify", description = "hold the weights against the hashes of SHA256SUMS")
    private boolean verify;

    @Override
    public void run() {
        Path model = directory.given().directory(spec);
        if (verify) {
            requireWhole(model);
        }
        ModelConfig config = ModelConfig.read(model.resolve("config.json"));
        ObjectNode answer = JsonRows.JSON.createObjectNode();
        answer.put("architecture", config.architecture());
        answer.put("supported", true); // what is not is refused by name on reading
        answer.put("parameters", ParameterShapes.count(config));
        answer.put("dtype", config.dtype().name().toLowerCase(Locale.ROOT));
        answer.put("layers", config.layers());
        answer.put("hidden_size", config.hiddenSize());
        answer.put("heads", config.heads());
        answer.put("kv_heads", config.kvHeads());
        answer.put("head_dim", config.headDim());
        answer.put("vocab_size", config.vocabSize());
        answer.put("max_positions", config.maxPositions());
        answer.put("tied_embeddings", config.tiedEmbeddings());
        if (Files.exists(model.resolve("tokenizer.json"))) {
            try (Tokenizer tokenizer = Tokenizer.load(model)) {
                answer.put("tokens", tokenizer.vocabSize());
                ArrayNode stops = answer.putArray("stop_ids");
                tokenizer.stopIds().forEach(stops::add);
                answer.put("chat_template", ChatTemplate.load(model).isPresent());
            }
        }
        if (verify) {
            answer.put("verified", true);
        }
        ArrayNode files = answer.putArray("files");
        try (Stream<Path> all = Files.list(model)) {
            for (Path file : all.filter(Files::isRegularFile).sorted().toList()) {
                files.addObject()
                        .put("name", String.valueOf(file.getFileName()))
                        .put("bytes", Files.size(file));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(model + ": cannot be read", e);
        }
        spec.commandLine().getOut().println(answer);
    }

    private static void requireWhole(Path model) {
        if (!Checksums.in(model)) {
            throw new InputException(
                    model + " has no " + Checksums.FILE + " to hold its weights against: models that Cogent"
                            + " saves have one. For another, compare `sha256sum *.safetensors` with the model's page");
        }
        List<String> damage = Checksums.damage(model);
        if (!damage.isEmpty()) {
            throw new InputException(model + " is damaged: " + String.join(", ", damage));
        }
    }
}
