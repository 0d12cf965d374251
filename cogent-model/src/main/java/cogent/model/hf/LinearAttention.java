package cogent.model.hf;

import cogent.data.InputException;
import java.util.List;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;

/**
 * Layers that remember in place of looking back (Gated DeltaNet, Yang et al., 2024): their state has a fixed size.
 *
 * @param keyHeads heads of queries and keys; each serves the same number of the {@code valueHeads}, next to each other
 * @param keyDim elements of a query's or key's head, {@code valueDim} of a value's
 * @param kernel positions that the convolution before the rule sees, the token's own included
 * @param layers for every layer whether it is one of them
 */
public record LinearAttention(
        int keyHeads, int valueHeads, int keyDim, int valueDim, int kernel, List<Boolean> layers) {
    /** What Hugging Face calls them in {@code layer_types}. */
    static final String KIND = "linear_attention";

    /** The projections of a layer's input in {@code linear_attn}: what is convolved, output gate, write strength, decay. */
    public static final List<String> PROJECTIONS = List.of("in_proj_qkv", "in_proj_z", "in_proj_b", "in_proj_a");

    private static final int MOST_ELEMENTS = 1 << 20;
    private static final int LARGEST_KERNEL = 64;

    public LinearAttention {
        layers = List.copyOf(layers);
    }

    static LinearAttention none(int layers) {
        return new LinearAttention(
                0, 0, 0, 0, 0, IntStream.range(0, layers).mapToObj(_ -> false).toList());
    }

    /** As Qwen3.5's configs say it. */
    static LinearAttention of(ConfigValues config, int layers) {
        int keyHeads = config.size("linear_num_key_heads", 16);
        int valueHeads = config.size("linear_num_value_heads", 32);
        if (valueHeads % keyHeads != 0) {
            throw new InputException("linear_num_value_heads %d is not a multiple of linear_num_key_heads %d"
                    .formatted(valueHeads, keyHeads));
        }
        int keyDim = config.size("linear_key_head_dim", 128);
        int valueDim = config.size("linear_value_head_dim", 128);
        config.limited("linear_num_key_heads × linear_key_head_dim", (long) keyHeads * keyDim, MOST_ELEMENTS);
        config.limited("linear_num_value_heads × linear_value_head_dim", (long) valueHeads * valueDim, MOST_ELEMENTS);
        int kernel =
                config.limited("linear_conv_kernel_dim", config.count("linear_conv_kernel_dim", 4), LARGEST_KERNEL);
        return new LinearAttention(keyHeads, valueHeads, keyDim, valueDim, kernel, layers(config, layers));
    }

    private static List<Boolean> layers(ConfigValues config, int layers) {
        if (!config.has("layer_types")) {
            int interval = config.count("full_attention_interval", 4);
            return IntStream.range(0, layers)
                    .mapToObj(layer -> (layer + 1) % interval != 0)
                    .toList();
        }
        JsonNode types = config.json().get("layer_types");
        if (types.size() != layers) {
            throw new InputException("layer_types has " + types.size() + " entries for " + layers + " layers");
        }
        return types.valueStream().map(LinearAttention::isLinear).toList();
    }

    private static boolean isLinear(JsonNode type) {
        return switch (type.asString("")) {
            case KIND -> true;
            case "full_attention" -> false;
            default -> throw new InputException("layer_types " + type + " is not supported");
        };
    }

    /** Whether any layer is one. */
    public boolean any() {
        return layers.contains(true);
    }

    public boolean at(int layer) {
        return layers.get(layer);
    }

    /** How many layers are. */
    public int count() {
        return (int) layers.stream().filter(linear -> linear).count();
    }

    /** Elements of all queries of a token, or of all keys. */
    public long keys() {
        return (long) keyHeads * keyDim;
    }

    /** Elements of all values of a token. */
    public long values() {
        return (long) valueHeads * valueDim;
    }

    /** What is convolved: queries, keys and values. */
    public long channels() {
        return 2 * keys() + values();
    }

    /** How many columns each of the {@link #PROJECTIONS} has. */
    public List<Long> widths() {
        return List.of(channels(), values(), (long) valueHeads, (long) valueHeads);
    }
}
