package cogent.pipeline.keys;

import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Records of keys as JSON, in the form that a file has. */
public final class RecordJson {
    private static final JsonMapper JSON = JsonMapper.shared();

    private RecordJson() {}

    /** All keys. */
    public static ObjectNode all(Record section) {
        return mapping(section, true, JSON.createObjectNode());
    }

    /** The keys that results depend on: without the operational ones. */
    public static ObjectNode identity(Record section) {
        return mapping(section, false, JSON.createObjectNode());
    }

    /** The values of a tree by their keys, {@code sft.lora.rank}; an empty object is a value. */
    public static SortedMap<String, String> flat(JsonNode tree) {
        SortedMap<String, String> values = new TreeMap<>();
        flatten(tree, "", values);
        return values;
    }

    private static void flatten(JsonNode node, String at, Map<String, String> into) {
        if (node.isObject() && !node.isEmpty()) {
            node.properties()
                    .forEach(p -> flatten(p.getValue(), at.isEmpty() ? p.getKey() : at + "." + p.getKey(), into));
        } else {
            into.put(at, node.isString() ? node.asString() : node.toString());
        }
    }

    private static ObjectNode mapping(Record section, boolean all, ObjectNode out) {
        for (RecordComponent component : section.getClass().getRecordComponents()) {
            @Nullable Object value = value(component, section);
            Key key = component.getAnnotation(Key.class);
            if (key == null && value instanceof Record unwrapped) {
                mapping(unwrapped, all, out);
            } else if (all || key == null || !key.operational()) {
                JsonNode node = node(value, all);
                if (!all && key != null && key.of() != Record.class) {
                    ((ObjectNode) node).remove(operational(key.of()));
                }
                out.set(Declarations.name(component), node);
            }
        }
        return out;
    }

    private static JsonNode node(@Nullable Object value, boolean all) {
        return switch (value) {
            case Record section -> mapping(section, all, JSON.createObjectNode());
            case Enum<?> choice -> JSON.valueToTree(ValueKind.Choice.name(choice));
            case List<?> list -> {
                ArrayNode array = JSON.createArrayNode();
                list.forEach(element -> array.add(node(element, all)));
                yield array;
            }
            case Map<?, ?> map -> {
                ObjectNode object = JSON.createObjectNode();
                map.forEach((name, element) -> object.set(String.valueOf(name), node(element, all)));
                yield object;
            }
            case null, default -> JSON.valueToTree(value);
        };
    }

    private static Set<String> operational(Class<? extends Record> section) {
        return Arrays.stream(section.getRecordComponents())
                .filter(c -> c.getAnnotation(Key.class).operational())
                .map(Declarations::name)
                .collect(Collectors.toSet());
    }

    private static @Nullable Object value(RecordComponent component, Record section) {
        try {
            return component.getAccessor().invoke(section);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(component + " cannot be read", e);
        }
    }
}
