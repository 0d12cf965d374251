package cogent.jinja.value;

import java.math.BigInteger;
import java.util.List;
import java.util.Map;

/**
 * The Python type of each value. Values are: {@link None}, {@link Undefined}, Boolean, BigInteger (int), Double (float),
 * String and {@link Markup} (str), List (list; {@link Range}), {@link Tuple}, Map (dict; insertion order), {@link View},
 * {@link Once} (generator), {@link PythonObject}. Lists and maps are never changed.
 */
public final class Types {
    private Types() {}

    public static String name(Object value) {
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
            case PythonObject object -> object.type();
            default -> value.getClass().getSimpleName();
        };
    }

    /** With the module where Python's name has one. */
    public static String qualifiedName(Object value) {
        return switch (value) {
            case PythonObject object -> object.qualifiedType();
            case Markup _ -> "markupsafe.Markup";
            default -> name(value);
        };
    }

    public static boolean isString(Object value) {
        return value instanceof String || value instanceof Markup;
    }

    /** Booleans are numbers in Python. */
    public static boolean isNumber(Object value) {
        return value instanceof BigInteger || value instanceof Double || value instanceof Boolean;
    }

    /** Has a length and an index, as Jinja's test sees it: mappings count. */
    public static boolean isSequence(Object value) {
        return isString(value)
                || value instanceof List
                || value instanceof Tuple
                || value instanceof Map
                || value instanceof Undefined;
    }

    public static boolean isIterable(Object value) {
        return isSequence(value)
                || value instanceof View
                || value instanceof Once
                || (value instanceof PythonObject object && object.length().isPresent());
    }
}
