package cogent.jinja.value;

import java.util.ArrayList;
import java.util.List;

/** {@code + - * / // % **} with Python's meanings for each pair of types. */
public final class PythonOperators {
    private PythonOperators() {}

    public static Object apply(String operator, Object a, Object b) {
        if (Types.isNumber(a) && Types.isNumber(b)) {
            return PythonNumbers.arithmetic(operator, a, b);
        }
        if (operator.equals("%") && Types.isString(a)) {
            String text = RenderBudget.text(PercentFormat.format(PythonValues.string(a), b));
            return a instanceof Markup ? new Markup(text) : text;
        }
        if (a instanceof Undefined undefined) {
            throw undefined.used();
        }
        if (b instanceof Undefined undefined) {
            throw undefined.used();
        }
        return switch (operator) {
            case "+" -> add(a, b);
            case "*" ->
                PythonNumbers.isInt(b) && isRepeatable(a)
                        ? repeated(a, PythonNumbers.index(b))
                        : PythonNumbers.isInt(a) && isRepeatable(b)
                                ? repeated(b, PythonNumbers.index(a))
                                : refuse(operator, a, b);
            default -> refuse(operator, a, b);
        };
    }

    private static Object add(Object a, Object b) {
        if (a instanceof Markup || b instanceof Markup) {
            if (Types.isString(a) && Types.isString(b)) {
                return new Markup(RenderBudget.text(
                        PythonValues.escaped(a).text() + PythonValues.escaped(b).text()));
            }
        } else if (a instanceof String x && b instanceof String y) {
            return RenderBudget.text(x.concat(y));
        } else if (a instanceof Tuple x && b instanceof Tuple y) {
            return Tuple.of(joined(x.items(), y.items()));
        } else if (isList(a) && isList(b)) {
            return joined((List<?>) a, (List<?>) b);
        }
        if (Types.isString(a) || isList(a) || a instanceof Tuple) {
            String type = Types.name(a);
            throw new TemplateException("can only concatenate " + type + " (not \"" + Types.name(b) + "\") to " + type);
        }
        return refuse("+", a, b);
    }

    private static boolean isList(Object value) {
        return value instanceof List && !(value instanceof Range);
    }

    private static List<Object> joined(List<?> a, List<?> b) {
        RenderBudget.work(a.size() + b.size());
        var joined = new ArrayList<Object>(a.size() + b.size());
        joined.addAll(a);
        joined.addAll(b);
        return joined;
    }

    private static boolean isRepeatable(Object value) {
        return Types.isString(value) || isList(value) || value instanceof Tuple;
    }

    private static Object repeated(Object value, int wanted) {
        int times = Math.max(0, wanted);
        if (Types.isString(value)) {
            String text = RenderBudget.repeat(PythonValues.string(value), times);
            return value instanceof Markup ? new Markup(text) : text;
        }
        List<Object> items = PythonValues.items(value);
        RenderBudget.work((long) items.size() * times);
        var repeated = new ArrayList<Object>(items.size() * times);
        for (int i = 0; i < times && !items.isEmpty(); i++) {
            repeated.addAll(items);
        }
        return value instanceof Tuple ? Tuple.of(repeated) : repeated;
    }

    private static Object refuse(String operator, Object a, Object b) {
        if (operator.equals("*") && (isRepeatable(a) || isRepeatable(b))) {
            Object other = isRepeatable(a) ? b : a;
            throw new TemplateException("can't multiply sequence by non-int of type '" + Types.name(other) + "'");
        }
        throw new TemplateException("unsupported operand type(s) for "
                + (operator.equals("**") ? "** or pow()" : operator) + ": '" + Types.name(a) + "' and '"
                + Types.name(b) + "'");
    }

    public static Object sign(char sign, Object value) {
        return switch (value) {
            case Double d -> sign == '-' ? -d : d;
            case Undefined undefined -> throw undefined.used();
            case Object number
            when PythonNumbers.isInt(number) ->
                sign == '-' ? PythonNumbers.whole(number).negate() : PythonNumbers.whole(number);
            default ->
                throw new TemplateException("bad operand type for unary " + sign + ": '" + Types.name(value) + "'");
        };
    }
}
