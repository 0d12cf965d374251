package cogent.model.gguf;

import cogent.data.InputException;
import cogent.model.decoder.LanguageModel;
import cogent.model.hf.ModelConfig;
import cogent.model.hf.ParameterShapes;
import cogent.model.hf.RopeSettings;
import cogent.model.tensor.DType;
import cogent.model.tensor.GradMode;
import cogent.model.tensor.Scope;
import cogent.model.tensor.Tensor;
import cogent.model.tensor.Tensors;
import cogent.model.text.Tokenizer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.stream.IntStream;

/** Writes a model for llama.cpp: its names for the weights and for the shape, the tokenizer inside. */
public final class GgufModel {
    private final LanguageModel model;
    private final ModelConfig config;
    private final Architecture architecture;
    private final RopeSettings rope;

    private GgufModel(LanguageModel model) {
        this.model = model;
        config = model.config();
        architecture = Architecture.of(config);
        rope = config.rope();
    }

    /**
     * Writes one file; weights are converted as they are written.
     *
     * @param name that the file gives the model
     * @param type of the matrices; vectors are F32
     * @throws InputException when llama.cpp has nothing that computes the same
     */
    public static void write(String name, LanguageModel model, Tokenizer tokenizer, GgufType type, Path file)
            throws IOException {
        model.requireFits(tokenizer);
        GgufModel gguf = new GgufModel(model);
        try (Scope _ = Scope.open();
                var _ = GradMode.off()) {
            SequencedMap<String, Object> metadata = gguf.shape(type, GgufTokenizer.named(name, tokenizer));
            metadata.putAll(GgufTokenizer.metadata(tokenizer, model.config().vocabSize()));
            new GgufFile(metadata, gguf.tensors(type)).write(file);
        }
    }

    /**
     * How many positions the exported model is exact for: llama.cpp computes most architectures without windows, and up
     * to the window's length full attention is the same.
     */
    public static int contextLength(ModelConfig config) {
        if (Architecture.of(config).slides()) {
            return config.maxPositions();
        }
        return IntStream.concat(
                        IntStream.of(config.maxPositions()),
                        config.windows().stream().mapToInt(Integer::intValue))
                .min()
                .orElseThrow();
    }

    /** The type nearest to how the model is stored. */
    public static GgufType natural(ModelConfig config) {
        return config.dtype() == DType.BF16 ? GgufType.BF16 : GgufType.F16;
    }

    private SequencedMap<String, Object> shape(GgufType type, String name) {
        SequencedMap<String, Object> about = new LinkedHashMap<>();
        about.put("general.architecture", architecture.theirs());
        about.put("general.type", "model");
        about.put("general.name", name);
        about.put("general.file_type", type.fileType());
        about.put("general.quantization_version", 2);
        about.put("general.alignment", GgufFile.ALIGNMENT);
        about.put(architecture.key("context_length"), contextLength(config));
        about.put(architecture.key("embedding_length"), config.hiddenSize());
        about.put(architecture.key("block_count"), config.layers());
        about.put(architecture.key("feed_forward_length"), config.intermediateSize());
        about.put(architecture.key("attention.head_count"), config.heads());
        about.put(architecture.key("attention.head_count_kv"), config.kvHeads());
        about.put(architecture.key("attention.key_length"), config.headDim());
        about.put(architecture.key("attention.value_length"), config.headDim());
        about.put(architecture.key("attention.layer_norm_rms_epsilon"), (float) config.rmsNormEps());
        about.put(architecture.key("rope.dimension_count"), rope.turned(config.headDim()));
        about.put(architecture.key("rope.freq_base"), (float) rope.theta());
        about.put(architecture.key("vocab_size"), config.vocabSize());
        architecture.say(config, (key, value) -> about.put(architecture.key(key), value));
        switch (rope.type()) {
            case "linear" -> {
                about.put(architecture.key("rope.scaling.type"), "linear");
                about.put(architecture.key("rope.scaling.factor"), (float)
                        rope.values().positive("factor"));
            }
            case "yarn" -> yarn(about);
            default -> {
                // plain; the factors of others are tensors
            }
        }
        return about;
    }

    /** The ends of the blend are llama.cpp's own and rounded; how sharp attention is it takes from the file, as a part of its own. */
    private void yarn(SequencedMap<String, Object> about) {
        if (rope.values().positive("beta_fast", GgufConfig.BETA_FAST) != GgufConfig.BETA_FAST
                || rope.values().positive("beta_slow", GgufConfig.BETA_SLOW) != GgufConfig.BETA_SLOW) {
            throw architecture.lacks("YaRN with beta_fast and beta_slow other than 32 and 1");
        }
        if (!rope.values().flag("truncate", true)) {
            throw architecture.lacks("YaRN with truncate false");
        }
        double original = rope.originalPositions(config.maxPositions());
        double factor = rope.values().positive("factor", config.maxPositions() / original);
        about.put(architecture.key("rope.scaling.type"), "yarn");
        about.put(architecture.key("rope.scaling.factor"), (float) factor);
        about.put(architecture.key("rope.scaling.original_context_length"), (int) original);
        float attention = (float) (config.ropes().getFirst().scale() / GgufConfig.yarnAttention(factor));
        if (attention != 1) {
            about.put(architecture.key(GgufConfig.ATTENTION_FACTOR), attention);
        }
    }

    private List<GgufFile.Entry> tensors(GgufType type) {
        List<GgufFile.Entry> tensors = ropeFactors();
        String output = place(config.tiedEmbeddings() ? ParameterShapes.EMBEDDING : ParameterShapes.OUTPUT)
                .name();
        GgufType.Model whole = new GgufType.Model(
                output, config.layers(), config.experts().count(), architecture.takenForOneOf70B(config));
        SequencedMap<String, List<Tensor>> stacks = new LinkedHashMap<>();
        model.parameters().forEach((name, value) -> {
            Place place = place(name);
            Tensor there = place.there(value);
            GgmlType stored = there.rank() == 1 ? GgmlType.F32 : type.of(place.name(), there.size(-1), whole);
            if (!place.stacked()) {
                tensors.add(new GgufFile.Entry(place.name(), stored, there));
                return;
            }
            List<Tensor> parts = stacks.computeIfAbsent(place.name(), _ -> new ArrayList<>());
            parts.add(there); // experts stand in their order
            if (parts.size() == config.experts().count()) {
                tensors.add(new GgufFile.Entry(place.name(), stored, parts, true));
            }
        });
        return tensors;
    }

    private Place place(String name) {
        return Place.of(name, config, architecture);
    }

    /** By what the plain frequencies are divided. */
    private List<GgufFile.Entry> ropeFactors() {
        List<GgufFile.Entry> tensors = new ArrayList<>();
        if (rope.type().equals("llama3")) {
            double[] plain = rope.frequencies(config.headDim());
            List<Double> scaled = config.ropes().getFirst().frequencies();
            tensors.add(factors(
                    GgufConfig.ROPE_FACTORS,
                    IntStream.range(0, plain.length)
                            .mapToObj(i -> plain[i] / scaled.get(i))
                            .toList()));
        } else if (rope.type().equals("longrope")) {
            int pairs = rope.turned(config.headDim()) / 2;
            tensors.add(factors(GgufConfig.LONG_FACTORS, rope.values().numbers("long_factor", pairs)));
            tensors.add(factors(GgufConfig.SHORT_FACTORS, rope.values().numbers("short_factor", pairs)));
        }
        return tensors;
    }

    private static GgufFile.Entry factors(String name, List<Double> values) {
        float[] factors = new float[values.size()];
        for (int i = 0; i < factors.length; i++) {
            factors[i] = values.get(i).floatValue();
        }
        return new GgufFile.Entry(name, GgmlType.F32, Tensors.of(factors, factors.length));
    }
}
