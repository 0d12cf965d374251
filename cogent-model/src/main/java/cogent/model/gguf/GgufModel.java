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
import java.util.Map;
import java.util.SequencedMap;
import java.util.stream.IntStream;

/** Writes a model for llama.cpp: its names for the weights and for the shape, the tokenizer inside. */
public final class GgufModel {
    private static final Map<String, String> ARCHITECTURES = Map.of(
            "Qwen2ForCausalLM", "qwen2",
            "Qwen3ForCausalLM", "qwen3",
            "LlamaForCausalLM", "llama",
            "MistralForCausalLM", "llama");

    private static final Map<String, String> NAMES = Map.ofEntries(
            Map.entry("model.embed_tokens", "token_embd"),
            Map.entry("model.norm", "output_norm"),
            Map.entry("lm_head", "output"),
            Map.entry("self_attn.q_proj", "attn_q"),
            Map.entry("self_attn.k_proj", "attn_k"),
            Map.entry("self_attn.v_proj", "attn_v"),
            Map.entry("self_attn.o_proj", "attn_output"),
            Map.entry("self_attn.q_norm", "attn_q_norm"),
            Map.entry("self_attn.k_norm", "attn_k_norm"),
            Map.entry("mlp.gate_proj", "ffn_gate"),
            Map.entry("mlp.up_proj", "ffn_up"),
            Map.entry("mlp.down_proj", "ffn_down"),
            Map.entry("input_layernorm", "attn_norm"),
            Map.entry("post_attention_layernorm", "ffn_norm"));

    private final LanguageModel model;
    private final ModelConfig config;
    private final String architecture;
    private final RopeSettings rope;

    private GgufModel(LanguageModel model) {
        this.model = model;
        config = model.config();
        architecture = ARCHITECTURES.getOrDefault(config.architecture(), "");
        if (architecture.isEmpty()) {
            throw new InputException("export to GGUF of " + config.architecture() + " is not supported; supported are "
                    + String.join(", ", ARCHITECTURES.keySet().stream().sorted().toList())
                    + ". llama.cpp's convert_hf_to_gguf.py converts the Hugging Face directory");
        }
        rope = RopeSettings.of(config.source());
        if (!architecture.equals("llama") && (config.outputBias() || config.mlpBias())) {
            throw new InputException("llama.cpp's " + architecture + " has no attention_bias and no mlp_bias");
        }
        if (rope.type().equals("llama3") && !architecture.equals("llama")) {
            throw new InputException("llama.cpp's " + architecture + " has no llama3 rope scaling");
        }
    }

    /**
     * Writes one file; weights are converted as they are written.
     *
     * @param type of the matrices; vectors are F32
     * @throws InputException when llama.cpp has nothing that computes the same
     */
    public static void write(LanguageModel model, Tokenizer tokenizer, GgufType type, Path file) throws IOException {
        model.requireFits(tokenizer);
        GgufModel gguf = new GgufModel(model);
        try (Scope _ = Scope.open();
                var _ = GradMode.off()) {
            SequencedMap<String, Object> metadata = gguf.shape(type, tokenizer.directory());
            metadata.putAll(GgufTokenizer.metadata(tokenizer, model.config().vocabSize()));
            new GgufFile(metadata, gguf.tensors(type)).write(file);
        }
    }

    /**
     * How many positions the exported model is exact for: llama.cpp computes these architectures without windows, and up
     * to the window's length full attention is the same.
     */
    public static int contextLength(ModelConfig config) {
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

    private SequencedMap<String, Object> shape(GgufType type, Path directory) {
        SequencedMap<String, Object> about = new LinkedHashMap<>();
        about.put("general.architecture", architecture);
        about.put("general.type", "model");
        about.put(
                "general.name",
                String.valueOf(directory.toAbsolutePath().normalize().getFileName()));
        about.put("general.file_type", type.fileType());
        about.put("general.quantization_version", 2);
        about.put("general.alignment", GgufFile.ALIGNMENT);
        about.put(architecture + ".context_length", contextLength(config));
        about.put(architecture + ".embedding_length", config.hiddenSize());
        about.put(architecture + ".block_count", config.layers());
        about.put(architecture + ".feed_forward_length", config.intermediateSize());
        about.put(architecture + ".attention.head_count", config.heads());
        about.put(architecture + ".attention.head_count_kv", config.kvHeads());
        about.put(architecture + ".attention.key_length", config.headDim());
        about.put(architecture + ".attention.value_length", config.headDim());
        about.put(architecture + ".attention.layer_norm_rms_epsilon", (float) config.rmsNormEps());
        about.put(architecture + ".rope.dimension_count", config.headDim());
        about.put(architecture + ".rope.freq_base", (float) rope.theta());
        about.put(architecture + ".vocab_size", config.vocabSize());
        switch (rope.type()) {
            case "linear" -> {
                about.put(architecture + ".rope.scaling.type", "linear");
                about.put(architecture + ".rope.scaling.factor", (float)
                        rope.values().positive("factor"));
            }
            case "yarn" -> {
                for (String key : List.of("attention_factor", "beta_fast", "beta_slow", "mscale", "truncate")) {
                    if (rope.values().has(key)) {
                        throw new InputException("rope_scaling." + key + " of YaRN has no equal in GGUF");
                    }
                }
                about.put(architecture + ".rope.scaling.type", "yarn");
                about.put(architecture + ".rope.scaling.factor", (float)
                        rope.values().positive("factor"));
                about.put(architecture + ".rope.scaling.original_context_length", (int)
                        rope.originalPositions(config.maxPositions()));
            }
            default -> {
                // plain; llama3's factors are a tensor
            }
        }
        return about;
    }

    private List<GgufFile.Entry> tensors(GgufType type) {
        List<GgufFile.Entry> tensors = new ArrayList<>();
        if (rope.type().equals("llama3")) {
            tensors.add(new GgufFile.Entry(GgufConfig.ROPE_FACTORS, GgmlType.F32, ropeFactors()));
        }
        String output = name(config.tiedEmbeddings() ? ParameterShapes.EMBEDDING : ParameterShapes.OUTPUT);
        model.parameters().forEach((name, value) -> {
            String own = name(name);
            GgmlType stored = value.rank() == 1 ? GgmlType.F32 : type.of(own, value.size(-1), output, config.layers());
            tensors.add(new GgufFile.Entry(own, stored, reordered(name, value)));
        });
        return tensors;
    }

    /** {@code model.layers.3.self_attn.q_proj.weight} → {@code blk.3.attn_q.weight}. */
    static String name(String name) {
        String kind = name.substring(name.lastIndexOf('.'));
        String part = name.substring(0, name.length() - kind.length());
        String block = "";
        if (part.startsWith("model.layers.")) {
            String[] words = part.split("\\.", 4);
            block = "blk." + words[2] + ".";
            part = words[3];
        }
        return block + NAMES.get(part) + kind;
    }

    /** llama.cpp's llama turns neighbouring pairs where Hugging Face turns halves: the rows of q and k change places. */
    private Tensor reordered(String name, Tensor value) {
        boolean query = name.contains(".q_proj.");
        if (!architecture.equals("llama") || !(query || name.contains(".k_proj."))) {
            return value;
        }
        long heads = query ? config.heads() : config.kvHeads();
        long[] shape = value.shape();
        long columns = value.rank() == 1 ? 1 : shape[1];
        return value.reshape(heads, 2, config.headDim() / 2, columns)
                .transpose(1, 2)
                .reshape(shape);
    }

    /** By what the plain frequencies are divided. */
    private Tensor ropeFactors() {
        List<Double> scaled = config.ropes().getFirst().frequencies();
        double[] plain = rope.frequencies(config.headDim());
        float[] factors = new float[plain.length];
        for (int i = 0; i < factors.length; i++) {
            factors[i] = (float) (plain[i] / scaled.get(i));
        }
        return Tensors.of(factors, factors.length);
    }
}
