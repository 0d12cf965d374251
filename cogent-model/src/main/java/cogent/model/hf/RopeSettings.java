package cogent.model.hf;

import cogent.data.InputException;
import tools.jackson.databind.JsonNode;

/**
 * What a config.json says of rotary positions: {@code rope_parameters} (transformers 5), or {@code rope_theta} and
 * {@code rope_scaling}.
 *
 * @param type of scaling; {@code default} for none
 * @param theta the base of the frequencies
 * @param values the parameters of the scaling
 */
public record RopeSettings(String type, double theta, ConfigValues values) {
    /** @throws InputException when a number is none */
    public static RopeSettings of(JsonNode config) {
        return of(new ConfigValues("", config));
    }

    static RopeSettings of(ConfigValues config) {
        ConfigValues values = config.object(config.has("rope_parameters") ? "rope_parameters" : "rope_scaling");
        if (values.json().valueStream().anyMatch(JsonNode::isObject)) {
            throw new InputException(
                    "rope parameters of their own for every kind of layer are not supported: " + values.json());
        }
        if (values.number("partial_rotary_factor", 1) != 1) {
            throw values.unsupported("partial_rotary_factor");
        }
        String type = values.text(values.json().has("rope_type") ? "rope_type" : "type", "default");
        double theta = values.positive("rope_theta", config.positive("rope_theta", 10_000));
        return new RopeSettings(type, theta, values);
    }

    /** The frequencies before scaling, one for every pair of a head. */
    public double[] frequencies(int headDim) {
        double[] plain = new double[headDim / 2];
        for (int i = 0; i < plain.length; i++) {
            plain[i] = Math.pow(theta, -2.0 * i / headDim);
        }
        return plain;
    }

    /** The context that the model was made for before it was stretched. */
    public double originalPositions(int maxPositions) {
        return values.positive("original_max_position_embeddings", maxPositions);
    }
}
