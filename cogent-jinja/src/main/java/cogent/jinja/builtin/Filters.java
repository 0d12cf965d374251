package cogent.jinja.builtin;

import cogent.jinja.value.CallArguments;
import cogent.jinja.value.Markup;
import cogent.jinja.value.Once;
import cogent.jinja.value.PythonNumbers;
import cogent.jinja.value.PythonOperators;
import cogent.jinja.value.PythonValues;
import cogent.jinja.value.RenderBudget;
import cogent.jinja.value.Strings;
import cogent.jinja.value.TemplateException;
import cogent.jinja.value.Tuple;
import cogent.jinja.value.Types;
import cogent.jinja.value.Undefined;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * {@code value|name(arguments)}: Jinja's filters, except those that make HTML links and attributes, wrap words or are
 * random, and {@code tojson} as transformers defines it.
 *
 * @see <a href="https://jinja.palletsprojects.com/en/stable/templates/#builtin-filters">Jinja: built-in filters</a>
 */
public final class Filters {
    private Filters() {}

    public static Object apply(String name, Object value, CallArguments a) {
        return switch (name) {
            case "default", "d" ->
                value instanceof Undefined || (a.flag(1, "boolean", false) && !PythonValues.truth(value))
                        ? a.get(0, "default_value", "")
                        : value;
            case "length", "count" -> PythonNumbers.of(PythonValues.length(value));
            case "tojson" -> Json.write(value, a);
            case "string" -> value instanceof Markup ? value : PythonValues.string(value);
            case "list" -> new ArrayList<>(RenderBudget.counted(PythonValues.items(value)));
            case "items" -> items(value);
            case "attr" -> Access.own(value, a.string(0, "name"));
            case "safe" -> new Markup(PythonValues.string(value));
            case "escape", "e" -> PythonValues.escaped(value);
            case "forceescape" -> new Markup(Markup.escape(PythonValues.string(value)));
            case "format" -> format(value, a);
            case "join" -> join(value, a);
            case "reverse" ->
                Types.isString(value)
                        ? new StringBuilder(PythonValues.string(value))
                                .reverse()
                                .toString()
                        : new Once(
                                Types.name(value) + "_reverseiterator",
                                RenderBudget.counted(PythonValues.items(value)).reversed());

            case "abs", "int", "float", "round", "sum", "min", "max" -> NumberFilters.apply(name, value, a);

            case "first", "last", "sort", "unique", "dictsort", "groupby", "batch", "slice" ->
                ListFilters.apply(name, value, a);
            case "map", "select", "reject", "selectattr", "rejectattr" ->
                ChoiceFilters.apply(name, value, a, Filters::apply);

            case "trim" -> marked(value, "strip", a);
            case "upper", "lower", "capitalize" -> marked(value, name, a);
            case "title", "center", "replace", "indent", "truncate", "striptags", "wordcount", "urlencode" ->
                TextFilters.apply(name, PythonValues.string(value), value, a);
            default -> throw new TemplateException("No filter named " + Strings.repr(name) + ".");
        };
    }

    private static Object marked(Object value, String method, CallArguments a) {
        return Methods.call(value instanceof Markup ? value : PythonValues.string(value), method, a);
    }

    private static Object items(Object value) {
        return switch (value) {
            case Undefined _ -> new Once("do_items", List.of());
            case Map<?, ?> map -> new Once("do_items", RenderBudget.counted(Methods.items(PythonValues.dictOf(map))));
            default -> throw new TemplateException("Can only get item pairs from a mapping.");
        };
    }

    private static Object format(Object value, CallArguments a) {
        if (!a.positional().isEmpty() && !a.named().isEmpty()) {
            throw new TemplateException("can't handle positional and keyword arguments at the same time");
        }
        Object values = a.named().isEmpty() ? Tuple.of(a.positional()) : Map.copyOf(a.named());
        return PythonOperators.apply("%", value instanceof Markup ? value : PythonValues.string(value), values);
    }

    private static Object join(Object value, CallArguments a) {
        String separator = PythonValues.string(a.get(0, "d", ""));
        Getter attribute = Getter.of(a.find(1, "attribute"));
        var text = new StringBuilder();
        boolean first = true;
        for (Object item : PythonValues.items(value)) {
            text.append(first ? "" : RenderBudget.text(separator))
                    .append(RenderBudget.text(PythonValues.string(attribute.from(item))));
            first = false;
        }
        return text.toString();
    }
}
