package cogent.jinja.builtin;

import cogent.jinja.value.CallArguments;
import cogent.jinja.value.Callable;
import cogent.jinja.value.Markup;
import cogent.jinja.value.None;
import cogent.jinja.value.PythonNumbers;
import cogent.jinja.value.PythonOperators;
import cogent.jinja.value.PythonValues;
import cogent.jinja.value.Strings;
import cogent.jinja.value.TemplateException;
import cogent.jinja.value.Tuple;
import cogent.jinja.value.Types;
import cogent.jinja.value.Undefined;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * {@code value is name(arguments)}.
 *
 * @see <a href="https://jinja.palletsprojects.com/en/stable/templates/#builtin-tests">Jinja: built-in tests</a>
 */
public final class Tests {
    private Tests() {}

    public static boolean holds(String name, Object value, CallArguments arguments) {
        return switch (name) {
            case "defined" -> !(value instanceof Undefined);
            case "undefined" -> value instanceof Undefined;
            case "none" -> value == None.NONE;
            case "boolean" -> value instanceof Boolean;
            case "true" -> Boolean.TRUE.equals(value);
            case "false" -> Boolean.FALSE.equals(value);
            case "integer" -> value instanceof java.math.BigInteger;
            case "float" -> value instanceof Double;
            case "number" -> Types.isNumber(value);
            case "string" -> Types.isString(value);
            case "mapping" -> value instanceof Map;
            case "sequence" -> Types.isSequence(value);
            case "iterable" -> Types.isIterable(value);
            case "callable" -> value instanceof Callable || value instanceof Undefined;
            case "escaped" -> value instanceof Markup;
            case "lower" -> (boolean) StringMethods.call(PythonValues.string(value), "islower", arguments);
            case "upper" -> (boolean) StringMethods.call(PythonValues.string(value), "isupper", arguments);
            case "odd" -> remainder(value, PythonNumbers.of(2), 1);
            case "even" -> remainder(value, PythonNumbers.of(2), 0);
            case "divisibleby" -> remainder(value, arguments.get(0, "num"), 0);
            case "eq", "equalto", "==" -> PythonValues.equal(value, arguments.get(0, "b"));
            case "ne", "!=" -> !PythonValues.equal(value, arguments.get(0, "b"));
            case "lt", "lessthan", "<" -> PythonValues.ordered("<", value, arguments.get(0, "b"));
            case "le", "<=" -> PythonValues.ordered("<=", value, arguments.get(0, "b"));
            case "gt", "greaterthan", ">" -> PythonValues.ordered(">", value, arguments.get(0, "b"));
            case "ge", ">=" -> PythonValues.ordered(">=", value, arguments.get(0, "b"));
            case "in" -> PythonValues.contains(arguments.get(0, "seq"), value);
            case "sameas" -> same(value, arguments.get(0, "other"));
            case "filter" -> FILTERS.contains(PythonValues.string(value));
            case "test" -> NAMES.contains(PythonValues.string(value));
            default -> throw new TemplateException("No test named " + Strings.repr(name) + ".");
        };
    }

    /** What {@link Filters} knows. */
    private static final Set<String> FILTERS = Set.of(
            "abs",
            "attr",
            "batch",
            "capitalize",
            "center",
            "count",
            "d",
            "default",
            "dictsort",
            "e",
            "escape",
            "first",
            "float",
            "forceescape",
            "format",
            "groupby",
            "indent",
            "int",
            "items",
            "join",
            "last",
            "length",
            "list",
            "lower",
            "map",
            "max",
            "min",
            "reject",
            "rejectattr",
            "replace",
            "reverse",
            "round",
            "safe",
            "select",
            "selectattr",
            "slice",
            "sort",
            "string",
            "striptags",
            "sum",
            "title",
            "tojson",
            "trim",
            "truncate",
            "unique",
            "upper",
            "urlencode",
            "wordcount");

    private static final List<String> NAMES = List.of(
            "defined",
            "undefined",
            "none",
            "boolean",
            "true",
            "false",
            "integer",
            "float",
            "number",
            "string",
            "mapping",
            "sequence",
            "iterable",
            "callable",
            "escaped",
            "lower",
            "upper",
            "odd",
            "even",
            "divisibleby",
            "eq",
            "equalto",
            "==",
            "ne",
            "!=",
            "lt",
            "lessthan",
            "<",
            "le",
            "<=",
            "gt",
            "greaterthan",
            ">",
            "ge",
            ">=",
            "in",
            "sameas",
            "filter",
            "test");

    private static boolean remainder(Object value, Object divisor, int wanted) {
        return PythonValues.equal(PythonOperators.apply("%", value, divisor), PythonNumbers.of(wanted));
    }

    /** Python's {@code is}: one object; small values are one object each. */
    @SuppressWarnings("ReferenceEquality") // the test is about identity
    private static boolean same(Object a, Object b) {
        boolean compound = a instanceof List || a instanceof Map || a instanceof Tuple;
        return a == b || (!compound && a.getClass() == b.getClass() && PythonValues.equal(a, b));
    }
}
