package cogent.jinja;

import java.util.List;

/**
 * Python's tuple.
 *
 * @param names of the items where it is a named one, else empty
 */
record Tuple(List<Object> items, List<String> names) {
    static Tuple of(Object... items) {
        return new Tuple(List.of(items), List.of());
    }

    static Tuple of(List<Object> items) {
        return new Tuple(items, List.of());
    }
}
