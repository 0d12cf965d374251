package cogent.model.hf;

import cogent.data.InputException;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a config.json says of rotary positions: {@code rope_parameters} (transformers 5), or {@code rope_theta} and
 * {@code rope_scaling}.
 *
 * @param type of scaling; {@code default} for none
 * @param theta the base of the frequencies
 * @param part of a head that turns, 0 to 1
 * @param original the context that the model was made for before it was stretched; 0 where that is not said
 * @param values the parameters of the scaling
 */
public record RopeSettings(String type, double theta, double part, double original, ConfigValues values) {
    private static final String PARAMETERS = "rope_parameters";
    private static final String SCALING = "rope_scaling";
    private static final String FULL = "full_attention";
    private static final String SLIDING = "sliding_attention";
    private static final String PARTIAL = "partial_rotary_factor";
    private static final String ORIGINAL = "original_max_position_embeddings";

    /** The last two share the pairs out among the places of an image: in text all of them are the same. */
    private static final Set<String> PLAIN =
            Set.of("rope_theta", PARTIAL, ORIGINAL, "mrope_section", "mrope_interleaved");

    /**
     * @param theta what an absent base means
     * @param turnsAPart whether the family knows heads of which only a part turns
     * @param turnedPart what an absent part means
     */
    static RopeSettings of(ConfigValues config, double theta, boolean turnsAPart, double turnedPart) {
        boolean older = !config.object(SCALING).json().isEmpty(); // has the last word where both are there
        ConfigValues values = config.object(older || !config.has(PARAMETERS) ? SCALING : PARAMETERS);
        if (values.json().valueStream().anyMatch(JsonNode::isObject)) {
            throw new InputException(
                    "rope parameters of their own for every kind of layer are not supported: " + values.json());
        }
        double original = config.positive(ORIGINAL, values.positive(ORIGINAL, 0));
        return of(values, config, config.positive("rope_theta", theta), original, turnsAPart, turnedPart);
    }

    /** Gemma 3's layers that see everything; what {@code rope_scaling} says is theirs. */
    static RopeSettings ofFullLayers(ConfigValues config, double theta) {
        ConfigValues parameters = config.object(PARAMETERS);
        if (!parameters.json().isEmpty() && !parameters.has(FULL) && !parameters.has(SLIDING)) {
            throw new InputException(PARAMETERS + "." + FULL + " is missing");
        }
        ConfigValues scaling = config.object(SCALING);
        if (scaling.has("type") && !scaling.has("rope_type")) {
            throw new InputException(SCALING + ".type must be called rope_type: transformers 4 reads it in"
                    + " this family, transformers 5 does not");
        }
        ObjectNode merged = (ObjectNode) parameters.object(FULL).json().deepCopy();
        merged.setAll((ObjectNode) scaling.json());
        ConfigValues values = new ConfigValues(
                scaling.json().isEmpty() ? parameters.object(FULL).path() : SCALING, merged);
        return of(values, config, config.positive("rope_theta", theta), values.positive(ORIGINAL, 0), false, 1);
    }

    /** Gemma 3's layers with a window: they have a base of their own, and no scaling unless it is said to be theirs. */
    static RopeSettings ofSlidingLayers(ConfigValues config, double theta) {
        ConfigValues values = config.object(PARAMETERS).object(SLIDING);
        double base = config.positive("rope_local_base_freq", theta);
        return of(values, config, base, values.positive(ORIGINAL, 0), false, 1);
    }

    /** As Phi-3 reads them: the context before it was stretched stands beside them, and there is one kind of scaling. */
    RopeSettings ofPhi(ConfigValues config) {
        if (!type.equals("default") && !type.equals("longrope") && !type.equals("yarn")) {
            throw new InputException("rope_type " + type + " is not supported in this family: default or longrope is");
        }
        String read = type.equals("default") ? type : "longrope";
        return new RopeSettings(read, theta, part, config.positive(ORIGINAL, 4096), values);
    }

    private static RopeSettings of(
            ConfigValues values,
            ConfigValues config,
            double theta,
            double original,
            boolean turnsAPart,
            double turnedPart) {
        double part = values.positive(PARTIAL, config.positive(PARTIAL, turnedPart));
        if (part > 1 || (part != 1 && !turnsAPart)) {
            throw (values.has(PARTIAL) ? values : config).unsupported(PARTIAL);
        }
        String named = values.has("rope_type") ? "rope_type" : "type";
        if (!values.has(named)) {
            requireNoScaling(values);
        }
        String type = values.text(named, "default");
        return new RopeSettings(
                type.equals("su") ? "longrope" : type, // what Phi-3 called it at first
                values.positive("rope_theta", theta),
                part,
                original,
                values);
    }

    /** A factor without the kind of its scaling would be passed over. */
    private static void requireNoScaling(ConfigValues values) {
        values.json().propertyNames().stream()
                .filter(key -> !PLAIN.contains(key) && values.has(key))
                .findFirst()
                .ifPresent(key -> {
                    throw new InputException(values.path() + " has " + key + " and no rope_type");
                });
    }

    /**
     * The elements of a head that turn.
     *
     * @throws InputException when they make no pairs
     */
    public int turned(int headDim) {
        int turned = (int) (headDim * part);
        if (turned == 0 || turned % 2 != 0) {
            throw new InputException("%s %s of head_dim %d is %d elements: rotary positions need pairs"
                    .formatted(PARTIAL, part, headDim, turned));
        }
        return turned;
    }

    /** The frequencies before scaling, one for every pair of the elements that turn. */
    public double[] frequencies(int turned) {
        double[] plain = new double[turned / 2];
        for (int i = 0; i < plain.length; i++) {
            plain[i] = Math.pow(theta, -2.0 * i / turned);
        }
        return plain;
    }

    /** The context that the model was made for before it was stretched. */
    public double originalPositions(int maxPositions) {
        return original > 0 ? original : maxPositions;
    }
}
