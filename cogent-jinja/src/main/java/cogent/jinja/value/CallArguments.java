package cogent.jinja.value;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The values a function, filter or test is called with. */
public record CallArguments(String callee, List<Object> positional, Map<String, Object> named) {
    /** The argument of that place or name, or null. */
    @Nullable
    public Object find(int place, String name) {
        return place < positional.size() ? positional.get(place) : named.get(name);
    }

    public Object get(int place, String name) {
        Object value = find(place, name);
        if (value == null) {
            throw new TemplateException(callee + "() missing 1 required positional argument: '" + name + "'");
        }
        return value;
    }

    public Object get(int place, String name, Object byDefault) {
        Object value = find(place, name);
        return value == null ? byDefault : value;
    }

    public String string(int place, String name) {
        return text(get(place, name), name);
    }

    public String string(int place, String name, String byDefault) {
        return text(get(place, name, byDefault), name);
    }

    /** A string, or null where it is absent or None. */
    @Nullable
    public String stringOrNone(int place, String name) {
        Object value = find(place, name);
        return value == null || value == None.NONE ? null : text(value, name);
    }

    public int integer(int place, String name, int byDefault) {
        Object value = find(place, name);
        return value == null ? byDefault : PythonNumbers.index(value);
    }

    public boolean flag(int place, String name, boolean byDefault) {
        Object value = find(place, name);
        return value == null ? byDefault : PythonValues.truth(value);
    }

    /** @throws TemplateException when there are more arguments than {@code most}, or one is not among the names */
    public CallArguments only(int most, String... names) {
        if (positional.size() > most) {
            throw new TemplateException(
                    callee + "() takes at most " + most + " arguments (" + positional.size() + " given)");
        }
        for (String name : named.keySet()) {
            if (!List.of(names).contains(name)) {
                throw new TemplateException(callee + "() got an unexpected keyword argument '" + name + "'");
            }
        }
        return this;
    }

    private String text(Object value, String name) {
        if (value instanceof Undefined undefined) {
            throw undefined.used();
        }
        if (!Types.isString(value)) {
            throw new TemplateException(callee + "() argument '" + name + "' must be str, not " + Types.name(value));
        }
        return PythonValues.string(value);
    }
}
