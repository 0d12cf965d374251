package cogent.pipeline.keys;

import cogent.pipeline.keys.ValueKind.Keys;
import java.util.TreeMap;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The keys as a JSON Schema (draft 2020-12), by which editors complete and check a file. */
public final class JsonSchema {
    private static final JsonMapper JSON = JsonMapper.shared();

    private final TreeMap<String, ObjectNode> definitions = new TreeMap<>();

    private JsonSchema() {}

    public static ObjectNode of(Keys keys, String title) {
        JsonSchema schema = new JsonSchema();
        ObjectNode root = JSON.createObjectNode()
                .put("$schema", "https://json-schema.org/draft/2020-12/schema")
                .put("title", title);
        root.setAll(schema.section(keys, true));
        if (!schema.definitions.isEmpty()) {
            root.putObject("$defs").setAll(schema.definitions);
        }
        return root;
    }

    private ObjectNode section(Keys keys, boolean defaults) {
        ObjectNode schema = JSON.createObjectNode().put("type", "object");
        ObjectNode properties = schema.putObject("properties");
        keys.keys().forEach(part -> {
            ObjectNode value = value(part.kind(), part.nullable());
            value.put("description", part.doc());
            if (defaults && part.standard() != null) {
                value.set("default", part.standard());
            }
            properties.set(part.name(), value);
        });
        return schema.put("additionalProperties", false);
    }

    private ObjectNode value(ValueKind kind, boolean nullable) {
        return switch (kind) {
            case ValueKind.Whole whole -> bounded(typed("integer", nullable), whole.bounds());
            case ValueKind.Real real -> bounded(typed("number", nullable), real.bounds());
            case ValueKind.Flag _ -> typed("boolean", nullable);
            case ValueKind.Text _ -> typed("string", nullable);
            case ValueKind.Choice choice -> {
                ObjectNode schema = JSON.createObjectNode();
                ArrayNode names = schema.putArray("enum");
                for (String name : choice.names()) {
                    names.add(name);
                    if (name.contains("_")) {
                        names.add(name.replace('_', '-'));
                    }
                }
                yield schema;
            }
            case ValueKind.ListOf list -> {
                ObjectNode schema = typed("array", nullable);
                schema.set("items", value(list.element(), false));
                yield schema;
            }
            case ValueKind.MapOf map -> {
                ObjectNode schema = typed("object", nullable);
                schema.set("additionalProperties", value(map.element(), false));
                yield schema;
            }
            // a section whose keys are all commented out is null
            case Keys nested -> section(nested, true).setAll(typed("object", true));
            case ValueKind.Overlay overlay -> {
                String name = overlay.keys().type().getSimpleName();
                definitions.computeIfAbsent(name, _ -> section(overlay.keys(), false));
                yield JSON.createObjectNode().put("$ref", "#/$defs/" + name);
            }
            case ValueKind.Any _ -> JSON.createObjectNode();
        };
    }

    private static ObjectNode typed(String type, boolean nullable) {
        ObjectNode schema = JSON.createObjectNode();
        if (nullable) {
            schema.putArray("type").add(type).add("null");
        } else {
            schema.put("type", type);
        }
        return schema;
    }

    private static ObjectNode bounded(ObjectNode schema, Bounds bounds) {
        if (Double.isFinite(bounds.min())) {
            schema.put(bounds.minOut() ? "exclusiveMinimum" : "minimum", bounds.min());
        }
        if (Double.isFinite(bounds.max())) {
            schema.put(bounds.maxOut() ? "exclusiveMaximum" : "maximum", bounds.max());
        }
        return schema;
    }
}
