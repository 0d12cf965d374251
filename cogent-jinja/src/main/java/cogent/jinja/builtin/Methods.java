package cogent.jinja.builtin;

import cogent.jinja.value.CallArguments;
import cogent.jinja.value.Markup;
import cogent.jinja.value.None;
import cogent.jinja.value.PythonNumbers;
import cogent.jinja.value.PythonValues;
import cogent.jinja.value.Range;
import cogent.jinja.value.RenderBudget;
import cogent.jinja.value.TemplateException;
import cogent.jinja.value.Tuple;
import cogent.jinja.value.Types;
import cogent.jinja.value.View;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The methods of Python's values, those that change nothing. */
final class Methods {
    private static final Set<String> OF_DICTS = Set.of("get", "items", "keys", "values", "copy");
    private static final Set<String> OF_LISTS = Set.of("count", "index", "copy");
    private static final Set<String> OF_TUPLES = Set.of("count", "index");

    private Methods() {}

    static boolean has(Object value, String name) {
        return switch (value) {
            case String _, Markup _ -> StringMethods.NAMES.contains(name);
            case Map<?, ?> _ -> OF_DICTS.contains(name);
            case Range _ -> OF_TUPLES.contains(name);
            case List<?> _ -> OF_LISTS.contains(name);
            case Tuple _ -> OF_TUPLES.contains(name);
            case Double _ -> name.equals("is_integer");
            case Boolean _ -> name.equals("bit_length");
            case java.math.BigInteger _ -> name.equals("bit_length");
            default -> false;
        };
    }

    static Object call(Object self, String name, CallArguments arguments) {
        return switch (self) {
            case String s -> StringMethods.call(s, name, arguments);
            case Markup m -> marked(StringMethods.call(m.text(), name, arguments));
            case Map<?, ?> map -> dict(PythonValues.dictOf(map), name, arguments);
            case Double d -> Math.rint(d) == d && !d.isInfinite();
            case Object number
            when PythonNumbers.isInt(number) ->
                PythonNumbers.of(PythonNumbers.whole(number).abs().bitLength());
            default -> list(self, PythonValues.items(self), name, arguments);
        };
    }

    private static Object marked(Object result) {
        return result instanceof String text ? new Markup(text) : result;
    }

    private static Object dict(Map<Object, Object> map, String name, CallArguments arguments) {
        RenderBudget.work(name.equals("get") ? 1 : map.size());
        return switch (name) {
            case "get" -> {
                Object value = map.get(PythonValues.key(arguments.only(2).get(0, "key")));
                yield value == null ? arguments.get(1, "default", None.NONE) : value;
            }
            case "items" -> new View("dict_items", items(map));
            case "keys" -> new View("dict_keys", new ArrayList<>(map.keySet()));
            case "values" -> new View("dict_values", new ArrayList<>(map.values()));
            default -> map;
        };
    }

    static List<Object> items(Map<Object, Object> map) {
        var items = new ArrayList<Object>(map.size());
        map.forEach((key, value) -> items.add(Tuple.of(key, value)));
        return items;
    }

    private static Object list(Object self, List<Object> items, String name, CallArguments arguments) {
        if (name.equals("copy")) {
            return items;
        }
        Object sought = arguments.only(3).get(0, "value");
        if (name.equals("count")) {
            return PythonNumbers.of(items.stream()
                    .filter(item -> PythonValues.equal(item, sought))
                    .count());
        }
        for (int i = 0; i < items.size(); i++) {
            if (PythonValues.equal(items.get(i), sought)) {
                return PythonNumbers.of(i);
            }
        }
        throw new TemplateException(
                self instanceof Tuple
                        ? "tuple.index(x): x not in tuple"
                        : PythonValues.repr(sought) + " is not in " + Types.name(self));
    }
}
