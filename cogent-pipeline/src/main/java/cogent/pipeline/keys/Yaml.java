package cogent.pipeline.keys;

import java.util.Locale;
import java.util.stream.Collectors;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** YAML as values, and values as YAML. */
public final class Yaml {
    static final YAMLMapper MAPPER = YAMLMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private Yaml() {}

    static JsonNode value(String text) {
        return MAPPER.readTree(text);
    }

    /** An empty text is an empty mapping. */
    static ObjectNode mapping(String text) {
        return text.isBlank() ? mapping() : (ObjectNode) value(text);
    }

    public static ObjectNode mapping() {
        return MAPPER.createObjectNode();
    }

    public static ArrayNode list(String only) {
        return MAPPER.createArrayNode().add(only);
    }

    /** Lays {@code over} onto {@code base}, mappings key by key. */
    public static void merge(ObjectNode base, ObjectNode over) {
        for (var entry : over.properties()) {
            JsonNode own = base.get(entry.getKey());
            if (own instanceof ObjectNode inner && entry.getValue() instanceof ObjectNode outer) {
                merge(inner, outer);
            } else {
                // what is merged into later must not be another layer's
                base.set(entry.getKey(), entry.getValue().deepCopy());
            }
        }
    }

    /** A mapping that holds one value, at a dotted path. */
    public static ObjectNode at(String path, JsonNode value) {
        ObjectNode outer = mapping();
        ObjectNode at = outer;
        String[] keys = path.split("\\.", -1);
        for (int i = 0; i < keys.length - 1; i++) {
            at = at.putObject(keys[i]);
        }
        at.set(keys[keys.length - 1], value);
        return outer;
    }

    public static String text(JsonNode value) {
        return MAPPER.writeValueAsString(value);
    }

    /** In one line, as people write it. */
    static String flow(JsonNode value) {
        if (value.isArray()) {
            return value.valueStream().map(Yaml::flow).collect(Collectors.joining(", ", "[", "]"));
        }
        if (value.isString()) {
            return value.asString().matches("\\w[\\w./-]*") ? value.asString() : value.toString();
        }
        return value.isNumber() ? value.toString().toLowerCase(Locale.ROOT) : value.toString();
    }
}
