package cogent.pipeline.keys;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What values a key takes. */
public sealed interface ValueKind {
    /** In words, after "it takes". */
    String words();

    /** @param wide whether it may be beyond 32 bits */
    record Whole(Bounds bounds, boolean wide) implements ValueKind {
        @Override
        public String words() {
            return "a whole number" + bounds;
        }
    }

    record Real(Bounds bounds) implements ValueKind {
        @Override
        public String words() {
            return "a number" + bounds;
        }
    }

    record Flag() implements ValueKind {
        @Override
        public String words() {
            return "true or false";
        }
    }

    record Text() implements ValueKind {
        @Override
        public String words() {
            return "a text";
        }
    }

    /** Constants of an enum, in lower case; dashes and underscores are the same. */
    record Choice(Class<? extends Enum<?>> type) implements ValueKind {
        List<String> names() {
            return constants().map(Choice::name).toList();
        }

        /** The one with this name. */
        Optional<Enum<?>> named(String name) {
            return constants()
                    .filter(c -> name(c).equalsIgnoreCase(name.replace('-', '_')))
                    .findFirst();
        }

        private Stream<Enum<?>> constants() {
            return Arrays.stream(type.getEnumConstants());
        }

        static String name(Enum<?> constant) {
            return constant.name().toLowerCase(Locale.ROOT);
        }

        @Override
        public String words() {
            return "one of " + String.join(", ", names());
        }
    }

    record ListOf(ValueKind element) implements ValueKind {
        @Override
        public String words() {
            return element instanceof Choice choice
                    ? "a list of some of " + String.join(", ", choice.names())
                    : "a list, each " + element.words();
        }
    }

    record MapOf(ValueKind element) implements ValueKind {
        @Override
        public String words() {
            return "a mapping of names, each to " + element.words();
        }
    }

    /**
     * A section: the keys that its record declares.
     *
     * @param parts one for each component of the record, in its order
     */
    record Keys(Class<? extends Record> type, List<Part> parts) implements ValueKind {
        @Override
        public String words() {
            return "further keys (" + String.join(", ", names()) + ")";
        }

        /** The keys that a file may have here, those of unwrapped records in their place. */
        public Stream<Part> keys() {
            return parts.stream()
                    .flatMap(part -> part.unwrapped() == null
                            ? Stream.of(part)
                            : part.unwrapped().keys());
        }

        List<String> names() {
            return keys().map(Part::name).toList();
        }

        Optional<Part> key(String name) {
            return keys().filter(part -> part.name().equals(name)).findFirst();
        }

        /** What the value at a dotted path may be; empty where there is no such key. */
        Optional<ValueKind> kind(String path) {
            int dot = path.indexOf('.');
            Optional<ValueKind> kind =
                    key(dot < 0 ? path : path.substring(0, dot)).map(Part::kind);
            String rest = path.substring(dot + 1);
            return dot < 0
                    ? kind
                    : kind.flatMap(outer -> switch (outer) {
                        case Keys nested -> nested.kind(rest);
                        case Overlay overlay -> overlay.keys().kind(rest);
                        case MapOf map
                        when map.element() instanceof Keys nested ->
                            rest.contains(".")
                                    ? nested.kind(rest.substring(rest.indexOf('.') + 1))
                                    : Optional.of(nested);
                        case MapOf map -> Optional.of(map.element());
                        default -> Optional.empty();
                    });
        }

        /** Every key and section with its path, outer before inner. */
        public Stream<Placed> all() {
            return keys().flatMap(part -> Stream.concat(
                    Stream.of(new Placed(part.name(), part)),
                    part.kind() instanceof Keys nested
                            ? nested.all().map(in -> new Placed(part.name() + "." + in.path(), in.part()))
                            : Stream.of()));
        }
    }

    /**
     * A component of the record: a key, or a record whose keys stand among the section's.
     *
     * @param standard the default; null where the key is a section
     * @param unwrapped the keys that stand in its place; null of a key
     */
    record Part(
            String name,
            String doc,
            ValueKind kind,
            @Nullable JsonNode standard,
            boolean nullable,
            boolean operational,
            boolean path,
            List<String> aka,
            @Nullable Keys unwrapped) {}

    /** A key with its dotted path. */
    record Placed(String path, Part part) {}

    /** Some of the keys of a section, to be laid over another of its kind; nothing of it has a default. */
    record Overlay(Keys keys) implements ValueKind {
        @Override
        public String words() {
            return "any of the keys " + String.join(", ", keys.names());
        }
    }

    /** Whatever there is; the record looks at it itself. */
    record Any() implements ValueKind {
        @Override
        public String words() {
            return "anything";
        }
    }
}
