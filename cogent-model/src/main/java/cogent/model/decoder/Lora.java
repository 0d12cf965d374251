package cogent.model.decoder;

import cogent.data.InputException;
import cogent.model.hf.LinearAttention;
import cogent.model.hf.ModelConfig;
import cogent.model.hf.Projections;
import cogent.model.hf.Safetensors;
import cogent.model.hf.SafetensorsWriter;
import cogent.model.tensor.DType;
import cogent.model.tensor.GradMode;
import cogent.model.tensor.Memory;
import cogent.model.tensor.Scope;
import cogent.model.tensor.Tensor;
import cogent.model.tensor.Tensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * A low-rank adapter of a model (Hu et al., 2021), in PEFT's file format. The model's own {@link LanguageModel#decoder()}
 * stays without it, so it serves as the reference while {@link #decoder()} is trained.
 */
public final class Lora implements AutoCloseable {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String CONFIG = "adapter_config.json";
    private static final String WEIGHTS = "adapter_model.safetensors";
    private static final String PREFIX = "base_model.model.";
    private static final String A = ".lora_A.weight";
    private static final String B = ".lora_B.weight";

    /** What PEFT can do and this does not. */
    private static final List<String> UNSUPPORTED = List.of(
            "use_dora",
            "use_qalora",
            "lora_bias",
            "fan_in_fan_out",
            "modules_to_save",
            "rank_pattern",
            "alpha_pattern",
            "layer_replication",
            "layers_to_transform",
            "exclude_modules",
            "target_parameters",
            "trainable_token_indices",
            "alora_invocation_tokens",
            "arrow_config");

    /** Ways to begin that move a part of the base weights into the adapter: it then belongs to other base weights. */
    private static final List<String> MOVES_THE_BASE = List.of("pissa", "olora", "loftq", "corda");

    /**
     * @param rank of the added matrices
     * @param alpha their weight is alpha / rank, or alpha / √rank with rsLoRA (Kalajdzievski, 2023)
     * @param dropout probability with which an element of an adapter's input is zeroed in training, 0 to below 1; not
     *     together with recomputation, which would draw anew
     * @param targets which linear layers, by the last part of their name ({@code q_proj}, …); layers that lie in one matrix are
     *     meant by the names of all of them too
     */
    public record Settings(int rank, double alpha, boolean rsLora, double dropout, Set<String> targets) {
        /** The seven linear layers of every block that looks back. */
        public static final Set<String> ALL_LINEAR =
                Set.of("q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj");

        /** Of a block that remembers, besides those of its feed-forward part. */
        private static final Set<String> REMEMBERING = Stream.concat(
                        LinearAttention.PROJECTIONS.stream(), Stream.of("out_proj"))
                .collect(Collectors.toUnmodifiableSet());

        private static final Set<String> ATTENTION = Set.of("q_proj", "k_proj", "v_proj", "o_proj");

        /** The names that a layer can have. */
        public static final Set<String> NAMES = Stream.of(
                        ALL_LINEAR, REMEMBERING, Projections.FUSED.qkv(), Projections.FUSED.gateUp())
                .flatMap(Collection::stream)
                .collect(Collectors.toUnmodifiableSet());

        public Settings {
            targets = Set.copyOf(targets);
            if (rank < 1) {
                throw new InputException("LoRA rank must be at least 1, not " + rank);
            }
            if (!(dropout >= 0 && dropout < 1)) {
                throw new InputException("LoRA dropout must be 0 to below 1, not " + dropout);
            }
            if (targets.isEmpty() || !NAMES.containsAll(targets)) {
                throw new InputException("LoRA targets " + targets + " must be some of " + NAMES);
            }
        }

        /** All linear layers of all blocks of a model. */
        public static Set<String> allLinear(ModelConfig config) {
            return config.linear().any()
                    ? Stream.concat(ALL_LINEAR.stream(), REMEMBERING.stream()).collect(Collectors.toUnmodifiableSet())
                    : ALL_LINEAR;
        }

        /** @throws InputException when a model does not have the layers that are named */
        public void requireFit(ModelConfig config) {
            in(config);
        }

        /** The same with the names that the layers have in a model, where some lie in one matrix. */
        private Settings in(ModelConfig config) {
            if (config.experts().any() && !ATTENTION.containsAll(targets)) {
                throw new InputException(
                        "LoRA targets %s: no adapter lies on experts, and feed-forward layers are some here;"
                                        .formatted(targets)
                                + " name some of " + ATTENTION);
            }
            if (!config.linear().any() && targets.stream().anyMatch(REMEMBERING::contains)) {
                throw new InputException("LoRA targets %s: no layer of this model has linear attention, as %s ask for"
                        .formatted(targets, REMEMBERING.stream().sorted().toList()));
            }
            Projections here = config.projections();
            Projections elsewhere = here == Projections.FUSED ? Projections.SEPARATE : Projections.FUSED;
            Set<String> named = new HashSet<>(targets);
            rename(named, elsewhere.qkv(), here.qkv());
            rename(named, elsewhere.gateUp(), here.gateUp());
            return new Settings(rank, alpha, rsLora, dropout, named);
        }

        private static void rename(Set<String> targets, List<String> names, List<String> here) {
            if (targets.containsAll(names)) {
                names.forEach(targets::remove);
                targets.addAll(here);
            }
            if (names.stream().anyMatch(targets::contains)) {
                throw new InputException("LoRA targets %s: this model has %s in %s; name all of them, or that"
                        .formatted(targets, String.join(", ", names), String.join(", ", here)));
            }
        }

        double scale() {
            return alpha / (rsLora ? Math.sqrt(rank) : rank);
        }
    }

    private final LanguageModel model;
    private final Settings settings;
    private final SequencedMap<String, Tensor> parameters;
    private final Decoder decoder;

    private Lora(LanguageModel model, Settings settings, SequencedMap<String, Tensor> parameters) {
        this.model = model;
        this.settings = settings;
        this.parameters = Collections.unmodifiableSequencedMap(parameters);
        Map<String, Linear.LowRank> adapters = new HashMap<>();
        for (String layer : layers(model, settings.targets)) {
            adapters.put(
                    layer,
                    new Linear.LowRank(
                            parameter(layer + A), parameter(layer + B), settings.scale(), settings.dropout()));
        }
        decoder = new Decoder(model.config(), model.parameters(), adapters);
    }

    /** A new adapter, which changes nothing yet: A is uniform in ±1/√in as PEFT has it, B is zero. */
    public static Lora create(LanguageModel model, Settings wanted, long seed) {
        Settings settings = wanted.in(model.config());
        SequencedMap<String, Tensor> parameters = new LinkedHashMap<>();
        try (Scope _ = Scope.open()) {
            shapes(model, settings).forEach((name, shape) -> {
                Tensor value = name.endsWith(B)
                        ? Tensors.zeros(DType.F32, shape)
                        : Tensors.rand(31 * seed + parameters.size(), shape)
                                .mul_(2.0)
                                .add_(-1.0)
                                .div_(Math.sqrt((double) shape[1]));
                Tensor placed = value.to(model.decoder().embedding().device(), DType.F32);
                parameters.put(name, placed.retained().requiresGrad(true));
            });
        }
        return new Lora(model, settings, parameters);
    }

    /**
     * Loads an adapter that PEFT or this wrote.
     *
     * @throws InputException when it is none, uses what is not supported, or does not fit the model
     */
    public static Lora load(LanguageModel model, Path directory) {
        Settings settings = settings(directory.resolve(CONFIG), model.config()).in(model.config());
        Safetensors file = Safetensors.open(directory.resolve(WEIGHTS));
        SequencedMap<String, long[]> shapes = shapes(model, settings);
        for (String name : file.entries().keySet()) {
            if (!name.startsWith(PREFIX) || !shapes.containsKey(name.substring(PREFIX.length()))) {
                throw new InputException(directory + ": the adapter's " + name + " has no place in the model");
            }
        }
        SequencedMap<String, Tensor> parameters = new LinkedHashMap<>();
        try (Scope _ = Scope.open();
                var _ = GradMode.off()) {
            shapes.forEach((name, shape) -> {
                Tensor value = file.tensor(PREFIX + name);
                if (!Arrays.equals(value.shape(), shape)) {
                    throw new InputException("%s: %s is %s, the model asks for %s"
                            .formatted(directory, name, Arrays.toString(value.shape()), Arrays.toString(shape)));
                }
                Tensor placed =
                        Memory.aligned(value.to(model.decoder().embedding().device(), DType.F32));
                parameters.put(name, placed.retained().requiresGrad(true));
            });
        }
        return new Lora(model, settings, parameters);
    }

    /** The model with the adapter on; the base weights are shared, not copied. */
    public Decoder decoder() {
        return decoder;
    }

    public Settings settings() {
        return settings;
    }

    /** What is trained, by the layer's name and {@code .lora_A.weight} or {@code .lora_B.weight}. */
    public SequencedMap<String, Tensor> parameters() {
        return parameters;
    }

    /** Adds the adapter into the model's own weights, for good: without a second copy of them. */
    public void merge() {
        try (Scope _ = Scope.open();
                var _ = GradMode.off()) {
            for (String layer : layers(model, settings.targets)) {
                Tensor weight = Objects.requireNonNull(model.parameters().get(layer + ".weight"));
                if (weight.dtype() == DType.F32) {
                    weight.addmm_(parameter(layer + B), parameter(layer + A), 1, settings.scale());
                } else { // rounded once, to the type that the weights have
                    Tensor sum = weight.to(DType.F32);
                    weight.copy_(sum.addmm_(parameter(layer + B), parameter(layer + A), 1, settings.scale()));
                    sum.close();
                }
            }
        }
    }

    /** Writes {@code adapter_config.json} and {@code adapter_model.safetensors}. */
    public void save(Path directory, String baseModel) throws IOException {
        Files.createDirectories(directory);
        SequencedMap<String, Tensor> named = new LinkedHashMap<>();
        parameters.forEach((name, value) -> named.put(PREFIX + name, value));
        SafetensorsWriter.write(directory.resolve(WEIGHTS), named, DType.F32, Map.of("format", "pt"));
        ObjectNode json = JSON.createObjectNode();
        json.put("peft_type", "LORA");
        json.put("task_type", "CAUSAL_LM");
        json.put("base_model_name_or_path", baseModel);
        json.put("inference_mode", true);
        json.put("r", settings.rank);
        json.put("lora_alpha", settings.alpha);
        json.put("lora_dropout", settings.dropout);
        json.put("use_rslora", settings.rsLora);
        json.put("bias", "none");
        var targets = json.putArray("target_modules");
        settings.targets.stream().sorted().forEach(targets::add);
        Files.writeString(
                directory.resolve(CONFIG), JSON.writerWithDefaultPrettyPrinter().writeValueAsString(json) + "\n");
    }

    private Tensor parameter(String name) {
        return Objects.requireNonNull(parameters.get(name), name);
    }

    private static List<String> layers(LanguageModel model, Set<String> targets) {
        return model.parameters().keySet().stream()
                .filter(name -> name.endsWith(".weight"))
                .map(name -> name.substring(0, name.length() - ".weight".length()))
                .filter(name -> targets.contains(name.substring(name.lastIndexOf('.') + 1)))
                .toList();
    }

    private static SequencedMap<String, long[]> shapes(LanguageModel model, Settings settings) {
        SequencedMap<String, long[]> shapes = new LinkedHashMap<>();
        for (String layer : layers(model, settings.targets)) {
            long[] weight = Objects.requireNonNull(model.parameters().get(layer + ".weight"))
                    .shape();
            shapes.put(layer + A, new long[] {settings.rank, weight[1]});
            shapes.put(layer + B, new long[] {weight[0], settings.rank});
        }
        return shapes;
    }

    private static Settings settings(Path file, ModelConfig config) {
        JsonNode json;
        try {
            json = JSON.readTree(Files.readString(file));
        } catch (JacksonException e) {
            throw new InputException(file + " is not JSON: " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw InputException.unreadable(file, e);
        }
        if (!json.path("peft_type").asString("").equals("LORA")) {
            throw new InputException(file + ": peft_type " + json.path("peft_type") + " is not supported, only LORA");
        }
        for (String key : UNSUPPORTED) {
            JsonNode value = json.path(key);
            boolean off = value.isMissingNode() || value.isNull() || (value.isContainer() && value.isEmpty());
            if (!off && !(value.isBoolean() && !value.asBoolean())) {
                throw new InputException(file + ": " + key + " " + value + " is not supported");
            }
        }
        String begun = json.path("init_lora_weights").asString("");
        if (MOVES_THE_BASE.stream().anyMatch(begun::startsWith)) {
            throw new InputException(
                    file + ": init_lora_weights " + begun + " changes the base model too; convert it to a"
                            + " plain adapter with PEFT (path_initial_model_for_weight_conversion)");
        }
        if (!json.path("bias").asString("none").equals("none")) {
            throw new InputException(file + ": bias " + json.get("bias") + " is not supported");
        }
        JsonNode targets = json.path("target_modules");
        if (targets.asString("").equals("all-linear")) {
            targets = JSON.valueToTree(Settings.allLinear(config));
        }
        if (!targets.isArray()) {
            throw new InputException(file + ": target_modules must be a list of layer names, not " + targets);
        }
        return new Settings(
                json.path("r").asInt(8),
                json.path("lora_alpha").asDouble(8),
                json.path("use_rslora").asBoolean(false),
                json.path("lora_dropout").asDouble(0),
                Set.copyOf(targets.valueStream().map(JsonNode::asString).toList()));
    }

    /** Frees the adapter; the model stays. */
    @Override
    public void close() {
        decoder.close();
        parameters.values().forEach(Tensor::close);
    }
}
