package cogent.jinja;

import java.math.BigInteger;
import java.util.List;
import java.util.Map;

/**
 * The Python type of each value. Values are: {@link None}, {@link Undefined}, Boolean, BigInteger (int), Double (float),
 * String and {@link Markup} (str), List (list; {@link Range}), {@link Tuple}, Map (dict; insertion order), {@link View},
 * {@link Once} (generator), {@link Namespace}, {@link Callable}, {@link Loop}. Lists and maps are never changed.
 */
final class Types {
    private Types() {}

    static String name(Object value) {
        return switch (value) {
            case None _ -> "NoneType";
            case Undefined _ -> "Undefined";
            case Boolean _ -> "bool";
            case BigInteger _ -> "int";
            case Double _ -> "float";
            case String _ -> "str";
            case Markup _ -> "Markup";
            case Range _ -> "range";
            case List<?> _ -> "list";
            case Tuple _ -> "tuple";
            case Map<?, ?> _ -> "dict";
            case View view -> view.kind();
            case Once _ -> "generator";
            case Namespace _ -> "Namespace";
            case Macro _ -> "Macro";
            case Loop _ -> "LoopContext";
            case Callable _ -> "builtin_function_or_method";
            default -> value.getClass().getSimpleName();
        };
    }

    /** With the module where Python's name has one. */
    static String qualifiedName(Object value) {
        return switch (value) {
            case Namespace _ -> "jinja2.utils.Namespace";
            case Macro _ -> "jinja2.runtime.Macro";
            case Loop _ -> "jinja2.runtime.LoopContext";
            case Markup _ -> "markupsafe.Markup";
            default -> name(value);
        };
    }

    static boolean isString(Object value) {
        return value instanceof String || value instanceof Markup;
    }

    /** Booleans are numbers in Python. */
    static boolean isNumber(Object value) {
        return value instanceof BigInteger || value instanceof Double || value instanceof Boolean;
    }

    /** Has a length and an index, as Jinja's test sees it: mappings count. */
    static boolean isSequence(Object value) {
        return isString(value)
                || value instanceof List
                || value instanceof Tuple
                || value instanceof Map
                || value instanceof Undefined;
    }

    static boolean isIterable(Object value) {
        return isSequence(value) || value instanceof View || value instanceof Once || value instanceof Loop;
    }
}
