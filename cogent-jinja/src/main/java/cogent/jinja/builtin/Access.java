package cogent.jinja.builtin;

import cogent.jinja.value.Callable;
import cogent.jinja.value.None;
import cogent.jinja.value.PythonNumbers;
import cogent.jinja.value.PythonObject;
import cogent.jinja.value.PythonValues;
import cogent.jinja.value.Range;
import cogent.jinja.value.Strings;
import cogent.jinja.value.Tuple;
import cogent.jinja.value.Types;
import cogent.jinja.value.Undefined;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** {@code target.name} and {@code target[key]}, as Jinja's immutable sandbox grants them. */
public final class Access {
    /** What would change a list or a dict is unsafe: values stay as they are. */
    private static final Set<String> LIST_CHANGES =
            Set.of("append", "clear", "pop", "reverse", "insert", "sort", "extend", "remove");

    private static final Set<String> DICT_CHANGES = Set.of("clear", "pop", "popitem", "setdefault", "update");

    private Access() {}

    /** Attributes and methods first, then a dict's key. */
    public static Object attribute(Object target, String name) {
        if (target instanceof Undefined undefined) {
            throw undefined.used();
        }
        Object own = own(target, name);
        if (!(own instanceof Undefined undefined) || isUnsafe(target, name)) {
            return own;
        }
        Object value = target instanceof Map<?, ?> map ? map.get(name) : null;
        return value == null ? undefined : value;
    }

    /** An element first, then the attribute of that name. */
    public static Object item(Object target, Object key) {
        if (target instanceof Undefined undefined) {
            throw undefined.used();
        }
        if (target instanceof Map<?, ?> map) {
            boolean hashable = !(key instanceof List || key instanceof Map);
            Object value = hashable ? map.get(PythonValues.key(key)) : null;
            if (value != null) {
                return value;
            }
        } else if (PythonNumbers.isInt(key)) {
            Object value = Slices.element(target, PythonNumbers.whole(key));
            if (value != null) {
                return value;
            }
        }
        return Types.isString(key) ? own(target, PythonValues.string(key)) : missing(target, key);
    }

    /** The attribute of the object itself. */
    static Object own(Object target, String name) {
        if (target instanceof Undefined undefined) {
            throw undefined.used();
        }
        if (isUnsafe(target, name)) {
            return new Undefined(
                    "access to attribute '" + name + "' of '" + Types.name(target) + "' object is unsafe.");
        }
        switch (target) {
            case PythonObject object -> {
                Object value = object.attribute(name);
                return value == null ? missing(target, name) : value;
            }
            case Tuple tuple
            when tuple.names().contains(name) -> {
                return tuple.items().get(tuple.names().indexOf(name));
            }
            default -> {}
        }
        if (!Methods.has(target, name)) {
            return missing(target, name);
        }
        return Callable.named(
                "<built-in method " + name + " of " + Types.name(target) + " object>",
                arguments -> Methods.call(target, name, arguments));
    }

    private static Undefined missing(Object owner, Object key) {
        String type = owner == None.NONE ? "None" : Types.qualifiedName(owner) + " object";
        return new Undefined(
                key instanceof String name
                        ? "'" + type + "' has no attribute " + Strings.repr(name)
                        : type + " has no element " + PythonValues.repr(key));
    }

    private static boolean isUnsafe(Object target, String name) {
        if (name.startsWith("__") && name.endsWith("__")) {
            return true;
        }
        return switch (target) {
            case Range _ -> false;
            case List<?> _ -> LIST_CHANGES.contains(name);
            case Map<?, ?> _ -> DICT_CHANGES.contains(name);
            default -> false;
        };
    }
}
