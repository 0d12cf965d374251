package cogent.model.hf;

import java.util.List;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;

/**
 * A mixture of experts in place of a feed-forward part (Shazeer et al., 2017): a router sends each token through a few of many.
 *
 * @param count of a layer
 * @param perToken experts of a token, those that the router finds likeliest
 * @param intermediateSize of each
 * @param normalised whether the weights of a token's experts add up to one
 * @param layers for every layer whether it has experts
 */
public record Experts(int count, int perToken, int intermediateSize, boolean normalised, List<Boolean> layers) {
    /** How many a layer has, as published files and as transformers 5 calls it. */
    static final List<String> NAMES = List.of("num_experts", "num_local_experts");

    private static final int MOST = 4096;

    public Experts {
        layers = List.copyOf(layers);
    }

    static Experts none(int layers) {
        return new Experts(
                0, 0, 0, false, IntStream.range(0, layers).mapToObj(_ -> false).toList());
    }

    /** As Qwen's configs say it. */
    static Experts of(ConfigValues config, int layers) {
        if (config.flag("output_router_logits", false)) { // transformers then adds the router's own loss to any other
            throw config.unsupported("output_router_logits");
        }
        String key = NAMES.stream().filter(config::has).findFirst().orElse(NAMES.getFirst());
        int count = config.limited(key, config.count(key, 128), MOST);
        int perToken = config.count("num_experts_per_tok", 8);
        if (perToken > count) {
            throw config.wrong("num_experts_per_tok", "at most " + key + " " + count);
        }
        int step = config.count("decoder_sparse_step", 1);
        List<Integer> dense = dense(config);
        return new Experts(
                count,
                perToken,
                config.size("moe_intermediate_size", 768),
                config.flag("norm_topk_prob", false),
                IntStream.range(0, layers)
                        .mapToObj(layer -> !dense.contains(layer) && (layer + 1) % step == 0)
                        .toList());
    }

    private static List<Integer> dense(ConfigValues config) {
        if (!config.has("mlp_only_layers")) {
            return List.of();
        }
        JsonNode list = config.json().get("mlp_only_layers");
        if (!list.isArray()
                || !list.valueStream().allMatch(layer -> layer.isIntegralNumber() && layer.canConvertToInt())) {
            throw config.wrong("mlp_only_layers", "a list of layers");
        }
        return list.valueStream().map(JsonNode::asInt).toList();
    }

    /** Whether any layer has some. */
    public boolean any() {
        return layers.contains(true);
    }

    public boolean at(int layer) {
        return layers.get(layer);
    }
}
