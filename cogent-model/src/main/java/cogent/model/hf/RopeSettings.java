package cogent.model.hf;

import cogent.data.InputException;
import java.util.Set;
import tools.jackson.databind.JsonNode;

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
        ConfigValues values = config.object(config.has(PARAMETERS) ? PARAMETERS : "rope_scaling");
        if (values.json().valueStream().anyMatch(JsonNode::isObject)) {
            throw new InputException(
                    "rope parameters of their own for every kind of layer are not supported: " + values.json());
        }
        return of(values, config, config.positive("rope_theta", theta), turnsAPart, turnedPart);
    }

    /** Gemma 3's layers that see everything. */
    static RopeSettings ofFullLayers(ConfigValues config, double theta) {
        if (config.has(PARAMETERS) && !config.object(PARAMETERS).has("full_attention")) {
            throw new InputException(PARAMETERS + ".full_attention is missing");
        }
        ConfigValues values = config.has(PARAMETERS)
                ? config.object(PARAMETERS).object("full_attention")
                : config.object("rope_scaling");
        return of(values, config, config.positive("rope_theta", theta), false, 1);
    }

    /** Gemma 3's layers with a window: they have a base of their own, and no scaling unless it is said to be theirs. */
    static RopeSettings ofSlidingLayers(ConfigValues config, double theta) {
        ConfigValues values = config.object(PARAMETERS).object("sliding_attention");
        return of(values, config, config.positive("rope_local_base_freq", theta), false, 1);
    }

    private static RopeSettings of(
            ConfigValues values, ConfigValues config, double theta, boolean turnsAPart, double turnedPart) {
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
                values.positive(ORIGINAL, config.positive(ORIGINAL, 0)),
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
