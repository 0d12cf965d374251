package cogent.jinja.parse;

import cogent.jinja.parse.Expression.Application;
import cogent.jinja.parse.Expression.Arguments;
import cogent.jinja.parse.Token.Kind;
import cogent.jinja.value.None;
import cogent.jinja.value.PythonNumbers;
import cogent.jinja.value.TemplateException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Expressions, from the loosest to the tightest: {@code a if b else c}, or, and, not, comparisons, {@code + -},
 * {@code ~}, {@code * / // %}, {@code **}, signs, then what follows a value ({@code .x [x] (x) |x} and {@code is x}).
 *
 * @see <a href="https://jinja.palletsprojects.com/en/stable/templates/#expressions">Jinja: expressions</a>
 */
final class ExpressionParser {
    private static final Set<String> COMPARISONS = Set.of("==", "!=", "<", "<=", ">", ">=");

    private final Tokens tokens;
    private Set<String> names = new HashSet<>();

    ExpressionParser(Tokens tokens) {
        this.tokens = tokens;
    }

    /** Runs a part of the parser; returns the names that expressions in it read. */
    Set<String> namesRead(Runnable part) {
        Set<String> outer = names;
        names = new HashSet<>();
        part.run();
        Set<String> inner = names;
        outer.addAll(inner);
        names = outer;
        return inner;
    }

    /** One expression, or several with commas between them: a tuple. */
    Expression tuple(boolean withCondition) {
        if (endsTuple()) {
            throw tokens.error("Expected an expression, got '" + tokens.peek().described() + "'");
        }
        Expression first = withCondition ? expression() : or();
        if (!tokens.peek().is(",")) {
            return first;
        }
        var items = new ArrayList<Expression>(List.of(first));
        while (tokens.takeIf(",") && !endsTuple()) {
            items.add(withCondition ? expression() : or());
        }
        return new Expression.TupleOf(items);
    }

    private boolean endsTuple() {
        Token token = tokens.peek();
        return token.kind() == Kind.PRINT_END
                || token.kind() == Kind.BLOCK_END
                || token.is(")")
                || token.isName("in")
                || token.isName("recursive");
    }

    Expression expression() {
        Expression value = or();
        while (tokens.peek().isName("if")) {
            int line = tokens.take().line();
            Expression test = or();
            Expression otherwise = tokens.takeIfName("else") ? expression() : null;
            value = new Expression.Conditional(test, value, otherwise, line);
        }
        return value;
    }

    Expression or() {
        Expression left = and();
        while (tokens.takeIfName("or")) {
            left = new Expression.Or(left, and());
        }
        return left;
    }

    private Expression and() {
        Expression left = not();
        while (tokens.takeIfName("and")) {
            left = new Expression.And(left, not());
        }
        return left;
    }

    private Expression not() {
        return tokens.takeIfName("not") ? new Expression.Not(not()) : comparison();
    }

    private Expression comparison() {
        int line = tokens.peek().line();
        Expression first = sum();
        var rest = new ArrayList<Expression.Operand>();
        for (String operator = comparisonOperator(); operator != null; operator = comparisonOperator()) {
            rest.add(new Expression.Operand(operator, sum()));
        }
        return rest.isEmpty() ? first : new Expression.Compare(first, rest, line);
    }

    private @Nullable String comparisonOperator() {
        Token token = tokens.peek();
        if (token.kind() == Kind.OPERATOR && COMPARISONS.contains(token.text())) {
            return tokens.take().text();
        }
        if (tokens.takeIfName("in")) {
            return "in";
        }
        if (token.isName("not") && tokens.peekSecond().isName("in")) {
            tokens.take();
            tokens.take();
            return "not in";
        }
        return null;
    }

    private Expression sum() {
        return leftToRight(Set.of("+", "-"), this::concat);
    }

    private Expression concat() {
        Expression first = product();
        if (!tokens.peek().is("~")) {
            return first;
        }
        var parts = new ArrayList<Expression>(List.of(first));
        while (tokens.takeIf("~")) {
            parts.add(product());
        }
        return new Expression.Concat(parts);
    }

    private Expression product() {
        return leftToRight(Set.of("*", "/", "//", "%"), this::power);
    }

    /** Left to right, unlike Python's. */
    private Expression power() {
        return leftToRight(Set.of("**"), () -> signed(true));
    }

    private Expression leftToRight(Set<String> operators, Supplier<Expression> operand) {
        Expression left = operand.get();
        while (tokens.peek().kind() == Kind.OPERATOR
                && operators.contains(tokens.peek().text())) {
            Token operator = tokens.take();
            left = new Expression.Binary(operator.text(), left, operand.get(), operator.line());
        }
        return left;
    }

    private Expression signed(boolean withFilters) {
        Token token = tokens.peek();
        Expression value;
        if (token.is("-") || token.is("+")) {
            tokens.take();
            value = new Expression.Sign(token.text().charAt(0), signed(false), token.line());
        } else {
            value = primary();
        }
        value = postfix(value);
        return withFilters ? filtersAndTests(value) : value;
    }

    private Expression primary() {
        Token token = tokens.peek();
        return switch (token.kind()) {
            case NAME -> name(tokens.take().text());
            case STRING -> {
                var text = new StringBuilder();
                while (tokens.peek().kind() == Kind.STRING) {
                    text.append(tokens.take().text());
                }
                yield new Expression.Constant(text.toString());
            }
            case INTEGER ->
                new Expression.Constant(PythonNumbers.literal(tokens.take().text()));
            case FLOAT ->
                new Expression.Constant(Double.parseDouble(tokens.take().text()));
            case OPERATOR -> bracketed();
            default -> throw tokens.error("unexpected '" + token.described() + "'");
        };
    }

    private Expression name(String name) {
        return switch (name) {
            case "true", "True" -> new Expression.Constant(true);
            case "false", "False" -> new Expression.Constant(false);
            case "none", "None" -> new Expression.Constant(None.NONE);
            default -> {
                names.add(name);
                yield new Expression.Name(name);
            }
        };
    }

    private Expression bracketed() {
        if (tokens.takeIf("(")) {
            return parenthesised();
        }
        if (tokens.takeIf("[")) {
            return new Expression.ListOf(items("]", this::expression));
        }
        if (tokens.takeIf("{")) {
            return new Expression.DictOf(items("}", this::entry));
        }
        throw tokens.error("unexpected '" + tokens.peek().described() + "'");
    }

    private Expression parenthesised() {
        if (tokens.takeIf(")")) {
            return new Expression.TupleOf(List.of());
        }
        Expression inside = tuple(true);
        tokens.expect(")");
        return inside;
    }

    private Expression.Entry entry() {
        Expression key = expression();
        tokens.expect(":");
        return new Expression.Entry(key, expression());
    }

    private <T> List<T> items(String close, Supplier<T> item) {
        var items = new ArrayList<T>();
        while (!tokens.takeIf(close)) {
            if (!items.isEmpty()) {
                tokens.expect(",");
                if (tokens.takeIf(close)) {
                    break;
                }
            }
            items.add(item.get());
        }
        return items;
    }

    private Expression postfix(Expression value) {
        Expression result = value;
        while (true) {
            Token token = tokens.peek();
            if (tokens.takeIf(".")) {
                Token name = tokens.take();
                result = switch (name.kind()) {
                    case NAME -> new Expression.Attribute(result, name.text(), token.line());
                    case INTEGER ->
                        new Expression.Item(
                                result, new Expression.Constant(PythonNumbers.literal(name.text())), token.line());
                    default -> throw new TemplateException("expected name or number", name.line());
                };
            } else if (tokens.takeIf("[")) {
                List<Expression> keys = items("]", this::subscript);
                Expression key = keys.size() == 1 ? keys.getFirst() : new Expression.TupleOf(keys);
                result = new Expression.Item(result, key, token.line());
            } else if (token.is("(")) {
                result = new Expression.Call(result, arguments(), token.line());
            } else {
                return result;
            }
        }
    }

    private Expression subscript() {
        @Nullable Expression start = tokens.peek().is(":") ? null : expression();
        if (start != null && !tokens.peek().is(":")) {
            return start;
        }
        tokens.expect(":");
        @Nullable Expression stop = endsSlicePart() ? null : expression();
        @Nullable Expression step = tokens.takeIf(":") && !endsSlicePart() ? expression() : null;
        return new Expression.Slice(start, stop, step);
    }

    private boolean endsSlicePart() {
        return tokens.peek().is(":") || tokens.peek().is("]") || tokens.peek().is(",");
    }

    private Expression filtersAndTests(Expression value) {
        Expression result = value;
        while (true) {
            Token token = tokens.peek();
            if (tokens.takeIf("|")) {
                result = new Expression.Filter(result, filter());
            } else if (tokens.takeIfName("is")) {
                boolean negated = tokens.takeIfName("not");
                result = new Expression.Test(result, test());
                result = negated ? new Expression.Not(result) : result;
            } else if (token.is("(")) {
                result = new Expression.Call(result, arguments(), token.line());
            } else {
                return result;
            }
        }
    }

    /** A filter's name and arguments, behind the bar. */
    Application filter() {
        Token name = tokens.peek();
        String dotted = dottedName();
        return new Application(dotted, tokens.peek().is("(") ? arguments() : Arguments.NONE, name.line());
    }

    private Application test() {
        Token name = tokens.peek();
        String dotted = dottedName();
        Token token = tokens.peek();
        if (token.is("(")) {
            return new Application(dotted, arguments(), name.line());
        }
        boolean argument = switch (token.kind()) {
            case NAME -> !Set.of("else", "or", "and").contains(token.text());
            case STRING, INTEGER, FLOAT -> true;
            default -> token.is("[") || token.is("{");
        };
        if (!argument) {
            return new Application(dotted, Arguments.NONE, name.line());
        }
        if (token.isName("is")) {
            throw tokens.error("You cannot chain multiple tests with is");
        }
        return new Application(dotted, new Arguments(List.of(postfix(primary())), List.of(), null, null), name.line());
    }

    private String dottedName() {
        var name = new StringBuilder(tokens.expect(Kind.NAME).text());
        while (tokens.takeIf(".")) {
            name.append('.').append(tokens.expect(Kind.NAME).text());
        }
        return name.toString();
    }

    private Arguments arguments() {
        int line = tokens.peek().line();
        tokens.expect("(");
        var positional = new ArrayList<Expression>();
        var keywords = new ArrayList<Expression.Keyword>();
        @Nullable Expression star = null;
        @Nullable Expression doubleStar = null;
        boolean first = true;
        while (!tokens.takeIf(")")) {
            if (!first) {
                tokens.expect(",");
                if (tokens.takeIf(")")) {
                    break;
                }
            }
            first = false;
            boolean inOrder;
            if (tokens.takeIf("*")) {
                inOrder = star == null && doubleStar == null;
                star = expression();
            } else if (tokens.takeIf("**")) {
                inOrder = doubleStar == null;
                doubleStar = expression();
            } else if (tokens.peek().kind() == Kind.NAME && tokens.peekSecond().is("=")) {
                inOrder = doubleStar == null;
                String name = tokens.take().text();
                tokens.take();
                keywords.add(new Expression.Keyword(name, expression()));
            } else {
                inOrder = star == null && doubleStar == null && keywords.isEmpty();
                positional.add(expression());
            }
            if (!inOrder) {
                throw new TemplateException("invalid syntax for function call expression", line);
            }
        }
        return new Arguments(positional, keywords, star, doubleStar);
    }
}
