package cogent.jinja.builtin;

import cogent.jinja.value.CallArguments;
import cogent.jinja.value.PythonNumbers;
import cogent.jinja.value.PythonOperators;
import cogent.jinja.value.PythonValues;
import cogent.jinja.value.RenderBudget;
import cogent.jinja.value.TemplateException;
import cogent.jinja.value.Types;
import cogent.jinja.value.Undefined;
import java.math.BigInteger;
import java.math.RoundingMode;
import org.jspecify.annotations.Nullable;

/** Filters to and of numbers. */
final class NumberFilters {
    private NumberFilters() {}

    static Object apply(String name, Object value, CallArguments a) {
        return switch (name) {
            case "abs" -> abs(value);
            case "int" -> integer(value, a.get(0, "default", BigInteger.ZERO), a.integer(1, "base", 10));
            case "float" -> real(value, a.get(0, "default", 0.0));
            case "round" -> round(value, a);
            case "sum" -> sum(value, a);
            default -> extreme(name, value, a);
        };
    }

    private static Object abs(Object value) {
        return switch (value) {
            case Double d -> Math.abs(d);
            case Object number
            when PythonNumbers.isInt(number) -> PythonNumbers.whole(number).abs();
            default -> throw new TemplateException("bad operand type for abs(): '" + Types.name(value) + "'");
        };
    }

    private static Object integer(Object value, Object byDefault, int base) {
        if (value instanceof Undefined undefined) {
            throw undefined.used();
        }
        if (PythonNumbers.isInt(value)) {
            return PythonNumbers.whole(value);
        }
        @Nullable BigInteger whole = null;
        @Nullable Double real = value instanceof Double d ? d : null;
        if (Types.isString(value)) {
            whole = PythonNumbers.parse(PythonValues.string(value), base);
            real = PythonNumbers.parseReal(PythonValues.string(value));
        }
        if (whole != null) {
            return whole;
        }
        return real == null || real.isNaN() || real.isInfinite()
                ? byDefault
                : new java.math.BigDecimal(real).toBigInteger();
    }

    private static Object real(Object value, Object byDefault) {
        if (value instanceof Undefined undefined) {
            throw undefined.used();
        }
        if (Types.isNumber(value)) {
            return PythonNumbers.real(value);
        }
        Double real = Types.isString(value) ? PythonNumbers.parseReal(PythonValues.string(value)) : null;
        return real == null ? byDefault : real;
    }

    private static Object round(Object value, CallArguments a) {
        int digits = a.integer(0, "precision", 0);
        String method = a.string(1, "method", "common");
        if (!Types.isNumber(value)) {
            throw new TemplateException("type " + Types.name(value) + " doesn't define __round__ method");
        }
        RoundingMode mode = switch (method) {
            case "common" -> RoundingMode.HALF_EVEN;
            case "ceil" -> RoundingMode.CEILING;
            case "floor" -> RoundingMode.FLOOR;
            default -> throw new TemplateException("method must be common, ceil or floor");
        };
        if (mode == RoundingMode.HALF_EVEN) {
            return PythonNumbers.isInt(value)
                    ? digits >= 0 ? PythonNumbers.whole(value) : roundedWhole(value, digits)
                    : (Object) PythonNumbers.round(PythonNumbers.real(value), digits, mode);
        }
        double scale = Math.pow(10, digits);
        return PythonNumbers.round(PythonNumbers.real(value) * scale, 0, mode) / scale;
    }

    private static BigInteger roundedWhole(Object value, int digits) {
        return digits < -5000
                ? BigInteger.ZERO
                : new java.math.BigDecimal(PythonNumbers.whole(value))
                        .setScale(digits, RoundingMode.HALF_EVEN)
                        .toBigInteger();
    }

    private static Object sum(Object value, CallArguments a) {
        Getter attribute = Getter.of(a.find(0, "attribute"));
        Object sum = a.get(1, "start", BigInteger.ZERO);
        for (Object item : PythonValues.items(value)) {
            RenderBudget.work(1);
            sum = PythonOperators.apply("+", sum, attribute.from(item));
        }
        return sum;
    }

    private static Object extreme(String name, Object value, CallArguments a) {
        boolean caseSensitive = a.flag(0, "case_sensitive", false);
        Getter attribute = Getter.of(a.find(1, "attribute"));
        @Nullable Object best = null;
        @Nullable Object bestKey = null;
        for (Object item : PythonValues.items(value)) {
            Object key = attribute.from(item);
            key = caseSensitive ? key : Case.caseless(key);
            if (bestKey == null
                    || (name.equals("max")
                            ? PythonValues.ordered(">", key, bestKey)
                            : PythonValues.ordered("<", key, bestKey))) {
                best = item;
                bestKey = key;
            }
        }
        return best == null ? new Undefined("No aggregated item, sequence was empty.") : best;
    }
}
