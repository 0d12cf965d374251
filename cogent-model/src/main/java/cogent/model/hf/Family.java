package cogent.model.hf;

import cogent.data.InputException;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.stream.Stream;

/** What an architecture fixes that its config does not say, and what it calls what it says; at first as Llama has it. */
enum Family {
    LLAMA("LlamaForCausalLM"),

    MISTRAL("MistralForCausalLM") {
        @Override
        Set<String> biasKeys() {
            return Set.of();
        }

        @Override
        int positions() {
            return 131_072;
        }

        @Override
        LayerKinds kinds(ConfigValues config, int layers) {
            return LayerKinds.of(config, layers, config.window(4096), _ -> true);
        }
    },

    QWEN2("Qwen2ForCausalLM") {
        @Override
        boolean qkvBias(ConfigValues config) {
            return true;
        }

        @Override
        Set<String> biasKeys() {
            return Set.of();
        }

        @Override
        int positions() {
            return 32_768;
        }

        @Override
        LayerKinds kinds(ConfigValues config, int layers) {
            return LayerKinds.of(config, layers, LayerKinds.switched(config, 4096), from(config));
        }
    },

    QWEN3("Qwen3ForCausalLM") {
        @Override
        Set<String> biasKeys() {
            return Set.of(ATTENTION_BIAS);
        }

        @Override
        int headDim() {
            return 128;
        }

        @Override
        QkNorm qkNorm() {
            return QkNorm.HEAD;
        }

        @Override
        int positions() {
            return 32_768;
        }

        @Override
        LayerKinds kinds(ConfigValues config, int layers) {
            return LayerKinds.of(config, layers, LayerKinds.switched(config, 4096), from(config));
        }
    },

    QWEN3_MOE("Qwen3MoeForCausalLM") {
        @Override
        Set<String> biasKeys() {
            return Set.of(ATTENTION_BIAS);
        }

        @Override
        QkNorm qkNorm() {
            return QkNorm.HEAD;
        }

        @Override
        int positions() {
            return 32_768;
        }

        @Override
        LayerKinds kinds(ConfigValues config, int layers) {
            return LayerKinds.everywhere(config, layers, LayerKinds.switched(config, 4096));
        }

        @Override
        Experts experts(ConfigValues config, int layers) {
            return Experts.of(config, layers);
        }
    },

    /** Most layers are gated delta rules; the others gate what they see. */
    QWEN3_5("Qwen3_5ForCausalLM") {
        @Override
        Set<String> biasKeys() {
            return Set.of(ATTENTION_BIAS);
        }

        @Override
        int headDim() {
            return 256;
        }

        @Override
        double normOffset() {
            return 1;
        }

        @Override
        QkNorm qkNorm() {
            return QkNorm.HEAD;
        }

        @Override
        int positions() {
            return 32_768;
        }

        @Override
        boolean turnsAPart() {
            return true;
        }

        @Override
        double turnedPart() {
            return 0.25;
        }

        @Override
        boolean outputGate(ConfigValues config) {
            if (!config.flag("attn_output_gate", true)) {
                throw config.unsupported("attn_output_gate");
            }
            return true;
        }

        @Override
        LayerKinds kinds(ConfigValues config, int layers) {
            return LayerKinds.full(layers);
        }

        @Override
        LinearAttention linear(ConfigValues config, int layers) {
            return LinearAttention.of(config, layers);
        }
    },

    /** Some layers do not turn queries and keys (NoPE, Kazemnejad et al., 2023); windows, where switched on, are theirs. */
    SMOLLM3("SmolLM3ForCausalLM") {
        @Override
        boolean tied() {
            return true;
        }

        @Override
        double theta() {
            return 2_000_000;
        }

        @Override
        int positions() {
            return 32_768;
        }

        @Override
        LayerKinds kinds(ConfigValues config, int layers) {
            List<Boolean> turned = LayerKinds.turned(config, layers);
            int window = LayerKinds.switched(config, ModelConfig.FULL);
            return LayerKinds.of(config, layers, window, layer -> !turned.get(layer));
        }

        @Override
        List<Rope> ropes(ConfigValues config, LayerKinds kinds, int headDim, int maxPositions) {
            Rope rope = Rope.of(rope(config), headDim, maxPositions);
            return LayerKinds.turned(config, kinds.layers()).stream()
                    .map(turned -> turned ? rope : Rope.NONE)
                    .toList();
        }
    },

    GRANITE("GraniteForCausalLM") {
        @Override
        Multipliers multipliers(ConfigValues config, int hidden, int headDim) {
            return new Multipliers(
                    config.positive("embedding_multiplier", 1),
                    config.positive("attention_multiplier", 1),
                    config.positive("residual_multiplier", 1),
                    1 / config.positive("logits_scaling", 1));
        }
    },

    OLMO2("Olmo2ForCausalLM") {
        @Override
        Set<String> biasKeys() {
            return Set.of(ATTENTION_BIAS);
        }

        @Override
        double rmsNormEps() {
            return 1e-5;
        }

        @Override
        NormPlacement norms() {
            return NormPlacement.AFTER;
        }

        @Override
        QkNorm qkNorm() {
            return QkNorm.PROJECTION;
        }
    },

    /** Phi-3, Phi-3.5 and Phi-4-mini. */
    PHI3("Phi3ForCausalLM") {
        @Override
        Set<String> biasKeys() {
            return Set.of();
        }

        @Override
        double rmsNormEps() {
            return 1e-5;
        }

        @Override
        int positions() {
            return 4096;
        }

        @Override
        Projections projections() {
            return Projections.FUSED;
        }

        @Override
        boolean turnsAPart() {
            return true;
        }

        @Override
        LayerKinds kinds(ConfigValues config, int layers) {
            return LayerKinds.everywhere(config, layers, config.window(ModelConfig.FULL));
        }

        @Override
        RopeSettings rope(ConfigValues config) {
            return super.rope(config).ofPhi(config);
        }
    },

    GEMMA3("Gemma3ForCausalLM") {
        @Override
        Set<String> biasKeys() {
            return Set.of(ATTENTION_BIAS);
        }

        @Override
        int headDim() {
            return 256;
        }

        @Override
        boolean tied() {
            return true;
        }

        @Override
        double normOffset() {
            return 1;
        }

        @Override
        NormPlacement norms() {
            return NormPlacement.BOTH;
        }

        @Override
        QkNorm qkNorm() {
            return QkNorm.HEAD;
        }

        @Override
        Activation activation(ConfigValues config) {
            if (!config.text("hidden_activation", "gelu_pytorch_tanh").equals("gelu_pytorch_tanh")) {
                throw config.unsupported("hidden_activation");
            }
            return Activation.GELU_TANH;
        }

        @Override
        Multipliers multipliers(ConfigValues config, int hidden, int headDim) {
            double attention = Math.pow(config.positive("query_pre_attn_scalar", 256), -0.5);
            return new Multipliers(Math.sqrt(hidden), attention, 1, 1);
        }

        @Override
        int positions() {
            return 131_072;
        }

        @Override
        LayerKinds kinds(ConfigValues config, int layers) {
            int window = config.window(4096);
            if (window == ModelConfig.FULL) { // its layers with a window have a rope of their own
                throw config.wrong("sliding_window", "a positive whole number");
            }
            int pattern = config.count("sliding_window_pattern", 6);
            return LayerKinds.of(config, layers, window, layer -> (layer + 1) % pattern != 0);
        }

        @Override
        RopeSettings rope(ConfigValues config) {
            return RopeSettings.ofFullLayers(config, 1_000_000);
        }

        @Override
        RopeSettings slidingRope(ConfigValues config) {
            return RopeSettings.ofSlidingLayers(config, 10_000);
        }

        @Override
        List<Rope> ropes(ConfigValues config, LayerKinds kinds, int headDim, int maxPositions) {
            Rope full = Rope.of(rope(config), headDim, maxPositions);
            Rope sliding = Rope.of(slidingRope(config), headDim, maxPositions);
            return kinds.slide().stream().map(slides -> slides ? sliding : full).toList();
        }
    };

    private static final String ATTENTION_BIAS = "attention_bias";
    private static final String MLP_BIAS = "mlp_bias";

    private final String architecture;

    Family(String architecture) {
        this.architecture = architecture;
    }

    /** @throws InputException when it is not one that {@code Decoder} computes */
    static Family of(String architecture) {
        return Stream.of(values())
                .filter(family -> family.architecture.equals(architecture))
                .findFirst()
                .orElseThrow(() -> new InputException(
                        "architecture " + architecture + " is not supported; supported are " + supported()));
    }

    /** The one that transformers chooses by {@code model_type}, such as {@code qwen3_moe} or {@code gemma3_text}. */
    static Optional<Family> ofType(String modelType) {
        return Stream.of(values())
                .filter(family -> plain(family.architecture.replace("ForCausalLM", ""))
                        .equals(plain(modelType.replaceFirst("_text$", ""))))
                .findFirst();
    }

    private static String plain(String name) {
        return name.replace("_", "").toLowerCase(Locale.ROOT);
    }

    String architecture() {
        return architecture;
    }

    private static String supported() {
        return String.join(
                ", ",
                Stream.of(values()).map(family -> family.architecture).sorted().toList());
    }

    /** Qwen's windows begin at a layer. */
    private static IntPredicate from(ConfigValues config) {
        double first = config.number("max_window_layers", 28);
        return layer -> layer >= first;
    }

    /** Which of the keys {@code attention_bias} and {@code mlp_bias} it heeds. */
    Set<String> biasKeys() {
        return Set.of(ATTENTION_BIAS, MLP_BIAS);
    }

    /** Biases of all four projections of attention. */
    final boolean attentionBias(ConfigValues config) {
        return biasKeys().contains(ATTENTION_BIAS) && config.flag(ATTENTION_BIAS, false);
    }

    /** Biases of queries, keys and values. */
    boolean qkvBias(ConfigValues config) {
        return attentionBias(config);
    }

    final boolean mlpBias(ConfigValues config) {
        return biasKeys().contains(MLP_BIAS) && config.flag(MLP_BIAS, false);
    }

    /** What an absent {@code head_dim} means; 0 = hidden size / heads. */
    int headDim() {
        return 0;
    }

    /** What an absent {@code tie_word_embeddings} means. */
    boolean tied() {
        return false;
    }

    /** What an absent {@code max_position_embeddings} means. */
    int positions() {
        return 2048;
    }

    /** What an absent {@code rms_norm_eps} means. */
    double rmsNormEps() {
        return 1e-6;
    }

    /** What an absent {@code rope_theta} means. */
    double theta() {
        return 10_000;
    }

    /** What a norm's weight is added to. */
    double normOffset() {
        return 0;
    }

    NormPlacement norms() {
        return NormPlacement.BEFORE;
    }

    QkNorm qkNorm() {
        return QkNorm.NONE;
    }

    Projections projections() {
        return Projections.SEPARATE;
    }

    /** Which layers have experts; a family that knows none refuses them. */
    Experts experts(ConfigValues config, int layers) {
        Experts.NAMES.stream().filter(config::has).findFirst().ifPresent(key -> {
            throw config.unsupported(key);
        });
        return Experts.none(layers);
    }

    /** Whether {@code partial_rotary_factor} is its key. */
    boolean turnsAPart() {
        return false;
    }

    /** What an absent {@code partial_rotary_factor} means. */
    double turnedPart() {
        return 1;
    }

    /** Whether what attention sees goes through a gate, which the query's projection gives too. */
    boolean outputGate(ConfigValues config) {
        return false;
    }

    /** Which layers remember in place of looking back. */
    LinearAttention linear(ConfigValues config, int layers) {
        return LinearAttention.none(layers);
    }

    Activation activation(ConfigValues config) {
        if (!Set.of("silu", "swish").contains(config.text("hidden_act", "silu"))) {
            throw config.unsupported("hidden_act");
        }
        return Activation.SILU;
    }

    Multipliers multipliers(ConfigValues config, int hidden, int headDim) {
        return Multipliers.plain(headDim);
    }

    /** Which layers see only the last positions. */
    LayerKinds kinds(ConfigValues config, int layers) {
        return LayerKinds.full(config, layers);
    }

    /** What its config says of the positions of layers that see everything. */
    RopeSettings rope(ConfigValues config) {
        return RopeSettings.of(config, theta(), turnsAPart(), turnedPart());
    }

    /** The same of layers with a window. */
    RopeSettings slidingRope(ConfigValues config) {
        return rope(config);
    }

    /** How every layer turns queries and keys. */
    List<Rope> ropes(ConfigValues config, LayerKinds kinds, int headDim, int maxPositions) {
        Rope rope = Rope.of(rope(config), headDim, maxPositions);
        return Collections.nCopies(kinds.layers(), rope);
    }
}
