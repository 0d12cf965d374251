package cogent.model;

import cogent.data.InputException;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * Rotary positions (Su et al., 2021) with the scalings that long contexts use: pair i of a head turns by
 * {@code frequencies[i]} radians for every position.
 *
 * @param frequencies one for every pair of a head
 * @param scale factor on cosine and sine (YaRN's attention factor), else 1
 */
public record Rope(List<Double> frequencies, double scale) {
    public Rope {
        frequencies = List.copyOf(frequencies);
    }

    /**
     * Reads {@code rope_parameters} (transformers 5) or {@code rope_theta} and {@code rope_scaling}.
     *
     * @throws InputException for a kind of scaling that is not supported
     */
    static Rope of(JsonNode config, int headDim, int maxPositions) {
        JsonNode scaling = config.hasNonNull("rope_parameters") ? config.get("rope_parameters") : null;
        if (scaling == null) {
            scaling = config.hasNonNull("rope_scaling")
                    ? config.get("rope_scaling")
                    : JsonNodeFactory.instance.objectNode();
        }
        double theta = scaling.has("rope_theta")
                ? scaling.get("rope_theta").asDouble()
                : config.path("rope_theta").asDouble(10_000);
        double[] plain = new double[headDim / 2];
        for (int i = 0; i < plain.length; i++) {
            plain[i] = Math.pow(theta, -2.0 * i / headDim);
        }
        String type = scaling.has("rope_type")
                ? scaling.get("rope_type").asString()
                : scaling.path("type").asString("default");
        return switch (type) {
            case "default" -> rope(plain, 1);
            case "linear" -> rope(divided(plain, number(scaling, "factor")), 1);
            case "llama3" -> rope(llama3(plain, scaling), 1);
            case "yarn" -> yarn(plain, scaling, headDim, theta, maxPositions);
            default -> throw new InputException("rope_type " + type + " is not supported");
        };
    }

    /** Llama 3.1: long waves are slowed by the factor, short ones kept, those between blended. */
    private static double[] llama3(double[] plain, JsonNode scaling) {
        double factor = number(scaling, "factor");
        double low = number(scaling, "low_freq_factor");
        double high = number(scaling, "high_freq_factor");
        double original = number(scaling, "original_max_position_embeddings");
        double[] scaled = new double[plain.length];
        for (int i = 0; i < plain.length; i++) {
            double turns = original * plain[i] / (2 * Math.PI);
            double keep = Math.clamp((turns - low) / (high - low), 0, 1);
            scaled[i] = (1 - keep) * plain[i] / factor + keep * plain[i];
        }
        return scaled;
    }

    /** YaRN (Peng et al., 2023): interpolates the pairs that turn rarely within the original context. */
    private static Rope yarn(double[] plain, JsonNode scaling, int headDim, double theta, int maxPositions) {
        double factor = number(scaling, "factor");
        double original = scaling.path("original_max_position_embeddings").asDouble(maxPositions);
        double low = pairThatTurns(scaling.path("beta_fast").asDouble(32), headDim, theta, original);
        double high = pairThatTurns(scaling.path("beta_slow").asDouble(1), headDim, theta, original);
        if (scaling.path("truncate").asBoolean(true)) {
            low = Math.floor(low);
            high = Math.ceil(high);
        }
        low = Math.max(low, 0);
        high = Math.min(high, headDim - 1);
        double width = high == low ? 0.001 : high - low;
        double[] scaled = new double[plain.length];
        for (int i = 0; i < plain.length; i++) {
            double interpolate = Math.clamp((i - low) / width, 0, 1);
            scaled[i] = plain[i] / factor * interpolate + plain[i] * (1 - interpolate);
        }
        double attention = scaling.hasNonNull("attention_factor")
                ? scaling.get("attention_factor").asDouble()
                : scaling.hasNonNull("mscale") && scaling.hasNonNull("mscale_all_dim")
                        ? mscale(factor, number(scaling, "mscale")) / mscale(factor, number(scaling, "mscale_all_dim"))
                        : mscale(factor, 1);
        return rope(scaled, attention);
    }

    private static double pairThatTurns(double times, int headDim, double theta, double positions) {
        return headDim * Math.log(positions / (times * 2 * Math.PI)) / (2 * Math.log(theta));
    }

    private static double mscale(double factor, double weight) {
        return factor <= 1 ? 1 : 0.1 * weight * Math.log(factor) + 1;
    }

    private static double[] divided(double[] values, double by) {
        return java.util.Arrays.stream(values).map(v -> v / by).toArray();
    }

    private static Rope rope(double[] frequencies, double scale) {
        return new Rope(java.util.Arrays.stream(frequencies).boxed().toList(), scale);
    }

    private static double number(JsonNode scaling, String key) {
        JsonNode node = scaling.path(key);
        if (!node.isNumber() || !(node.asDouble() > 0)) {
            throw new InputException("rope_scaling." + key + " must be a positive number, not " + node);
        }
        return node.asDouble();
    }
}
