package cogent.model.hf;

import cogent.data.InputException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * What a config.json says of rotary positions: {@code rope_parameters} (transformers 5), or {@code rope_theta} and
 * {@code rope_scaling}.
 *
 * @param type of scaling; {@code default} for none
 * @param theta the base of the frequencies
 * @param values the parameters of the scaling
 */
public record RopeSettings(String type, double theta, JsonNode values) {
    /** @throws InputException when a number is none */
    public static RopeSettings of(JsonNode config) {
        JsonNode values = config.hasNonNull("rope_parameters")
                ? config.get("rope_parameters")
                : config.hasNonNull("rope_scaling")
                        ? config.get("rope_scaling")
                        : JsonNodeFactory.instance.objectNode();
        if (!values.isObject()) {
            throw new InputException("rope_scaling must be an object, not " + values);
        }
        if (values.valueStream().anyMatch(JsonNode::isObject)) {
            throw new InputException(
                    "rope parameters of their own for every kind of layer are not supported: " + values);
        }
        if (values.path("partial_rotary_factor").asDouble(1) != 1) {
            throw new InputException(
                    "partial_rotary_factor " + values.get("partial_rotary_factor") + " is not supported");
        }
        JsonNode type = values.has("rope_type") ? values.get("rope_type") : values.path("type");
        JsonNode theta = values.hasNonNull("rope_theta") ? values.get("rope_theta") : config.path("rope_theta");
        if (!theta.isMissingNode() && !theta.isNull() && !(theta.isNumber() && theta.asDouble() > 0)) {
            throw new InputException("rope_theta must be a positive number, not " + theta);
        }
        return new RopeSettings(type.asString("default"), theta.asDouble(10_000), values);
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
        return values.hasNonNull("original_max_position_embeddings")
                ? number("original_max_position_embeddings")
                : maxPositions;
    }

    /** A parameter of the scaling that must be there. */
    public double number(String key) {
        JsonNode node = values.path(key);
        if (!node.isNumber() || !(node.asDouble() > 0)) {
            throw new InputException("rope_scaling." + key + " must be a positive number, not "
                    + (node.isMissingNode() ? "missing" : node));
        }
        return node.asDouble();
    }
}
