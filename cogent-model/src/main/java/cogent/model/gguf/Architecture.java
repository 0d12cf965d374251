package cogent.model.gguf;

import cogent.data.InputException;
import cogent.model.hf.ModelConfig;
import cogent.model.hf.Rope;
import cogent.model.hf.RopeSettings;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The families that llama.cpp computes as they are computed here: its names for them, what their files say beside what all
 * files say, and what its graph of one lacks.
 */
enum Architecture {
    LLAMA(
            "llama",
            "LlamaForCausalLM",
            "llama",
            Set.of("linear", "yarn", "llama3"),
            Trait.TURNS_NEIGHBOURS,
            Trait.BIASES),

    /** Queries, keys and values always have biases. */
    QWEN2("qwen2", "Qwen2ForCausalLM", "qwen2", Set.of("linear", "yarn"), Trait.BIASES),

    QWEN3("qwen3", "Qwen3ForCausalLM", "qwen3", Set.of("linear", "yarn")),

    /** Every layer has experts there, and the weights of a token's always add up to one. */
    QWEN3_MOE("qwen3moe", "Qwen3MoeForCausalLM", "qwen3_moe", Set.of("linear", "yarn")) {
        @Override
        Set<String> computes() {
            return Set.of("expert_count");
        }

        @Override
        void require(ModelConfig config) {
            if (config.experts().layers().contains(false)) {
                throw lacks("layers without experts (mlp_only_layers, decoder_sparse_step)");
            }
            if (!config.experts().normalised() && config.experts().perToken() > 1) {
                throw lacks("norm_topk_prob false");
            }
        }

        @Override
        void say(ModelConfig config, BiConsumer<String, Object> file) {
            file.accept("expert_count", config.experts().count());
            file.accept("expert_used_count", config.experts().perToken());
            file.accept("expert_feed_forward_length", config.experts().intermediateSize());
        }

        @Override
        void read(Keys file, ObjectNode json) {
            json.put("num_experts", file.whole("expert_count"))
                    .put("num_experts_per_tok", file.whole("expert_used_count"))
                    .put("moe_intermediate_size", file.whole("expert_feed_forward_length"))
                    .put("norm_topk_prob", true)
                    .put("decoder_sparse_step", 1);
            json.putArray("mlp_only_layers");
        }
    },

    /** Most layers are gated delta rules. */
    QWEN3_5("qwen35", "Qwen3_5ForCausalLM", "qwen3_5_text", Set.of(), Trait.TURNS_A_PART, Trait.NORM_AFTER_ATTENTION) {
        private static final int INTERVAL = 4;

        @Override
        void require(ModelConfig config) {
            if (config.linear().any()
                    && config.linear().keyDim() != config.linear().valueDim()) {
                throw lacks("linear_value_head_dim other than linear_key_head_dim");
            }
            if (interval(config) == 0) {
                throw lacks("layers with attention at other than equal distances (layer_types)");
            }
        }

        private static int interval(ModelConfig config) {
            List<Boolean> linear = config.linear().layers();
            return Architecture.interval(linear.size(), layer -> !linear.get(layer));
        }

        @Override
        void say(ModelConfig config, BiConsumer<String, Object> file) {
            file.accept("ssm.conv_kernel", config.linear().kernel());
            file.accept("ssm.state_size", config.linear().keyDim());
            file.accept("ssm.group_count", config.linear().keyHeads());
            file.accept("ssm.time_step_rank", config.linear().valueHeads());
            file.accept("ssm.inner_size", Math.toIntExact(config.linear().values()));
            file.accept("full_attention_interval", interval(config));
            // how an image's places share the pairs; in a text all places are the same
            int pairs = config.rope().turned(config.headDim()) / 2;
            file.accept("rope.dimension_sections", new int[] {pairs - 2 * (pairs / 3), pairs / 3, pairs / 3, 0});
        }

        @Override
        void read(Keys file, ObjectNode json) {
            long valueHeads = file.whole("ssm.time_step_rank");
            json.put("linear_conv_kernel_dim", file.whole("ssm.conv_kernel"))
                    .put("linear_num_key_heads", file.whole("ssm.group_count"))
                    .put("linear_key_head_dim", file.whole("ssm.state_size"))
                    .put("linear_num_value_heads", valueHeads)
                    .put("linear_value_head_dim", file.whole("ssm.inner_size") / Math.max(1, valueHeads))
                    .put("full_attention_interval", file.whole("full_attention_interval", INTERVAL))
                    .put("attn_output_gate", true)
                    .put("mtp_num_hidden_layers", 0);
        }
    },

    /** Every fourth layer does not turn queries and keys there. */
    SMOLLM3("smollm3", "SmolLM3ForCausalLM", "smollm3", Set.of("linear", "yarn"), Trait.TURNS_NEIGHBOURS) {
        private static final int INTERVAL = 4;

        @Override
        void require(ModelConfig config) {
            for (int layer = 0; layer < config.layers(); layer++) {
                if (config.ropes().get(layer).equals(Rope.NONE) != ((layer + 1) % INTERVAL == 0)) {
                    throw lacks("no_rope_layers other than every fourth");
                }
            }
        }

        @Override
        void read(Keys file, ObjectNode json) {
            json.put("no_rope_layer_interval", INTERVAL);
        }
    },

    GRANITE(
            "granite",
            "GraniteForCausalLM",
            "granite",
            Set.of("linear", "yarn"),
            Trait.TURNS_NEIGHBOURS,
            Trait.BIASES) {
        @Override
        Set<String> computes() {
            return Set.of("logit_scale");
        }

        @Override
        void say(ModelConfig config, BiConsumer<String, Object> file) {
            file.accept("attention.scale", (float) config.multipliers().attention());
            file.accept("embedding_scale", (float) config.multipliers().embedding());
            file.accept("residual_scale", (float) config.multipliers().residual());
            file.accept("logit_scale", (float) (1 / config.multipliers().logits()));
        }

        @Override
        void read(Keys file, ObjectNode json) {
            if (!file.flag("rope.scaling.finetuned", true)) {
                throw file.refused(file.key("rope.scaling.finetuned") + " false is not supported");
            }
            json.put("attention_multiplier", file.number("attention.scale", 1))
                    .put("embedding_multiplier", file.number("embedding_scale", 1))
                    .put("residual_multiplier", file.number("residual_scale", 1))
                    .put("logits_scaling", file.number("logit_scale", 1));
        }
    },

    OLMO2("olmo2", "Olmo2ForCausalLM", "olmo2", Set.of("linear", "yarn"), Trait.NORM_AFTER_ATTENTION) {
        @Override
        void require(ModelConfig config) {
            if (config.tiedEmbeddings()) {
                throw lacks("embedding that makes the logits too (tie_word_embeddings)");
            }
        }

        @Override
        void read(Keys file, ObjectNode json) {
            if (file.whole("attention.sliding_window", 0) > 0) {
                throw file.refused("windows of OLMo 3 are not supported");
            }
        }
    },

    /** Windows are stated, and not computed there. */
    PHI3("phi3", "Phi3ForCausalLM", "phi3", Set.of("longrope"), Trait.TURNS_A_PART) {
        @Override
        void require(ModelConfig config) {
            if (config.heads() * config.headDim() != config.hiddenSize()) {
                throw lacks("heads that together are not hidden_size wide (head_dim)");
            }
        }

        @Override
        void say(ModelConfig config, BiConsumer<String, Object> file) {
            int window = config.windows().getFirst();
            file.accept("attention.sliding_window", window == ModelConfig.FULL ? 0 : window);
            RopeSettings rope = config.rope();
            file.accept("rope.scaling.original_context_length", (int) rope.originalPositions(config.maxPositions()));
            if (rope.type().equals("longrope")) {
                file.accept("rope.scaling.attn_factor", (float)
                        config.ropes().getFirst().scale());
            }
        }

        @Override
        void read(Keys file, ObjectNode json) {
            long window = file.whole("attention.sliding_window", 0);
            if (window > 0) {
                json.put("sliding_window", window);
            }
            json.put(
                    "original_max_position_embeddings",
                    file.whole("rope.scaling.original_context_length", file.whole("context_length")));
        }
    },

    /** The base of layers with a window stands apart, else it is 10,000; every sixth layer sees everything unless said. */
    GEMMA3("gemma3", "Gemma3ForCausalLM", "gemma3_text", Set.of("linear"), Trait.WINDOWS, Trait.NORM_AFTER_ATTENTION) {
        private static final int INTERVAL = 6;
        private static final int OF_27B = 62;

        @Override
        void require(ModelConfig config) {
            double scale = Math.pow(
                    (double) scalar(config.layers(), config.hiddenSize(), config.heads(), config.headDim()), -0.5);
            if (Math.abs(config.multipliers().attention() / scale - 1) > 1e-6) {
                throw lacks("query_pre_attn_scalar other than head_dim");
            }
            if (interval(config) == 0) {
                throw lacks("windows other than in all layers but every n-th (layer_types)");
            }
            if (!config.slidingRope().type().equals("default")) {
                throw lacks("scaling of positions in layers with a window (rope_parameters.sliding_attention)");
            }
        }

        // llama.cpp tells the model of 27B by its layers
        private static long scalar(long layers, long hidden, long heads, long headDim) {
            return layers == OF_27B ? hidden / Math.max(1, heads) : headDim;
        }

        private static int interval(ModelConfig config) {
            List<Integer> windows = config.windows();
            return Architecture.interval(windows.size(), layer -> windows.get(layer) == ModelConfig.FULL);
        }

        @Override
        void say(ModelConfig config, BiConsumer<String, Object> file) {
            int window = config.windows().stream().min(Integer::compare).orElseThrow();
            file.accept("attention.sliding_window", window == ModelConfig.FULL ? config.maxPositions() : window);
            file.accept("attention.sliding_window_pattern", interval(config));
            file.accept("rope.freq_base_swa", (float) config.slidingRope().theta());
        }

        @Override
        void read(Keys file, ObjectNode json) {
            json.put("sliding_window", file.whole("attention.sliding_window"))
                    .put("rope_local_base_freq", file.number("rope.freq_base_swa", 10_000))
                    .put("hidden_activation", "gelu_pytorch_tanh")
                    .put(
                            "query_pre_attn_scalar",
                            scalar(
                                    file.layers(),
                                    file.whole("embedding_length"),
                                    file.whole("attention.head_count"),
                                    file.headDim()));
            if (!file.isList("attention.sliding_window_pattern")) {
                json.put("sliding_window_pattern", file.whole("attention.sliding_window_pattern", INTERVAL));
                return;
            }
            ArrayNode types = json.putArray("layer_types");
            file.flags("attention.sliding_window_pattern")
                    .forEach(slides -> types.add(slides ? "sliding_attention" : "full_attention"));
        }
    };

    private enum Trait {
        /** Queries and keys turn in pairs of neighbours, where Hugging Face turns halves of a head. */
        TURNS_NEIGHBOURS,
        /** Only a part of a head may turn. */
        TURNS_A_PART,
        /** Projections may have biases. */
        BIASES,
        /** Windows are computed. */
        WINDOWS,
        /** Hugging Face's {@code post_attention_layernorm} is called what it is, and not the norm before the MLP. */
        NORM_AFTER_ATTENTION
    }

    /** Mistral's is llama's. */
    private static final String MISTRAL = "MistralForCausalLM";

    private final String theirs;
    private final String ours;
    private final String modelType;

    @SuppressWarnings("ImmutableEnumChecker") // made by Set.of
    private final Set<String> scalings;

    @SuppressWarnings("ImmutableEnumChecker")
    private final Set<Trait> traits;

    /** @param scalings of rotary positions that it computes */
    Architecture(String theirs, String ours, String modelType, Set<String> scalings, Trait... traits) {
        this.theirs = theirs;
        this.ours = ours;
        this.modelType = modelType;
        this.scalings = scalings;
        this.traits = Set.of(traits);
    }

    /** @throws InputException when llama.cpp does not compute such models, or not this one, as they are computed here */
    static Architecture of(ModelConfig config) {
        String wanted = config.architecture().equals(MISTRAL) ? LLAMA.ours : config.architecture();
        Architecture found = Arrays.stream(values())
                .filter(one -> one.ours.equals(wanted))
                .findFirst()
                .orElseThrow(() -> new InputException("export to GGUF of " + config.architecture()
                        + " is not supported; supported are "
                        + Stream.concat(
                                        Stream.of(MISTRAL),
                                        Arrays.stream(values()).map(one -> one.ours))
                                .sorted()
                                .collect(Collectors.joining(", "))
                        + ". llama.cpp's convert_hf_to_gguf.py converts the Hugging Face directory"));
        String scaling = config.rope().type();
        if (!scaling.equals("default") && !found.scalings.contains(scaling)) {
            throw found.lacks(scaling + " rope scaling");
        }
        if (!found.traits.contains(Trait.BIASES) && (config.qkvBias() || config.outputBias() || config.mlpBias())) {
            throw found.lacks("attention_bias and mlp_bias");
        }
        found.require(config);
        return found;
    }

    /** @throws InputException when it is none that is read */
    static Architecture of(Gguf gguf) {
        String name = gguf.text("general.architecture").orElse("");
        return Arrays.stream(values())
                .filter(one -> one.theirs.equals(name))
                .findFirst()
                .orElseThrow(() -> new InputException(
                        gguf.file() + ": architecture \"" + name + "\" is not supported; supported are "
                                + Arrays.stream(values())
                                        .map(one -> one.theirs)
                                        .sorted()
                                        .collect(Collectors.joining(", "))));
    }

    /** What it is called in a file. */
    String theirs() {
        return theirs;
    }

    /** The class that Hugging Face loads it with. */
    String ours() {
        return ours;
    }

    /** Of Hugging Face's config. */
    String modelType() {
        return modelType;
    }

    /** A key of the file's metadata. */
    String key(String name) {
        return theirs + "." + name;
    }

    /** Whether queries and keys turn in pairs of neighbours, where Hugging Face turns halves of a head. */
    boolean turnsNeighbours() {
        return traits.contains(Trait.TURNS_NEIGHBOURS);
    }

    /** Whether only a part of a head may turn. */
    boolean turnsAPart() {
        return traits.contains(Trait.TURNS_A_PART);
    }

    /** Whether windows are computed. */
    boolean slides() {
        return traits.contains(Trait.WINDOWS);
    }

    /** What Hugging Face's {@code post_attention_layernorm} is called. */
    String secondNorm() {
        return traits.contains(Trait.NORM_AFTER_ATTENTION) ? "post_attention_norm" : "ffn_norm";
    }

    /** Keys that other architectures do not compute. */
    Set<String> computes() {
        return Set.of();
    }

    /** What llama.cpp tells by the number of layers alone. */
    boolean takenForOneOf70B(ModelConfig config) {
        return config.layers() == 80 && (this == QWEN2 || (this == LLAMA && config.heads() != config.kvHeads()));
    }

    /** @throws InputException when the model asks for what it does not compute */
    void require(ModelConfig config) {}

    /** Tells what files of this architecture say beyond others. */
    void say(ModelConfig config, BiConsumer<String, Object> file) {}

    /** Reads the same. */
    void read(Keys file, ObjectNode json) {}

    /** n where the n-th layer, the 2n-th and so on are of a kind and no others are; 0 where there is no such n. */
    private static int interval(int layers, IntPredicate ofTheKind) {
        return IntStream.rangeClosed(1, layers + 1)
                .filter(n ->
                        IntStream.range(0, layers).allMatch(layer -> ofTheKind.test(layer) == ((layer + 1) % n == 0)))
                .findFirst()
                .orElse(0);
    }

    InputException lacks(String what) {
        return new InputException("llama.cpp's " + theirs + " has no " + what);
    }
}
