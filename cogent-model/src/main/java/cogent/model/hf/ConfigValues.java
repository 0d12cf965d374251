package cogent.model.hf;

import cogent.data.InputException;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * The values of a {@code config.json} by key. What is of another kind than its key asks for is refused by its name:
 * an empty string read as a default would make another model.
 *
 * @param path what stands before a key in messages
 */
public record ConfigValues(String path, JsonNode json) {
    /** Beyond these no decoder goes; a larger number is a slip, and would take the memory before it is noticed. */
    private static final int LARGEST_SIZE = 1 << 20;

    private static final int MOST_TOKENS = 1 << 24;
    private static final Set<String> OF_TOKENS = Set.of(
            "vocab_size",
            "max_position_embeddings",
            "original_max_position_embeddings",
            "sliding_window",
            "sliding_window_pattern",
            "no_rope_layer_interval");

    public ConfigValues {
        if (!json.isObject()) {
            throw new InputException(path.isEmpty() ? "not a JSON object" : path + " must be an object, not " + json);
        }
    }

    /** The object under a key, or an empty one. */
    ConfigValues object(String key) {
        return new ConfigValues(named(key), has(key) ? json.get(key) : JsonNodeFactory.instance.objectNode());
    }

    /** Whether there is a value that is not null. */
    public boolean has(String key) {
        return json.hasNonNull(key);
    }

    /** A size that must be there. */
    int size(String key) {
        if (!has(key)) {
            throw new InputException(named(key) + " is missing");
        }
        return limited(key, count(key, 0), OF_TOKENS.contains(key) ? MOST_TOKENS : LARGEST_SIZE);
    }

    /** @throws InputException where a size goes beyond what any decoder has */
    int limited(String key, long size, int most) {
        if (size > most) {
            throw new InputException(
                    "%s %,d is larger than any decoder's (%,d at most)".formatted(named(key), size, most));
        }
        return (int) size;
    }

    int size(String key, int absent) {
        return has(key) ? size(key) : absent;
    }

    /** A whole number from 1. */
    int count(String key, int absent) {
        JsonNode node = json.path(key);
        if (!has(key)) {
            return absent;
        }
        if (!node.isIntegralNumber() || !node.canConvertToInt() || node.asInt() < 1) {
            throw new InputException(named(key) + " must be a positive whole number, not " + node);
        }
        return node.asInt();
    }

    /** The window of layers that have one; {@code null} is a word for none. */
    int window(int absent) {
        return json.has("sliding_window") ? count("sliding_window", ModelConfig.FULL) : absent;
    }

    /** A number above 0. */
    public double positive(String key, double absent) {
        if (has(key) && !(number(key, absent) > 0)) {
            throw wrong(key, "a positive number");
        }
        return number(key, absent);
    }

    /** A number above 0 that must be there. */
    public double positive(String key) {
        if (!has(key)) {
            throw new InputException(named(key) + " must be a positive number, not missing");
        }
        return positive(key, 0);
    }

    /** A number from 0. */
    double number(String key, double absent) {
        JsonNode node = json.path(key);
        if (!has(key)) {
            return absent;
        }
        if (!node.isNumber() || !(node.asDouble() >= 0)) {
            throw wrong(key, "a number from 0");
        }
        if (node.asDouble() > Float.MAX_VALUE) {
            throw wrong(key, "a number that a float holds");
        }
        return node.asDouble();
    }

    /** A list of that many numbers above 0, which must be there. */
    public List<Double> numbers(String key, int count) {
        JsonNode list = json.path(key);
        boolean good = list.isArray()
                && list.size() == count
                && list.valueStream().allMatch(value -> value.isNumber() && value.asDouble() > 0);
        if (!good) {
            throw wrong(key, "a list of " + count + " positive numbers");
        }
        return list.valueStream().map(JsonNode::asDouble).toList();
    }

    public boolean flag(String key, boolean absent) {
        if (has(key) && !json.get(key).isBoolean()) {
            throw wrong(key, "true or false");
        }
        return has(key) ? json.get(key).asBoolean() : absent;
    }

    String text(String key, String absent) {
        if (has(key) && !json.get(key).isString()) {
            throw wrong(key, "text");
        }
        return has(key) ? json.get(key).asString() : absent;
    }

    InputException unsupported(String key) {
        return new InputException(named(key) + " " + json.get(key) + " is not supported");
    }

    InputException wrong(String key, String wanted) {
        return new InputException(named(key) + " must be " + wanted + ", not " + json.get(key));
    }

    private String named(String key) {
        return path.isEmpty() ? key : path + "." + key;
    }
}
