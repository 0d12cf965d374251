package cogent.jinja;

import java.util.List;
import java.util.Map;

/**
 * {@code value is name(arguments)}.
 *
 * @see <a href="https://jinja.palletsprojects.com/en/stable/templates/#builtin-tests">Jinja: built-in tests</a>
 */
final class Tests {
    private Tests() {}

    static boolean holds(String name, Object value, CallArguments arguments) {
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
            case "lt", "lessthan", "<" -> Evaluator.ordered("<", value, arguments.get(0, "b"));
            case "le", "<=" -> Evaluator.ordered("<=", value, arguments.get(0, "b"));
            case "gt", "greaterthan", ">" -> Evaluator.ordered(">", value, arguments.get(0, "b"));
            case "ge", ">=" -> Evaluator.ordered(">=", value, arguments.get(0, "b"));
            case "in" -> PythonValues.contains(arguments.get(0, "seq"), value);
            case "sameas" -> same(value, arguments.get(0, "other"));
            case "filter" -> Filters.NAMES.contains(PythonValues.string(value));
            case "test" -> NAMES.contains(PythonValues.string(value));
            default -> throw new TemplateException("No test named " + Strings.repr(name) + ".");
        };
    }

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
