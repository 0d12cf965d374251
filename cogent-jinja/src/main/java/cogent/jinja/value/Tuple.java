package cogent.jinja.value;

import java.util.List;

/**
 * Python's tuple.
 *
 * @param names of the items where it is a named one, else empty
 */
public record Tuple(List<Object> items, List<String> names) {
    public static Tuple of(Object... items) {
        return new Tuple(List.of(items), List.of());
    }

    public static Tuple of(List<Object> items) {
        return new Tuple(items, List.of());
    }
}
