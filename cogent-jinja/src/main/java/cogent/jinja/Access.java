package cogent.jinja;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** {@code target.name}, {@code target[key]} and slices, as Jinja's immutable sandbox grants them. */
final class Access {
    /** What would change a list or a dict is unsafe: values stay as they are. */
    private static final Set<String> LIST_CHANGES =
            Set.of("append", "clear", "pop", "reverse", "insert", "sort", "extend", "remove");

    private static final Set<String> DICT_CHANGES = Set.of("clear", "pop", "popitem", "setdefault", "update");

    private Access() {}

    /** Attributes and methods first, then a dict's key. */
    static Object attribute(Object target, String name) {
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
    static Object item(Object target, Object key) {
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
            Object value = element(target, PythonNumbers.whole(key));
            if (value != null) {
                return value;
            }
        }
        return Types.isString(key) ? own(target, PythonValues.string(key)) : Undefined.member(target, key);
    }

    /** The attribute of the object itself. */
    static Object own(Object target, String name) {
        if (target instanceof Undefined undefined) {
            throw undefined.used();
        }
        if (isUnsafe(target, name)) {
            return Undefined.unsafe(target, name);
        }
        switch (target) {
            case Namespace namespace -> {
                Object value = namespace.members().get(name);
                return value == null ? Undefined.member(target, name) : value;
            }
            case Loop loop -> {
                return loop.attribute(name);
            }
            case Macro macro
            when name.equals("name") -> {
                return macro.signature().name();
            }
            case Tuple tuple
            when tuple.names().contains(name) -> {
                return tuple.items().get(tuple.names().indexOf(name));
            }
            case Globals.Cycler cycler -> {
                return cycler.attribute(name);
            }
            default -> {}
        }
        if (!Methods.has(target, name)) {
            return Undefined.member(target, name);
        }
        return Callable.named(
                "<built-in method " + name + " of " + Types.name(target) + " object>",
                arguments -> Methods.call(target, name, arguments));
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

    private static @org.jspecify.annotations.Nullable Object element(Object target, BigInteger place) {
        if (place.bitLength() > 31) {
            return null;
        }
        if (Types.isString(target)) {
            String text = PythonValues.string(target);
            RenderBudget.work(1 + text.length() / 256);
            int length = PythonText.length(text);
            int i = place.intValue() < 0 ? place.intValue() + length : place.intValue();
            return i < 0 || i >= length ? null : Character.toString(text.codePointAt(PythonText.offset(text, i)));
        }
        List<Object> items = indexed(target);
        int i = place.intValue() < 0 ? place.intValue() + items.size() : place.intValue();
        return i < 0 || i >= items.size() ? null : items.get(i);
    }

    private static List<Object> indexed(Object target) {
        return switch (target) {
            case List<?> list -> PythonValues.list(list);
            case Tuple tuple -> tuple.items();
            default -> List.of();
        };
    }

    /** {@code target[start:stop:step]}, None where a part is left out. */
    static Object slice(Object target, Object start, Object stop, Object step) {
        if (target instanceof Undefined undefined) {
            throw undefined.used();
        }
        if (target instanceof Map) {
            throw new TemplateException("unhashable type: 'slice'");
        }
        boolean text = Types.isString(target);
        if (!text && !(target instanceof List) && !(target instanceof Tuple)) {
            return new Undefined("'" + Types.name(target) + " object' has no element slice(" + PythonValues.repr(start)
                    + ", " + PythonValues.repr(stop) + ", " + PythonValues.repr(step) + ")");
        }
        int by = step == None.NONE ? 1 : PythonNumbers.index(step);
        if (by == 0) {
            throw new TemplateException("slice step cannot be zero");
        }
        String string = text ? PythonValues.string(target) : "";
        List<Object> items = text ? List.of() : indexed(target);
        int size = text ? PythonText.length(string) : items.size();
        int from = start == None.NONE ? (by > 0 ? 0 : size - 1) : place(start, size, by);
        int to = stop == None.NONE ? (by > 0 ? size : -1) : place(stop, size, by);
        if (text) {
            return substring(string, from, to, by);
        }
        if (items instanceof Range range) {
            return range.slice(from, to, by);
        }
        var slice = new ArrayList<Object>();
        for (long i = from; by > 0 ? i < to : i > to; i += by) {
            slice.add(items.get((int) i));
        }
        RenderBudget.work(slice.size());
        return target instanceof Tuple ? Tuple.of(slice) : slice;
    }

    private static int place(Object bound, int size, int step) {
        if (!PythonNumbers.isInt(bound)) {
            throw new TemplateException("slice indices must be integers or None or have an __index__ method");
        }
        long place = PythonNumbers.index(bound);
        place = place < 0 ? place + size : place;
        return step > 0 ? Math.clamp(place, 0, size) : Math.clamp(place, -1, size - 1);
    }

    private static String substring(String text, int from, int to, int by) {
        if (by == 1) {
            return from >= to
                    ? ""
                    : RenderBudget.text(text.substring(PythonText.offset(text, from), PythonText.offset(text, to)));
        }
        RenderBudget.characters(text.length());
        int[] points = text.codePoints().toArray();
        var slice = new StringBuilder();
        for (long i = from; by > 0 ? i < to : i > to; i += by) {
            slice.appendCodePoint(points[(int) i]);
        }
        return slice.toString();
    }
}
