package cogent.pipeline.keys;

import cogent.data.InputException;
import cogent.pipeline.keys.ValueKind.Keys;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Binds what was given to the record that declares it; what is wrong is told all at once, each with its place. */
public final class Binder {
    private record Wrong(Layers.Source source, String message) {
        @Override
        public String toString() {
            return source + ": " + message;
        }
    }

    private final Keys root;
    private final Layers layers;
    private final List<Wrong> errors = new ArrayList<>();

    private Binder(Keys root, Layers layers) {
        this.root = root;
        this.layers = layers;
    }

    /** @throws InputException with every error, in the order of the lines */
    public static <T extends Record> T bind(Class<T> type, Keys keys, Layers layers) {
        Binder binder = new Binder(keys, layers);
        @Nullable Record bound = binder.section(keys, layers.given(), "");
        if (bound == null) {
            throw new InputException(binder.errors.stream()
                    .sorted(Comparator.comparingInt(e -> e.source().line()))
                    .map(Wrong::toString)
                    .distinct()
                    .collect(Collectors.joining("\n")));
        }
        return type.cast(bound);
    }

    /** Null when something is wrong, which has been told. */
    private @Nullable Record section(Keys keys, JsonNode given, String path) {
        if (!given.isObject() && !given.isNull()) {
            tell(path, "\"" + path + "\" holds " + keys.words() + ", not a single value");
            return null;
        }
        int before = errors.size();
        unknown(keys, given, path);
        @Nullable Record bound = construct(keys, given, path);
        return errors.size() == before ? bound : null;
    }

    private void unknown(Keys keys, JsonNode given, String path) {
        for (String name : given.propertyNames()) {
            if (keys.key(name).isEmpty()) {
                String at = join(path, name);
                tell(at, "unknown key \"" + at + "\"" + Suggestion.of(name, keys, join(path, ""), root));
            }
        }
    }

    private @Nullable Record construct(Keys keys, JsonNode given, String path) {
        int before = errors.size();
        @Nullable
        Object[] values = keys.parts().stream()
                .map(part ->
                        part.unwrapped() == null ? value(part, given, path) : construct(part.unwrapped(), given, path))
                .toArray();
        return errors.size() == before ? construct(keys.type(), values, path) : null;
    }

    private @Nullable Object value(ValueKind.Part part, JsonNode given, String section) {
        String path = join(section, part.name());
        JsonNode value = given.get(part.name());
        if (part.kind() instanceof Keys nested) {
            return section(nested, value == null ? Yaml.mapping() : value, path);
        }
        JsonNode chosen = value == null && part.standard() != null ? part.standard() : value;
        if (chosen == null || (chosen.isNull() && part.nullable())) {
            return null;
        }
        int before = errors.size();
        @Nullable Object read = read(part.kind(), chosen, path);
        if (read == null && errors.size() == before) {
            tell(
                    path,
                    "\"" + path + "\" cannot be " + chosen + ": it takes "
                            + part.kind().words()
                            + (part.standard() == null || part.standard().isNull()
                                    ? ""
                                    : "; the default is " + Yaml.flow(part.standard())));
        }
        try {
            return part.path() && read != null ? Paths.expanded(read) : read;
        } catch (InputException e) {
            tell(path, path + ": " + e.getMessage());
            return null;
        }
    }

    /** Null when it is of another kind; what is wrong within it has been told. */
    private @Nullable Object read(ValueKind kind, JsonNode value, String path) {
        return switch (kind) {
            case ValueKind.Whole whole -> whole(whole, value);
            case ValueKind.Real real -> real(real, value);
            case ValueKind.Flag _ -> value.isBoolean() ? value.asBoolean() : null;
            case ValueKind.Text _ -> value.isValueNode() && !value.isNull() ? value.asString() : null;
            case ValueKind.Choice choice ->
                value.isString() ? choice.named(value.asString()).orElse(null) : null;
            case ValueKind.ListOf list -> list(list, value, path);
            case ValueKind.MapOf map -> map(map, value, path);
            case Keys nested -> section(nested, value, path);
            case ValueKind.Overlay overlay -> overlay(overlay.keys(), value, path);
            case ValueKind.Any _ -> value;
        };
    }

    /** YAML has numbers that JSON's grammar takes for texts, such as 1e-4. */
    private static @Nullable Object whole(ValueKind.Whole kind, JsonNode value) {
        try {
            long number = value.isIntegralNumber() || value.isString() ? Long.parseLong(value.asString()) : 0;
            boolean fits =
                    (kind.wide() || number == (int) number) && kind.bounds().hold((double) number);
            if (!fits || !(value.isIntegralNumber() || value.isString())) {
                return null;
            }
            return kind.wide() ? (Object) number : (Object) (int) number;
        } catch (NumberFormatException e) {
            return null;
        }
    }

    private static @Nullable Object real(ValueKind.Real kind, JsonNode value) {
        try {
            double number = value.isNumber() || value.isString() ? Double.parseDouble(value.asString()) : Double.NaN;
            return kind.bounds().hold(number) ? number : null;
        } catch (NumberFormatException e) {
            return null;
        }
    }

    private @Nullable Object list(ValueKind.ListOf kind, JsonNode value, String path) {
        if (!value.isArray()) {
            return null;
        }
        List<Object> list = new ArrayList<>();
        for (JsonNode element : value) {
            @Nullable Object read = read(kind.element(), element, path);
            if (read == null) {
                return null;
            }
            list.add(read);
        }
        return List.copyOf(list);
    }

    private @Nullable Object map(ValueKind.MapOf kind, JsonNode value, String path) {
        if (!(value instanceof ObjectNode mapping)) {
            return null;
        }
        Map<String, Object> map = new LinkedHashMap<>();
        boolean whole = true;
        for (var entry : mapping.properties()) {
            @Nullable Object read = read(kind.element(), entry.getValue(), join(path, entry.getKey()));
            if (read == null) {
                whole = false;
            } else {
                map.put(entry.getKey(), read);
            }
        }
        return whole ? Collections.unmodifiableMap(map) : null;
    }

    private @Nullable Object overlay(Keys keys, JsonNode value, String path) {
        if (!(value instanceof ObjectNode mapping)) {
            return null;
        }
        int before = errors.size();
        unknown(keys, mapping, path);
        Map<String, JsonNode> map = new LinkedHashMap<>();
        for (var entry : mapping.properties()) {
            keys.key(entry.getKey()).ifPresent(part -> value(part, mapping, path));
            map.put(entry.getKey(), entry.getValue());
        }
        return errors.size() == before ? Collections.unmodifiableMap(map) : null;
    }

    /** The records' own messages begin with the key that is wrong. */
    private @Nullable Record construct(Class<? extends Record> type, @Nullable Object[] values, String path) {
        try {
            Constructor<? extends Record> canonical =
                    type.getDeclaredConstructor(Arrays.stream(type.getRecordComponents())
                            .map(RecordComponent::getType)
                            .toArray(Class<?>[]::new));
            return canonical.newInstance(values);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof InputException wrong) {
                String message = join(path, String.valueOf(wrong.getMessage()));
                tell(message.split("[ :,]", 2)[0], message);
                return null;
            }
            throw new IllegalStateException(type + " cannot be made", e);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(type + " cannot be made", e);
        }
    }

    private void tell(String path, String message) {
        errors.add(new Wrong(layers.where(path), message));
    }

    private static String join(String path, String name) {
        return path.isEmpty() ? name : path + "." + name;
    }
}
