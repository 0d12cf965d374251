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
 * @param normOffset what the weights of norms are added to: 1 in Gemma, else 0
 * @param ropes for every layer how it turns queries and keys
 * @param qkvBias whether the query, key and value projections have a bias; {@code outputBias} the attention's output
 *     projection, {@code mlpBias} the three of the feed-forward part
 * @param outputGate whether what attention sees is multiplied by the sigmoid of a gate; each head's gate stands behind its query
 *     in the query's projection
 * @param windows for every layer how many positions back it sees, itself included; {@link #FULL} without limit
 * @param initializerRange standard deviation of random initial weights
 * @param dtype what the weights are stored as
 * @param source the whole file, or that of its text part, written back when the model is saved
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
        double normOffset,
        NormPlacement norms,
        QkNorm qkNorm,
        Activation activation,
        Multipliers multipliers,
        List<Rope> ropes,
        boolean tiedEmbeddings,
        boolean qkvBias,
        boolean outputBias,
        boolean mlpBias,
        Projections projections,
        Experts experts,
        LinearAttention linear,
        boolean outputGate,
        List<Integer> windows,
        int maxPositions,
        double initializerRange,
        DType dtype,
        JsonNode source) {
    public static final int FULL = Integer.MAX_VALUE;

    private static final int MOST_LAYERS = 4096;
    private static final int LARGEST_HEAD = 1 << 14;
    private static final int LARGEST_HEADS = 1 << 20;
    private static final List<DType> STORED = List.of(DType.F32, DType.BF16, DType.F16);
    private static final List<String> UNSUPPORTED =
            List.of("logit_softcapping", "attn_logit_softcapping", "final_logit_softcapping", "per_layer_config");
    private static final List<String> DROPOUTS = List.of("attention_dropout", "embd_pdrop", "resid_pdrop");
    private static final JsonMapper JSON = JsonMapper.builder().build();

    public ModelConfig {
        ropes = List.copyOf(ropes);
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
        if (!Files.isRegularFile(file) && Files.isRegularFile(file.resolveSibling("recipe.yaml"))) {
            throw new InputException(file.getParent() + " is a run, not a model: its models lie in "
                    + file.resolveSibling("models") + ", one directory each");
        }
        if (!Files.isRegularFile(file)) {
            throw new InputException(
                    "no " + file + ": a model is a Hugging Face directory with a config.json; `cogent pull`"
                            + " prints that of a name on the hub, `cogent import` makes one of a GGUF file");
        }
        try {
            return of(JSON.readTree(Files.readString(file)));
        } catch (JacksonException e) {
            throw new InputException(file + " is not JSON: " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw InputException.unreadable(file, e);
        } catch (InputException e) {
            throw new InputException(file + ": " + e.getMessage(), e);
        }
    }

    /** Reads the contents of a {@code config.json}, in the layout of transformers 4 or 5. */
    public static ModelConfig of(JsonNode file) {
        JsonNode json = named(TextPart.of(file));
        ConfigValues config = new ConfigValues("", json);
        ConfigKinds.require(config);
        JsonNode architectures = json.path("architectures");
        String architecture = architectures.isArray() && architectures.size() == 1
                ? architectures.get(0).asString("")
                : "model_type " + config.text("model_type", "missing");
        Family family = Family.of(architecture);
        refuseUnsupported(config);
        int hidden = config.size("hidden_size");
        int heads = config.size("num_attention_heads");
        int kvHeads = config.size("num_key_value_heads", heads);
        if (heads % kvHeads != 0) {
            throw new InputException(
                    "num_attention_heads %d is not a multiple of num_key_value_heads %d".formatted(heads, kvHeads));
        }
        int headDim = config.size("head_dim", family.headDim() > 0 ? family.headDim() : hidden / heads);
        if (!config.has("head_dim") && family.headDim() == 0 && hidden % heads != 0) {
            throw new InputException(
                    "hidden_size %d is not a multiple of num_attention_heads %d, and there is no head_dim"
                            .formatted(hidden, heads));
        }
        config.limited("head_dim", headDim, LARGEST_HEAD);
        config.limited("num_attention_heads × head_dim", (long) heads * headDim, LARGEST_HEADS);
        if (headDim % 2 != 0) {
            throw new InputException("head_dim " + headDim + " is odd: rotary positions need pairs");
        }
        int layers = config.size("num_hidden_layers");
        config.limited("num_hidden_layers", layers, MOST_LAYERS);
        int maxPositions = config.size("max_position_embeddings", family.positions());
        LayerKinds kinds = family.kinds(config, layers);
        List<Rope> ropes = family.ropes(config, kinds, headDim, maxPositions);
        return new ModelConfig(
                architecture,
                config.size("vocab_size"),
                hidden,
                config.size("intermediate_size"),
                layers,
                heads,
                kvHeads,
                headDim,
                epsilon(config, family),
                family.normOffset(),
                family.norms(),
                family.qkNorm(),
                family.activation(config),
                family.multipliers(config, hidden, headDim),
                ropes,
                config.flag("tie_word_embeddings", family.tied()),
                family.qkvBias(config),
                family.attentionBias(config),
                family.mlpBias(config),
                family.projections(),
                family.experts(config, layers),
                family.linear(config, layers),
                family.outputGate(config),
                kinds.windows(),
                ropes.stream().mapToInt(Rope::positions).reduce(maxPositions, Math::min),
                config.number("initializer_range", 0.02),
                dtype(config),
                json);
    }

    /** With the class that transformers takes by {@code model_type} where none is named. */
    private static JsonNode named(JsonNode config) {
        JsonNode named = config.path("architectures");
        boolean none = named.isMissingNode() || named.isNull() || (named.isArray() && named.isEmpty());
        if (!none || !(config instanceof ObjectNode object) || config.hasNonNull("text_config")) {
            return config;
        }
        ObjectNode copy = object.deepCopy();
        Family.ofType(config.path("model_type").stringValue(""))
                .ifPresent(family -> copy.putArray("architectures").add(family.architecture()));
        return copy;
    }

    private static double epsilon(ConfigValues config, Family family) {
        double epsilon = config.number("rms_norm_eps", family.rmsNormEps());
        if (epsilon >= 1) {
            throw config.wrong("rms_norm_eps", "far below 1");
        }
        return epsilon;
    }

    /** What {@code Decoder} does not do is refused by name, so that nothing is half-loaded. */
    private static void refuseUnsupported(ConfigValues config) {
        if (config.has("quantization_config")) {
            throw new InputException(config.unsupported("quantization_config").getMessage()
                    + ": take the model that was not quantised, or its GGUF");
        }
        for (String key : UNSUPPORTED) {
            if (config.has(key)) {
                throw config.unsupported(key);
            }
        }
        for (String key : DROPOUTS) {
            if (config.number(key, 0) >= 1) {
                throw config.wrong(key, "below 1");
            }
        }
        if (config.flag("use_bidirectional_attention", false)) {
            throw config.unsupported("use_bidirectional_attention");
        }
        if (!config.flag("is_causal", true)) {
            throw config.unsupported("is_causal");
        }
    }

    private static DType dtype(ConfigValues config) {
        String key = config.has("dtype") ? "dtype" : "torch_dtype";
        String name = config.text(key, "auto").replace("torch.", "");
        if (name.equals("auto")) { // whatever the weights are
            return DType.F32;
        }
        return STORED.stream()
                .filter(type -> type.torchName().equals(name))
                .findFirst()
                .orElseThrow(() -> config.unsupported(key));
    }

    /** What the config says of the positions of layers that see everything. */
    public RopeSettings rope() {
        return Family.of(architecture).rope(new ConfigValues("", source));
    }

    /** The same of layers with a window, where they have settings of their own. */
    public RopeSettings slidingRope() {
        return Family.of(architecture).slidingRope(new ConfigValues("", source));
    }

    /** Dropout that it asks for in training, by key and share, such as Granite 3's {@code attention_dropout 0.1}; none is done here. */
    public List<String> dropouts() {
        ConfigValues config = new ConfigValues("", source);
        return DROPOUTS.stream()
                .filter(key -> config.number(key, 0) > 0)
                .map(key -> key + " " + source.get(key))
                .toList();
    }

    /** What a token goes through between gate and down of a layer, the mean over layers. */
    public double feedForwardWidth() {
        long mixed = experts.layers().stream().filter(has -> has).count();
        double ofMixed = (double) experts.perToken() * experts.intermediateSize();
        return (mixed * ofMixed + (layers - mixed) * (double) intermediateSize) / layers;
    }

    /** The contents of a {@code config.json} for weights that are stored as the given type. */
    public JsonNode storedAs(DType stored) {
        if (!STORED.contains(stored)) {
            throw new IllegalArgumentException("weights are not stored as " + stored);
        }
        ObjectNode json = (ObjectNode) source.deepCopy();
        json.put(json.has("dtype") ? "dtype" : "torch_dtype", stored.torchName());
        return json;
    }
}
