package cogent.jinja.builtin;

import cogent.jinja.value.None;
import cogent.jinja.value.PythonNumbers;
import cogent.jinja.value.PythonValues;
import cogent.jinja.value.Undefined;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code attribute="a.b.0"} of filters: the way from an item to a value in it; the item itself where it is empty. */
record Getter(List<String> path, @Nullable Object byDefault) {
    static Getter of(@Nullable Object attribute) {
        return of(attribute, null);
    }

    static Getter of(@Nullable Object attribute, @Nullable Object byDefault) {
        if (attribute == null || attribute == None.NONE) {
            return new Getter(List.of(), byDefault);
        }
        return new Getter(List.of(PythonValues.string(attribute).split("\\.", -1)), byDefault);
    }

    Object from(Object item) {
        Object value = item;
        for (String part : path) {
            boolean number = !part.isEmpty() && part.chars().allMatch(c -> c >= '0' && c <= '9');
            value = Access.item(value, number ? PythonNumbers.literal(part) : part);
            if (value instanceof Undefined && byDefault != null) {
                value = byDefault;
            }
        }
        return value;
    }
}
