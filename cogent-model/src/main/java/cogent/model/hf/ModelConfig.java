package cogent.model.hf;

import cogent.data.InputException;
import cogent.model.tensor.DType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The shape of a decoder, as a {@code config.json} of Hugging Face says it. What the families differ in stands here as
 * values; {@code Decoder} has no cases for them.
 *
 * @param architecture the class name that Hugging Face loads it with, such as {@code Qwen2ForCausalLM}
 * @param qkvBias whether the query, key and value projections have a bias; {@code outputBias} the attention's output
 *     projection, {@code mlpBias} the three of the feed-forward part
 * @param qkNorm whether every query and key head is normalised (Qwen3)
 * @param windows for every layer how many positions back it sees, itself included; {@link #FULL} without limit
 * @param initializerRange standard deviation of random initial weights
 * @param dtype what the weights are stored as
 * @param source the whole file, written back when the model is saved
 */
public record ModelConfig(
        String architecture,
        int vocabSize,
        int hiddenSize,
        int intermediateSize,
        int layers,
        int heads,
        int kvHeads,
        int headDim,
        double rmsNormEps,
        Rope rope,
        boolean tiedEmbeddings,
        boolean qkvBias,
        boolean outputBias,
        boolean mlpBias,
        boolean qkNorm,
        List<Integer> windows,
        int maxPositions,
        double initializerRange,
        DType dtype,
        JsonNode source) {
    public static final int FULL = Integer.MAX_VALUE;

    private static final JsonMapper JSON = JsonMapper.builder().build();

    public ModelConfig {
        windows = List.copyOf(windows);
    }

    /**
     * Reads a {@code config.json}.
     *
     * @throws InputException when it is missing, malformed, or asks for something that this decoder does not do
     */
    public static ModelConfig read(Path file) {
        if (!Files.isRegularFile(file) && Files.isRegularFile(file.resolveSibling("adapter_config.json"))) {
            throw new InputException(file.getParent() + " is an adapter, not a model: merge it into its base model with"
                    + " `cogent export model BASE --adapter DIR --format huggingface --out MERGED`");
        }
        if (!Files.isRegularFile(file)) {
            throw new InputException("no " + file + ": a model is a Hugging Face directory with a config.json");
        }
        try {
            return of(JSON.readTree(Files.readString(file)));
        } catch (JacksonException e) {
            throw new InputException(file + " is not JSON: " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new InputException("cannot read " + file + ": " + e.getMessage(), e);
        } catch (InputException e) {
            throw new InputException(file + ": " + e.getMessage(), e);
        }
    }

    /** Reads the contents of a {@code config.json}, in the layout of transformers 4 or 5. */
    public static ModelConfig of(JsonNode json) {
        return new ConfigReader(json).read();
    }

    /** The contents of a {@code config.json} for weights that are stored as the given type. */
    public JsonNode storedAs(DType stored) {
        ObjectNode json = (ObjectNode) source.deepCopy();
        json.put(json.has("dtype") ? "dtype" : "torch_dtype", ConfigReader.name(stored));
        return json;
    }

    /** Weights of the model; a tied output matrix counts once. */
    public long parameters() {
        return ParameterShapes.of(this).values().stream()
                .mapToLong(shape -> {
                    long product = 1;
                    for (long n : shape) {
                        product *= n;
                    }
                    return product;
                })
                .sum();
    }
}
