package cogent.jinja.parse;

import cogent.jinja.parse.Statement.Parameter;
import cogent.jinja.parse.Statement.Signature;
import cogent.jinja.parse.Statement.Target;
import cogent.jinja.parse.Token.Kind;
import cogent.jinja.value.TemplateException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Statements: text, {@code {{ … }}}, and the blocks if, for, set, with, macro, call, filter, break, continue and
 * generation (which transformers adds). What needs other templates (include, import, extends, block) is refused.
 *
 * @see <a href="https://jinja.palletsprojects.com/en/stable/templates/#list-of-control-structures">Jinja: control
 *     structures</a>
 */
public final class TemplateParser {
    private final Tokens tokens;
    private final ExpressionParser expressions;
    private final Deque<Open> open = new ArrayDeque<>();
    private int loops;

    /** A block begun, and the tags that go on or end it. */
    private record Open(String block, List<String> ends) {}

    private TemplateParser(List<Token> tokens) {
        this.tokens = new Tokens(tokens);
        this.expressions = new ExpressionParser(this.tokens);
    }

    public static List<Statement> parse(String template) {
        return new TemplateParser(TemplateLexer.tokens(template)).statements(List.of());
    }

    /** Up to a block whose name is one of {@code ends}: its name is next then, its begin taken. */
    private List<Statement> statements(List<String> ends) {
        var body = new ArrayList<Statement>();
        while (true) {
            Token token = tokens.take();
            switch (token.kind()) {
                case TEXT -> body.add(new Statement.Text(token.text()));
                case PRINT_BEGIN -> {
                    body.add(new Statement.Print(expressions.tuple(true), token.line()));
                    tokens.expect(Kind.PRINT_END);
                }
                case BLOCK_BEGIN -> {
                    if (tokens.peek().kind() == Kind.NAME
                            && ends.contains(tokens.peek().text())) {
                        return body;
                    }
                    if (tokens.peek().kind() != Kind.NAME) {
                        throw tokens.error("tag name expected");
                    }
                    body.add(block(tokens.take()));
                    tokens.expect(Kind.BLOCK_END);
                }
                default -> {
                    if (ends.isEmpty()) {
                        return body;
                    }
                    throw unclosed();
                }
            }
        }
    }

    private TemplateException unclosed() {
        return tokens.error("Unexpected end of template. " + lookingFor());
    }

    private TemplateException unknown(Token name) {
        String what = "Encountered unknown tag '" + name.text() + "'.";
        boolean misplaced = open.stream().anyMatch(outer -> outer.ends().contains(name.text()));
        String hint = open.isEmpty()
                ? ""
                : misplaced
                        ? " You probably made a nesting mistake. Jinja is expecting this tag, but currently looking for "
                                + wanted() + "." + innermost()
                        : " " + lookingFor();
        return new TemplateException(what + hint, name.line());
    }

    private String lookingFor() {
        return "Jinja was looking for the following tags: " + wanted() + "." + innermost();
    }

    private String wanted() {
        return "'" + String.join("' or '", open.element().ends()) + "'";
    }

    private String innermost() {
        return " The innermost block that needs to be closed is '"
                + open.element().block() + "'.";
    }

    /** The statements of a block up to its end, which is taken as far as the name. */
    private List<Statement> body(String block, List<String> ends) {
        tokens.expect(Kind.BLOCK_END);
        open.push(new Open(block, ends));
        List<Statement> body = statements(ends);
        open.pop();
        return body;
    }

    private List<Statement> bodyToEnd(String block) {
        List<Statement> body = body(block, List.of("end" + block));
        tokens.take();
        return body;
    }

    private Statement block(Token name) {
        int line = name.line();
        return switch (name.text()) {
            case "if" -> ifs();
            case "for" -> loop(line);
            case "set" -> set(line);
            case "with" -> with(line);
            case "macro" -> macro();
            case "call" -> call(line);
            case "filter" -> new Statement.FilterBlock(filters(), bodyToEnd("filter"), line);
            case "generation" -> new Statement.With(List.of(), bodyToEnd("generation"));
            case "break" -> inLoop(name, "'break' outside loop", new Statement.Break());
            case "continue" -> inLoop(name, "'continue' not properly in loop", new Statement.Continue());
            case "include", "import", "from", "extends", "block" ->
                throw new TemplateException(
                        "a chat template stands alone: '" + name.text() + "' is not available", line);
            default -> throw unknown(name);
        };
    }

    private Statement inLoop(Token name, String otherwise, Statement statement) {
        if (loops == 0) {
            throw new TemplateException(otherwise, name.line());
        }
        return statement;
    }

    private Statement ifs() {
        var branches = new ArrayList<Statement.Branch>();
        List<Statement> otherwise = List.of();
        while (true) {
            int line = tokens.peek().line();
            Expression test = expressions.tuple(false);
            branches.add(new Statement.Branch(test, body("if", List.of("elif", "else", "endif")), line));
            String next = tokens.take().text();
            if (next.equals("else")) {
                otherwise = bodyToEnd("if");
            }
            if (!next.equals("elif")) {
                return new Statement.If(branches, otherwise);
            }
        }
    }

    private Statement loop(int line) {
        Target target = target(false);
        tokens.expectName("in");
        Expression items = expressions.tuple(false);
        @Nullable Expression condition = tokens.takeIfName("if") ? expressions.expression() : null;
        boolean recursive = tokens.takeIfName("recursive");
        loops++;
        List<Statement> body = body("for", List.of("endfor", "else"));
        loops--;
        List<Statement> otherwise = tokens.take().text().equals("else") ? bodyToEnd("for") : List.of();
        return new Statement.For(target, items, condition, recursive, body, otherwise, line);
    }

    private Statement set(int line) {
        Target target = target(true);
        if (tokens.takeIf("=")) {
            return new Statement.Set(target, expressions.tuple(true), line);
        }
        List<Expression.Application> filters = tokens.takeIf("|") ? filters() : List.of();
        return new Statement.SetBlock(target, filters, bodyToEnd("set"), line);
    }

    private Statement with(int line) {
        var values = new ArrayList<Statement.Set>();
        while (tokens.peek().kind() != Kind.BLOCK_END) {
            if (!values.isEmpty()) {
                tokens.expect(",");
            }
            Target target = new Target.Variable(tokens.expect(Kind.NAME).text());
            tokens.expect("=");
            values.add(new Statement.Set(target, expressions.expression(), line));
        }
        return new Statement.With(values, bodyToEnd("with"));
    }

    private List<Expression.Application> filters() {
        var filters = new ArrayList<Expression.Application>();
        do {
            filters.add(expressions.filter());
        } while (tokens.takeIf("|"));
        return filters;
    }

    private Statement macro() {
        String name = tokens.expect(Kind.NAME).text();
        var parts = new Callee(name, "macro");
        return new Statement.MacroDefinition(parts.signature(), parts.body);
    }

    private Statement call(int line) {
        List<Parameter> parameters = tokens.peek().is("(") ? parameters() : List.of();
        if (!(expressions.expression() instanceof Expression.Call call)) {
            throw new TemplateException("expected call", line);
        }
        var parts = new Callee("caller", "call", parameters);
        return new Statement.CallBlock(parts.signature(), call, parts.body, line);
    }

    /** A body that is called: loops around it are not its own. */
    private final class Callee {
        private final String name;
        private final List<Parameter> parameters;
        private final Set<String> reads;
        private List<Statement> body = List.of();

        Callee(String name, String block) {
            this(name, block, parameters());
        }

        Callee(String name, String block, List<Parameter> parameters) {
            this.name = name;
            this.parameters = parameters;
            int outer = loops;
            loops = 0;
            reads = expressions.namesRead(() -> body = bodyToEnd(block));
            loops = outer;
        }

        Signature signature() {
            return new Signature(name, parameters, reads.contains("varargs"), reads.contains("kwargs"));
        }
    }

    private List<Parameter> parameters() {
        tokens.expect("(");
        var parameters = new ArrayList<Parameter>();
        while (!tokens.takeIf(")")) {
            if (!parameters.isEmpty()) {
                tokens.expect(",");
            }
            String name = tokens.expect(Kind.NAME).text();
            Expression byDefault = tokens.takeIf("=") ? expressions.expression() : null;
            if (byDefault == null
                    && !parameters.isEmpty()
                    && parameters.getLast().byDefault() != null) {
                throw tokens.error("non-default argument follows default argument");
            }
            parameters.add(new Parameter(name, byDefault));
        }
        return parameters;
    }

    private Target target(boolean members) {
        var targets = new ArrayList<Target>();
        boolean tuple = false;
        do {
            if (endsTarget()) {
                break; // behind a trailing comma
            }
            targets.add(oneTarget(members));
            tuple |= tokens.peek().is(",");
        } while (tokens.takeIf(","));
        if (targets.isEmpty()) {
            throw tokens.error("Expected an expression, got '" + tokens.peek().described() + "'");
        }
        return tuple ? new Target.Unpacked(targets) : targets.getFirst();
    }

    private boolean endsTarget() {
        Token token = tokens.peek();
        return token.kind() == Kind.BLOCK_END || token.isName("in") || token.is("=") || token.is(")");
    }

    private Target oneTarget(boolean members) {
        if (tokens.takeIf("(")) {
            Target inner = target(members);
            tokens.expect(")");
            return inner;
        }
        if (tokens.peek().isConstant()) {
            throw tokens.error("can't assign to 'const'");
        }
        Token name = tokens.expect(Kind.NAME);
        if (members && tokens.takeIf(".")) {
            return new Target.Member(name.text(), tokens.expect(Kind.NAME).text());
        }
        return new Target.Variable(name.text());
    }
}
