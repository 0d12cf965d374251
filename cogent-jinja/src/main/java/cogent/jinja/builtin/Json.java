package cogent.jinja.builtin;

import cogent.jinja.value.CallArguments;
import cogent.jinja.value.Markup;
import cogent.jinja.value.None;
import cogent.jinja.value.PythonNumbers;
import cogent.jinja.value.PythonValues;
import cogent.jinja.value.Range;
import cogent.jinja.value.RenderBudget;
import cogent.jinja.value.Strings;
import cogent.jinja.value.TemplateException;
import cogent.jinja.value.Tuple;
import cogent.jinja.value.Types;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@code tojson} as transformers defines it: Python's {@code json.dumps} with {@code ensure_ascii=False}, keys in their
 * order, no escaping for HTML.
 *
 * @see <a href="https://docs.python.org/3/library/json.html#json.dumps">Python: json.dumps</a>
 */
final class Json {
    private final StringBuilder out = new StringBuilder();
    private final boolean ascii;
    private final @Nullable String indent;
    private final String comma;
    private final String colon;
    private final boolean sorted;

    private Json(CallArguments a) {
        ascii = a.flag(0, "ensure_ascii", false);
        Object width = a.get(1, "indent", None.NONE);
        indent = width == None.NONE
                ? null
                : Types.isString(width)
                        ? PythonValues.string(width)
                        : RenderBudget.repeat(" ", PythonNumbers.index(width));
        Object separators = a.get(2, "separators", None.NONE);
        List<Object> parts =
                separators == None.NONE ? List.of(indent == null ? ", " : ",", ": ") : PythonValues.items(separators);
        if (parts.size() != 2) {
            throw new TemplateException("separators must be two: between items and behind a key");
        }
        comma = PythonValues.string(parts.get(0));
        colon = PythonValues.string(parts.get(1));
        sorted = a.flag(3, "sort_keys", false);
    }

    static String write(Object value, CallArguments arguments) {
        var json = new Json(arguments.only(4, "ensure_ascii", "indent", "separators", "sort_keys"));
        json.write(value, 0);
        return json.out.toString();
    }

    private void write(Object value, int depth) {
        RenderBudget.work(1);
        switch (value) {
            case None _ -> out.append("null");
            case Boolean b -> out.append(b);
            case BigInteger i -> out.append(i);
            case Double d -> out.append(number(d));
            case String s -> string(s);
            case Markup m -> string(m.text());
            case Range _ -> throw unserializable(value);
            case List<?> list -> list(PythonValues.list(list), depth);
            case Tuple tuple -> list(tuple.items(), depth);
            case Map<?, ?> map -> dict(PythonValues.dictOf(map), depth);
            default -> throw unserializable(value);
        }
    }

    private static TemplateException unserializable(Object value) {
        return new TemplateException("Object of type " + Types.name(value) + " is not JSON serializable");
    }

    private static String number(double d) {
        return Double.isNaN(d) ? "NaN" : Double.isInfinite(d) ? (d > 0 ? "Infinity" : "-Infinity") : Strings.of(d);
    }

    private void list(List<Object> items, int depth) {
        out.append('[');
        for (int i = 0; i < items.size(); i++) {
            separate(i, depth + 1);
            write(items.get(i), depth + 1);
        }
        end(items.isEmpty(), depth, ']');
    }

    private void dict(Map<Object, Object> map, int depth) {
        List<Map.Entry<Object, Object>> entries = new ArrayList<>(map.entrySet());
        if (sorted) {
            entries.sort(Comparator.comparing(Map.Entry::getKey, (x, y) -> PythonValues.compare(x, y, "<")));
        }
        out.append('{');
        for (int i = 0; i < entries.size(); i++) {
            separate(i, depth + 1);
            string(key(entries.get(i).getKey()));
            out.append(colon);
            write(entries.get(i).getValue(), depth + 1);
        }
        end(entries.isEmpty(), depth, '}');
    }

    private static String key(Object key) {
        return switch (key) {
            case String s -> s;
            case None _ -> "null";
            case Boolean b -> b.toString();
            case BigInteger i -> i.toString();
            case Double d -> number(d);
            default ->
                throw new TemplateException("keys must be str, int, float, bool or None, not " + Types.name(key));
        };
    }

    private void separate(int place, int depth) {
        if (place > 0) {
            out.append(RenderBudget.text(comma));
        }
        newLine(depth);
    }

    private void end(boolean empty, int depth, char close) {
        if (!empty) {
            newLine(depth);
        }
        out.append(close);
    }

    private void newLine(int depth) {
        if (indent != null) {
            out.append('\n').append(RenderBudget.repeat(indent, depth));
        }
    }

    private void string(String text) {
        RenderBudget.characters(text.length() + 2);
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                case '\b' -> out.append("\\b");
                case '\f' -> out.append("\\f");
                default -> {
                    if (c < 0x20 || (ascii && c > 0x7E)) {
                        out.append("\\u").append(java.util.HexFormat.of().toHexDigits(c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }
}
