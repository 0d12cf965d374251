package cogent.pipeline.keys;

import cogent.pipeline.keys.ValueKind.Keys;
import cogent.pipeline.keys.ValueKind.Part;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The keys that records declare by {@link Key} and {@link Unwrapped}. */
public final class Declarations {
    private Declarations() {}

    public static Keys of(Class<? extends Record> type) {
        return of(type, Yaml.mapping());
    }

    /** @param over defaults in place of the record's own */
    private static Keys of(Class<? extends Record> type, ObjectNode over) {
        Keys keys = new Keys(
                type,
                Arrays.stream(type.getRecordComponents())
                        .map(component -> part(component, over))
                        .toList());
        over.propertyNames().forEach(name -> {
            if (!keys.names().contains(name)) {
                throw new IllegalStateException(type + " declares no " + name);
            }
        });
        return keys;
    }

    private static Part part(RecordComponent component, ObjectNode over) {
        String name = name(component);
        Unwrapped unwrapped = component.getAnnotation(Unwrapped.class);
        if (unwrapped != null) {
            Keys keys = of(component.getType().asSubclass(Record.class), Yaml.mapping(unwrapped.value()));
            return new Part(name, "", keys, null, false, false, false, List.of(), keys);
        }
        Key key = component.getAnnotation(Key.class);
        if (key == null) {
            throw new IllegalStateException(component + " is no key: it lacks @Key");
        }
        ValueKind kind = kind(component.getGenericType(), key);
        return new Part(
                name,
                key.doc(),
                kind,
                kind instanceof Keys ? null : standard(name, key, over),
                component.getAnnotatedType().isAnnotationPresent(Nullable.class),
                key.operational(),
                key.path(),
                List.of(key.aka()),
                null);
    }

    private static JsonNode standard(String name, Key key, ObjectNode over) {
        if (key.def().isEmpty()) {
            throw new IllegalStateException(name + " has no default");
        }
        JsonNode other = over.get(name);
        return other == null ? Yaml.value(key.def()) : other;
    }

    static String name(RecordComponent component) {
        return component.getName().replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
    }

    private static ValueKind kind(Type type, Key key) {
        if (type instanceof ParameterizedType generic) {
            if (key.of() != Record.class) {
                return new ValueKind.Overlay(of(key.of()));
            }
            Type[] arguments = generic.getActualTypeArguments();
            ValueKind element = kind(arguments[arguments.length - 1], key);
            return generic.getRawType() == Map.class ? new ValueKind.MapOf(element) : new ValueKind.ListOf(element);
        }
        if (type == int.class || type == Integer.class || type == long.class || type == Long.class) {
            return new ValueKind.Whole(Bounds.of(key.range()), type == long.class || type == Long.class);
        }
        if (type == double.class || type == Double.class) {
            return new ValueKind.Real(Bounds.of(key.range()));
        }
        if (type == boolean.class) {
            return new ValueKind.Flag();
        }
        if (type == String.class) {
            return new ValueKind.Text();
        }
        if (type == JsonNode.class) {
            return new ValueKind.Any();
        }
        if (type instanceof Class<?> known && known.isEnum()) {
            @SuppressWarnings("unchecked")
            Class<? extends Enum<?>> choice = (Class<? extends Enum<?>>) known;
            return new ValueKind.Choice(choice);
        }
        if (type instanceof Class<?> known && known.isRecord()) {
            return of(known.asSubclass(Record.class), Yaml.mapping(key.def()));
        }
        throw new IllegalStateException("no key can be a " + type);
    }
}
