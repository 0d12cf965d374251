package cogent.model.decoder;

import cogent.data.InputException;
import cogent.data.Uninterrupted;
import cogent.model.hf.Checkpoint;
import cogent.model.hf.Checksums;
import cogent.model.hf.ModelConfig;
import cogent.model.hf.ParameterShapes;
import cogent.model.tensor.DType;
import cogent.model.tensor.Device;
import cogent.model.tensor.LibTorch;
import cogent.model.tensor.Memory;
import cogent.model.tensor.Scope;
import cogent.model.tensor.Tensor;
import cogent.model.tensor.Tensors;
import cogent.model.text.Tokenizer;
import cogent.model.text.TurnEnd;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** A decoder with the weights that it owns: loaded from a Hugging Face directory, made at random, saved as one. */
public final class LanguageModel implements AutoCloseable {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final ModelConfig config;
    private final SequencedMap<String, Tensor> parameters;
    private final Decoder decoder;

    private LanguageModel(ModelConfig config, SequencedMap<String, Tensor> parameters) {
        this.config = config;
        this.parameters = Collections.unmodifiableSequencedMap(parameters);
        decoder = new Decoder(config, parameters, Map.of());
    }

    /** Loads a directory to compute in single precision on the CPU, whatever the weights are stored as. */
    public static LanguageModel load(Path directory) {
        return load(directory, Device.CPU, DType.F32);
    }

    /**
     * Loads {@code config.json} and the safetensors of a directory.
     *
     * @throws InputException when the directory is not a model that is supported, whole and consistent
     */
    public static LanguageModel load(Path directory, Device device, DType compute) {
        return load(directory, device, compute, compute);
    }

    /**
     * As {@link #load(Path, Device, DType)}, with another type of norms and biases. What layers add to has theirs: matrices in BF16 under
     * norms in F32 are a model that stays as it is while an adapter of it is trained.
     */
    public static LanguageModel load(Path directory, Device device, DType matrices, DType vectors) {
        ModelConfig config = config(directory);
        LibTorch.load();
        SequencedMap<String, Tensor> parameters = Checkpoint.load(
                directory,
                config,
                stored -> Memory.aligned(stored.to(device, stored.rank() >= 2 ? matrices : vectors)));
        if (!device.isCpu()) {
            JoinedWeights.lay(config, parameters); // a launch costs as much as a small product takes
        }
        return new LanguageModel(config, parameters);
    }

    /** The weights as they are stored, over the files' own memory, whatever their size: to be written, not to compute. */
    public static LanguageModel mapped(Path directory) {
        ModelConfig config = config(directory);
        LibTorch.load();
        return new LanguageModel(config, Checkpoint.load(directory, config, stored -> stored));
    }

    private static ModelConfig config(Path directory) {
        if (directory.toString().endsWith(".gguf")) {
            throw new InputException(directory + " is a GGUF file: `cogent import " + directory
                    + " -o DIR` makes a Hugging Face directory of it");
        }
        if (!Files.isDirectory(directory)) {
            throw new InputException("no directory " + directory + ": give a Hugging Face model directory");
        }
        return ModelConfig.read(directory.resolve("config.json"));
    }

    /**
     * Random weights as Hugging Face initialises them: normal with the config's {@code initializer_range} in matrices,
     * a gain of one in norms, zero in biases. The seed and the parameter's place decide them.
     */
    public static LanguageModel create(ModelConfig config, long seed) {
        LibTorch.load();
        SequencedMap<String, Tensor> parameters = new LinkedHashMap<>();
        try (Scope _ = Scope.open()) {
            ParameterShapes.of(config).forEach((name, shape) -> {
                long own = 31 * seed + parameters.size();
                Tensor value = shape.length >= 2
                        ? Tensors.randn(own, shape).mul_(config.initializerRange())
                        : vector(config, name, own, shape);
                parameters.put(name, value.retained());
            });
        }
        return new LanguageModel(config, parameters);
    }

    private static Tensor vector(ModelConfig config, String name, long seed, long... shape) {
        if (name.endsWith(".A_log")) { // rates of forgetting of 0.01 to 16
            return Tensors.rand(seed, shape).mul_(15.99).add_(0.01).log();
        }
        boolean whole = name.endsWith(".dt_bias") || name.contains(ParameterShapes.LINEAR);
        return Tensors.full(name.endsWith(".bias") ? 0 : whole ? 1 : 1 - config.normOffset(), DType.F32, shape);
    }

    public ModelConfig config() {
        return config;
    }

    public Decoder decoder() {
        return decoder;
    }

    /** The weights by Hugging Face name, in its order; a tied output matrix is not repeated. */
    public SequencedMap<String, Tensor> parameters() {
        return parameters;
    }

    /**
     * Checks that every token has a row in the embedding.
     *
     * @throws InputException when the tokenizer is larger
     */
    public void requireFits(Tokenizer tokenizer) {
        requireFits(config, tokenizer);
    }

    /** The same before the model is loaded. */
    public static void requireFits(ModelConfig config, Tokenizer tokenizer) {
        if (tokenizer.vocabSize() > config.vocabSize()) {
            throw new InputException(
                    "the tokenizer of %s has %d tokens, the model's embedding only %d rows: they do not belong together"
                            .formatted(tokenizer.directory(), tokenizer.vocabSize(), config.vocabSize()));
        }
    }

    /**
     * Saves a directory that transformers, vLLM and llama.cpp load. It is written beside the target and then takes its
     * place, so that no reader ever sees half a model. What is hidden beside it, {@code .NAME.tmp} and {@code .NAME.old},
     * is this method's own.
     *
     * @param stored element type of the file
     * @param tokenizer whose files go along, as they are but for the token that ends a turn ({@link TurnEnd}); or none
     */
    public void save(Path target, DType stored, @Nullable Tokenizer tokenizer) throws IOException {
        save(target, stored, tokenizer, Checkpoint.SHARD_BYTES);
    }

    void save(Path target, DType stored, @Nullable Tokenizer tokenizer, long shardBytes) throws IOException {
        if (tokenizer != null) {
            requireFits(tokenizer);
        }
        Uninterrupted.run(() -> write(target, stored, tokenizer, shardBytes));
    }

    private void write(Path target, DType stored, @Nullable Tokenizer tokenizer, long shardBytes) throws IOException {
        Path temporary = target.resolveSibling("." + target.getFileName() + ".tmp");
        delete(temporary);
        Files.createDirectories(temporary);
        Files.writeString(temporary.resolve("config.json"), pretty(config.storedAs(stored)));
        Checkpoint.save(temporary, parameters, stored, shardBytes);
        Checksums.write(temporary, ".safetensors");
        if (tokenizer != null) {
            tokenizer.copyTo(temporary);
        }
        if (!Files.exists(temporary.resolve("generation_config.json"))) {
            Files.writeString(temporary.resolve("generation_config.json"), pretty(generationConfig()));
        }
        if (tokenizer != null) {
            TurnEnd.declare(temporary, tokenizer);
        }
        Path old = target.resolveSibling("." + target.getFileName() + ".old");
        delete(old);
        if (Files.exists(target)) {
            Files.move(target, old, StandardCopyOption.ATOMIC_MOVE);
        }
        Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
        delete(old);
    }

    private ObjectNode generationConfig() {
        ObjectNode json = JSON.createObjectNode();
        for (String key : new String[] {"bos_token_id", "eos_token_id", "pad_token_id"}) {
            if (config.source().hasNonNull(key)) {
                json.set(key, config.source().get(key));
            }
        }
        return json;
    }

    private static String pretty(tools.jackson.databind.JsonNode json) {
        return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(json) + "\n";
    }

    private static void delete(Path directory) throws IOException {
        if (Files.exists(directory)) {
            try (Stream<Path> files = Files.walk(directory)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    /** Frees the weights. */
    @Override
    public void close() {
        decoder.close();
        parameters.values().forEach(Tensor::close);
    }
}
