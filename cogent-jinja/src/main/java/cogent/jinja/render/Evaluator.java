package cogent.jinja.render;

import cogent.jinja.builtin.Access;
import cogent.jinja.builtin.Filters;
import cogent.jinja.builtin.Globals;
import cogent.jinja.builtin.Slices;
import cogent.jinja.builtin.Tests;
import cogent.jinja.parse.Expression;
import cogent.jinja.parse.Expression.Application;
import cogent.jinja.parse.Expression.Arguments;
import cogent.jinja.value.CallArguments;
import cogent.jinja.value.Callable;
import cogent.jinja.value.None;
import cogent.jinja.value.PythonOperators;
import cogent.jinja.value.PythonValues;
import cogent.jinja.value.RenderBudget;
import cogent.jinja.value.TemplateException;
import cogent.jinja.value.Tuple;
import cogent.jinja.value.Types;
import cogent.jinja.value.Undefined;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Values of expressions. Knows the template's line that it is at, for errors. */
final class Evaluator {
    private final Globals globals;
    private int line = 1;

    Evaluator(Globals globals) {
        this.globals = globals;
    }

    int line() {
        return line;
    }

    void at(int where) {
        line = where;
    }

    Object value(Expression expression, Frame scope) {
        RenderBudget.work(1);
        return switch (expression) {
            case Expression.Constant constant -> constant.value();
            case Expression.Name name -> variable(name.name(), scope);
            case Expression.ListOf list -> values(list.items(), scope);
            case Expression.TupleOf tuple -> Tuple.of(values(tuple.items(), scope));
            case Expression.DictOf dict -> {
                var map = new LinkedHashMap<Object, Object>();
                for (Expression.Entry entry : dict.entries()) {
                    map.put(PythonValues.key(value(entry.key(), scope)), value(entry.value(), scope));
                }
                yield map;
            }
            case Expression.Attribute attribute -> {
                Object target = value(attribute.target(), scope);
                line = attribute.line();
                yield Access.attribute(target, attribute.name());
            }
            case Expression.Item item -> item(item, scope);
            case Expression.Slice _ -> throw new TemplateException("a slice has no value of its own");
            case Expression.Call call -> call(call, scope, Map.of());
            case Expression.Filter filter -> filtered(value(filter.value(), scope), List.of(filter.filter()), scope);
            case Expression.Test test -> test(test, scope);
            case Expression.Not not -> !PythonValues.truth(value(not.value(), scope));
            case Expression.Sign sign -> {
                Object value = value(sign.value(), scope);
                line = sign.line();
                yield PythonOperators.sign(sign.sign(), value);
            }
            case Expression.Binary binary -> {
                Object left = value(binary.left(), scope);
                Object right = value(binary.right(), scope);
                line = binary.line();
                yield PythonOperators.apply(binary.operator(), left, right);
            }
            case Expression.And and -> {
                Object left = value(and.left(), scope);
                yield PythonValues.truth(left) ? value(and.right(), scope) : left;
            }
            case Expression.Or or -> {
                Object left = value(or.left(), scope);
                yield PythonValues.truth(left) ? left : value(or.right(), scope);
            }
            case Expression.Concat concat -> {
                var text = new StringBuilder();
                for (Expression part : concat.parts()) {
                    text.append(RenderBudget.text(PythonValues.string(value(part, scope))));
                }
                yield text.toString();
            }
            case Expression.Compare compare -> compare(compare, scope);
            case Expression.Conditional choice -> conditional(choice, scope);
        };
    }

    private Object variable(String name, Frame scope) {
        Object value = scope.find(name);
        return value != null ? value : globals.find(name);
    }

    private List<Object> values(List<Expression> expressions, Frame scope) {
        var values = new ArrayList<Object>(expressions.size());
        for (Expression expression : expressions) {
            values.add(value(expression, scope));
        }
        return values;
    }

    private Object item(Expression.Item item, Frame scope) {
        Object target = value(item.target(), scope);
        if (item.key() instanceof Expression.Slice slice) {
            Object start = bound(slice.start(), scope);
            Object stop = bound(slice.stop(), scope);
            Object step = bound(slice.step(), scope);
            line = item.line();
            return Slices.slice(target, start, stop, step);
        }
        Object key = value(item.key(), scope);
        line = item.line();
        return Access.item(target, key);
    }

    private Object bound(@Nullable Expression expression, Frame scope) {
        return expression == null ? None.NONE : value(expression, scope);
    }

    private Object test(Expression.Test test, Frame scope) {
        Object value = value(test.value(), scope);
        Application application = test.test();
        CallArguments arguments = arguments(application.name(), application.arguments(), scope, Map.of());
        line = application.line();
        return Tests.holds(application.name(), value, arguments);
    }

    /** The value after one filter and the next. */
    Object filtered(Object value, List<Application> applications, Frame scope) {
        Object result = value;
        for (Application application : applications) {
            CallArguments arguments = arguments(application.name(), application.arguments(), scope, Map.of());
            line = application.line();
            result = Filters.apply(application.name(), result, arguments);
        }
        return result;
    }

    /** @param more named arguments beside those in the template */
    Object call(Expression.Call call, Frame scope, Map<String, Object> more) {
        Object callee = value(call.callee(), scope);
        CallArguments arguments = arguments(nameOf(call.callee()), call.arguments(), scope, more);
        line = call.line();
        return switch (callee) {
            case Callable callable -> callable.call(arguments);
            case Undefined undefined -> throw undefined.used();
            default -> throw new TemplateException("'" + Types.name(callee) + "' object is not callable");
        };
    }

    private static String nameOf(Expression callee) {
        return switch (callee) {
            case Expression.Name name -> name.name();
            case Expression.Attribute attribute -> attribute.name();
            default -> "function";
        };
    }

    private CallArguments arguments(String callee, Arguments written, Frame scope, Map<String, Object> more) {
        if (written.equals(Arguments.NONE) && more.isEmpty()) {
            return new CallArguments(callee, List.of(), Map.of());
        }
        List<Object> positional = values(written.positional(), scope);
        var named = new LinkedHashMap<String, Object>();
        for (Expression.Keyword keyword : written.keywords()) {
            named.put(keyword.name(), value(keyword.value(), scope));
        }
        if (written.star() != null) {
            List<Object> rest = PythonValues.items(value(written.star(), scope));
            RenderBudget.work(rest.size());
            positional.addAll(rest);
        }
        if (written.doubleStar() != null) {
            if (!(value(written.doubleStar(), scope) instanceof Map<?, ?> map)) {
                throw new TemplateException(callee + "() argument after ** must be a mapping");
            }
            RenderBudget.work(map.size());
            map.forEach((key, value) -> named.put(PythonValues.string(key), value));
        }
        named.putAll(more);
        return new CallArguments(callee, positional, named);
    }

    private Object compare(Expression.Compare compare, Frame scope) {
        Object left = value(compare.first(), scope);
        for (Expression.Operand operand : compare.rest()) {
            Object right = value(operand.value(), scope);
            line = compare.line();
            if (!holds(operand.operator(), left, right)) {
                return false;
            }
            left = right;
        }
        return true;
    }

    private static boolean holds(String operator, Object left, Object right) {
        return switch (operator) {
            case "==" -> PythonValues.equal(left, right);
            case "!=" -> !PythonValues.equal(left, right);
            case "in" -> PythonValues.contains(right, left);
            case "not in" -> !PythonValues.contains(right, left);
            default -> PythonValues.ordered(operator, left, right);
        };
    }

    private Object conditional(Expression.Conditional choice, Frame scope) {
        if (PythonValues.truth(value(choice.test(), scope))) {
            return value(choice.then(), scope);
        }
        return choice.otherwise() != null
                ? value(choice.otherwise(), scope)
                : new Undefined("the inline if-expression on line " + choice.line()
                        + " evaluated to false and no else section was defined.");
    }
}
