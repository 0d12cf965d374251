package cogent.jinja.parse;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What has a value; the tree that the parser builds of it. Lines are those of the template, from 1. */
public sealed interface Expression {
    record Constant(Object value) implements Expression {}

    record Name(String name) implements Expression {}

    record ListOf(List<Expression> items) implements Expression {}

    record TupleOf(List<Expression> items) implements Expression {}

    record DictOf(List<Entry> entries) implements Expression {}

    record Entry(Expression key, Expression value) {}

    /** {@code target.name} */
    record Attribute(Expression target, String name, int line) implements Expression {}

    /** {@code target[key]} */
    record Item(Expression target, Expression key, int line) implements Expression {}

    /** {@code start:stop:step} as the key of an {@link Item} */
    record Slice(
            @Nullable Expression start,
            @Nullable Expression stop,
            @Nullable Expression step) implements Expression {}

    record Call(Expression callee, Arguments arguments, int line) implements Expression {}

    /** {@code value|name(arguments)} */
    record Filter(Expression value, Application filter) implements Expression {}

    /** {@code value is name(arguments)} */
    record Test(Expression value, Application test) implements Expression {}

    record Application(String name, Arguments arguments, int line) {}

    record Not(Expression value) implements Expression {}

    record Sign(char sign, Expression value, int line) implements Expression {}

    record Binary(String operator, Expression left, Expression right, int line) implements Expression {}

    record And(Expression left, Expression right) implements Expression {}

    record Or(Expression left, Expression right) implements Expression {}

    /** {@code a ~ b ~ c} */
    record Concat(List<Expression> parts) implements Expression {}

    /** {@code a < b <= c}, each pair compared, each value computed once */
    record Compare(Expression first, List<Operand> rest, int line) implements Expression {}

    record Operand(String operator, Expression value) {}

    /** {@code then if test else otherwise} */
    record Conditional(
            Expression test, Expression then, @Nullable Expression otherwise, int line) implements Expression {}

    record Arguments(
            List<Expression> positional,
            List<Keyword> keywords,
            @Nullable Expression star,
            @Nullable Expression doubleStar) {
        public static final Arguments NONE = new Arguments(List.of(), List.of(), null, null);
    }

    record Keyword(String name, Expression value) {}
}
