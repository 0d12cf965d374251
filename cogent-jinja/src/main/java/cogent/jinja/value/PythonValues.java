package cogent.jinja.value;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/** What Python's protocols make of a value: truth, text, equality, order, length, items. */
public final class PythonValues {
    private PythonValues() {}

    public static boolean truth(Object value) {
        return switch (value) {
            case None _ -> false;
            case Undefined _ -> false;
            case Boolean b -> b;
            case BigInteger i -> i.signum() != 0;
            case Double d -> d != 0;
            case String s -> !s.isEmpty();
            case Markup m -> !m.text().isEmpty();
            case List<?> l -> !l.isEmpty();
            case Tuple t -> !t.items().isEmpty();
            case Map<?, ?> m -> !m.isEmpty();
            case View v -> !v.items().isEmpty();
            default -> true;
        };
    }

    /** {@code str(value)}; what {@code {{ value }}} prints. */
    public static String string(Object value) {
        return switch (value) {
            case String s -> s;
            case Markup m -> m.text();
            case Undefined _ -> "";
            default -> repr(value);
        };
    }

    /** As text that is safe in HTML. */
    public static Markup escaped(Object value) {
        return value instanceof Markup markup ? markup : new Markup(Markup.escape(string(value)));
    }

    public static String repr(Object value) {
        return switch (value) {
            case List<?> _, Tuple _, Map<?, ?> _, View _, Namespace _ -> {
                var out = new StringBuilder();
                write(value, out);
                yield out.toString();
            }
            default -> single(value);
        };
    }

    private static String single(Object value) {
        return switch (value) {
            case Boolean b -> b ? "True" : "False";
            case BigInteger i -> i.toString();
            case Double d -> Strings.of(d);
            case String s -> Strings.repr(s);
            case Markup m -> "Markup(" + Strings.repr(m.text()) + ")";
            case Undefined _ -> "Undefined";
            default -> value.toString();
        };
    }

    private static void write(Object value, StringBuilder out) {
        RenderBudget.work(1);
        switch (value) {
            case Range range -> out.append(range);
            case List<?> list -> write(list, "[", "]", out);
            case Tuple tuple -> write(tuple.items(), "(", tuple.items().size() == 1 ? ",)" : ")", out);
            case Map<?, ?> map -> write(map, out);
            case View view -> write(view.items(), view.kind() + "([", "])", out);
            case Namespace namespace -> {
                out.append("<Namespace ");
                write(namespace.members(), out);
                out.append('>');
            }
            default -> out.append(RenderBudget.text(single(value)));
        }
    }

    private static void write(List<?> items, String open, String close, StringBuilder out) {
        out.append(open);
        for (int i = 0; i < items.size(); i++) {
            out.append(i == 0 ? "" : ", ");
            write(items.get(i), out);
        }
        out.append(close);
    }

    private static void write(Map<?, ?> map, StringBuilder out) {
        String separator = "{";
        for (var entry : map.entrySet()) {
            out.append(separator);
            write(entry.getKey(), out);
            out.append(": ");
            write(entry.getValue(), out);
            separator = ", ";
        }
        out.append(map.isEmpty() ? "{}" : "}");
    }

    /** {@code a == b} */
    @SuppressWarnings("ReferenceEquality") // what is the same is equal, at once
    public static boolean equal(Object a, Object b) {
        RenderBudget.work(1);
        if (a == b) {
            return !(a instanceof Double d && d.isNaN());
        }
        if (Types.isNumber(a) && Types.isNumber(b)) {
            return PythonNumbers.equal(a, b);
        }
        if (Types.isString(a) && Types.isString(b)) {
            return string(a).equals(string(b));
        }
        return switch (a) {
            case Undefined _ -> b instanceof Undefined;
            case List<?> list ->
                b instanceof List<?> other
                        && list instanceof Range == other instanceof Range
                        && equalItems(list, other);
            case Tuple tuple -> b instanceof Tuple other && equalItems(tuple.items(), other.items());
            case Map<?, ?> map -> b instanceof Map<?, ?> other && equalMaps(map, other);
            default -> false;
        };
    }

    private static boolean equalItems(List<?> a, List<?> b) {
        if (a.size() != b.size()) {
            return false;
        }
        Iterator<?> other = b.iterator();
        return a.stream().allMatch(item -> equal(item, other.next()));
    }

    private static boolean equalMaps(Map<?, ?> a, Map<?, ?> b) {
        return a.size() == b.size()
                && a.entrySet().stream().allMatch(e -> {
                    Object other = b.get(e.getKey());
                    return other != null && equal(e.getValue(), other);
                });
    }

    /**
     * The sign of the order of two values.
     *
     * @param operator for the error when they have none
     */
    public static int compare(Object a, Object b, String operator) {
        RenderBudget.work(1);
        if (a instanceof Undefined undefined) {
            throw undefined.used();
        }
        if (b instanceof Undefined undefined) {
            throw undefined.used();
        }
        if (Types.isNumber(a) && Types.isNumber(b)) {
            return PythonNumbers.compare(a, b);
        }
        if (Types.isString(a) && Types.isString(b)) {
            return PythonText.compare(string(a), string(b));
        }
        if (a instanceof List<?> x && b instanceof List<?> y && !(a instanceof Range) && !(b instanceof Range)) {
            return compareItems(x, y, operator);
        }
        if (a instanceof Tuple x && b instanceof Tuple y) {
            return compareItems(x.items(), y.items(), operator);
        }
        throw new TemplateException("'" + operator + "' not supported between instances of '" + Types.name(a)
                + "' and '" + Types.name(b) + "'");
    }

    /** {@code a operator b} for {@code < <= > >=} */
    public static boolean ordered(String operator, Object a, Object b) {
        if (PythonNumbers.isNaN(a) || PythonNumbers.isNaN(b)) {
            return false;
        }
        int order = compare(a, b, operator);
        return switch (operator) {
            case "<" -> order < 0;
            case "<=" -> order <= 0;
            case ">" -> order > 0;
            default -> order >= 0;
        };
    }

    private static int compareItems(List<?> a, List<?> b, String operator) {
        for (int i = 0; i < Math.min(a.size(), b.size()); i++) {
            if (!equal(a.get(i), b.get(i))) {
                return compare(a.get(i), b.get(i), operator);
            }
        }
        return Integer.compare(a.size(), b.size());
    }

    public static int length(Object value) {
        return switch (value) {
            case String s -> PythonText.length(s);
            case Markup m -> PythonText.length(m.text());
            case List<?> l -> l.size();
            case Tuple t -> t.items().size();
            case Map<?, ?> m -> m.size();
            case View v -> v.items().size();
            case Undefined _ -> 0;
            case PythonObject object
            when object.length().isPresent() -> object.length().getAsInt();
            default -> throw new TemplateException("object of type '" + Types.name(value) + "' has no len()");
        };
    }

    /** What iterating gives, in order; a generator is spent by it. */
    public static List<Object> items(Object value) {
        return switch (value) {
            case String s -> {
                RenderBudget.work(s.length());
                yield PythonText.characters(s);
            }
            case Markup m -> items(m.text());
            case List<?> l -> list(l);
            case Tuple t -> t.items();
            case Map<?, ?> m -> {
                RenderBudget.work(m.size());
                yield new ArrayList<>(m.keySet());
            }
            case View v -> v.items();
            case Once once -> once.take();
            case Undefined _ -> List.of();
            default -> throw new TemplateException("'" + Types.name(value) + "' object is not iterable");
        };
    }

    /** {@code item in container} */
    public static boolean contains(Object container, Object item) {
        if (Types.isString(container)) {
            if (item instanceof Undefined undefined) {
                throw undefined.used();
            }
            if (!Types.isString(item)) {
                throw new TemplateException("'in <string>' requires string as left operand, not " + Types.name(item));
            }
            RenderBudget.search(string(container), string(item));
            return string(container).contains(string(item));
        }
        if (container instanceof Map<?, ?> map) {
            return map.containsKey(key(item));
        }
        if (!Types.isIterable(container)) {
            throw new TemplateException("argument of type '" + Types.name(container) + "' is not iterable");
        }
        return items(container).stream().anyMatch(each -> equal(each, item));
    }

    /** The value as the key of a dict. */
    public static Object key(Object value) {
        RenderBudget.work(4);
        return switch (value) {
            case Markup m -> m.text();
            case Tuple t -> new Tuple(t.items().stream().map(PythonValues::key).toList(), t.names());
            case List<?> _, Map<?, ?> _ -> throw new TemplateException("unhashable type: '" + Types.name(value) + "'");
            default -> value;
        };
    }

    /** Equal for equal values, also for numbers of two types. */
    public static Object hashed(Object value) {
        return switch (value) {
            case Boolean b -> PythonNumbers.whole(b);
            case Double d when Math.rint(d) == d && Double.isFinite(d) -> new BigDecimal(d).toBigInteger();
            default -> key(value);
        };
    }

    /** Lists of the engine hold values only. */
    @SuppressWarnings("unchecked")
    public static List<Object> list(List<?> list) {
        return (List<Object>) list;
    }

    /** Dicts of the engine hold values only. */
    @SuppressWarnings("unchecked")
    public static Map<Object, Object> dictOf(Map<?, ?> map) {
        return (Map<Object, Object>) map;
    }
}
