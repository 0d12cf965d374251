package cogent.answer.math;

import cogent.answer.math.Lexer.Kind;
import cogent.answer.math.Lexer.Token;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Parses an answer: lists of relations between set operations between sums. Values are {@link ValueParser}'s part. Depth
 * and length are bounded, so no input overflows the stack.
 */
public final class Parser extends TokenReader {
    private static final Map<String, String> RELATIONS = Map.ofEntries(
            Map.entry("=", "="),
            Map.entry("<", "<"),
            Map.entry(">", ">"),
            Map.entry("<=", "<="),
            Map.entry(">=", ">="),
            Map.entry("!=", "!="),
            Map.entry("lt", "<"),
            Map.entry("gt", ">"),
            Map.entry("le", "<="),
            Map.entry("leq", "<="),
            Map.entry("leqslant", "<="),
            Map.entry("ge", ">="),
            Map.entry("geq", ">="),
            Map.entry("geqslant", ">="),
            Map.entry("ne", "!="),
            Map.entry("neq", "!="),
            Map.entry("in", "in"),
            Map.entry("approx", "approx"),
            Map.entry("equiv", "="),
            Map.entry("to", "to"),
            Map.entry("rightarrow", "to"),
            Map.entry("mapsto", "to"));

    private static final Set<String> SET_OPERATORS = Set.of("cup", "cap", "setminus");

    private final ValueParser values;

    /** Chains such as a/b/c/… nest without brackets; what walks the result recurses. */
    private static final int MAX_DEPTH = 200;

    private Parser(List<Token> tokens, boolean plus) {
        super(tokens);
        this.values = new ValueParser(this, plus);
    }

    /**
     * The parsed answer. {@code \pm} gives the list of both readings.
     *
     * @param thousands whether {@code 1,234} outside brackets is one number
     * @throws ParseException when the text is no mathematics known here
     */
    public static Expr parse(String clean, boolean thousands) {
        List<Token> tokens = Lexer.tokens(clean, thousands);
        Expr plus = new Parser(tokens, true).whole();
        boolean twoSigned = tokens.stream().anyMatch(t -> t.is(Kind.COMMAND, "pm") || t.is(Kind.COMMAND, "mp"));
        if (!twoSigned) {
            return plus;
        }
        Expr minus = new Parser(tokens, false).whole();
        boolean set = plus instanceof Expr.Collection collection && collection.set();
        List<Expr> both = new ArrayList<>(items(plus));
        items(minus).stream().filter(item -> !both.contains(item)).forEach(both::add);
        return new Expr.Collection(set, both);
    }

    private static List<Expr> items(Expr expression) {
        return expression instanceof Expr.Collection collection ? collection.items() : List.of(expression);
    }

    private Expr whole() {
        List<Expr> items = list();
        if (!atEnd()) {
            throw unexpected();
        }
        Expr whole = items.size() == 1 ? items.getFirst() : new Expr.Collection(false, items);
        if (depth(whole) > MAX_DEPTH) {
            throw new ParseException("nested too deeply");
        }
        return whole;
    }

    private static int depth(Expr expression) {
        int deepest = 0;
        for (Expr child : Numeric.children(expression)) {
            deepest = Math.max(deepest, depth(child));
        }
        return deepest + 1;
    }

    /** Items up to a closing bracket or the end. */
    List<Expr> list() {
        List<Expr> items = new ArrayList<>();
        do {
            if (!items.isEmpty() && (atEnd() || isSeparator(peek()))) {
                continue; // ", and"
            }
            items.add(relation());
        } while (!atEnd() && isSeparator(peek()) && advance());
        return items;
    }

    private static boolean isSeparator(Token token) {
        return token.isSign(",")
                || token.isSign(";")
                || ((token.kind() == Kind.WORD || token.kind() == Kind.NAME)
                        && (token.text().equals("and") || token.text().equals("or")));
    }

    private Expr relation() {
        List<Expr> sides = new ArrayList<>();
        List<String> operators = new ArrayList<>();
        boolean congruent = false;
        sides.add(setOperation());
        while (!atEnd() && RELATIONS.containsKey(peek().text()) && isOperator(peek())) {
            congruent |= peek().text().equals("equiv");
            operators.add(RELATIONS.get(take().text()));
            sides.add(setOperation());
        }
        if (followsCommand("pmod")) {
            advance();
            sides.set(sides.size() - 1, residue(sides.getLast(), values.argument()));
        } else if (congruent
                && sides.getLast() instanceof Expr.Call(String function, var parts)
                && function.equals("mod")) {
            sides.set(sides.size() - 1, residue(parts.getFirst(), parts.getLast()));
        }
        return operators.isEmpty() ? sides.getFirst() : new Expr.Relation(operators, sides);
    }

    /** A class of numbers by the least of them that is not negative. */
    private static Expr residue(Expr value, Expr modulus) {
        return new Expr.Call(
                "pmod",
                List.of(
                        Exact.value(new Expr.Call("mod", List.of(value, modulus)))
                                .<Expr>map(least -> new Expr.Num(least, 0))
                                .orElse(value),
                        modulus));
    }

    private static boolean isOperator(Token token) {
        return token.kind() == Kind.SIGN || token.kind() == Kind.COMMAND;
    }

    private Expr setOperation() {
        Expr left = values.sum();
        while (!atEnd() && peek().kind() == Kind.COMMAND && SET_OPERATORS.contains(peek().text())) {
            String operator = take().text();
            Expr right = values.sum();
            if (left instanceof Expr.SetOperation same && same.operator().equals(operator)) {
                List<Expr> operands = new ArrayList<>(same.operands());
                operands.add(right);
                left = new Expr.SetOperation(operator, operands);
            } else {
                left = new Expr.SetOperation(operator, List.of(left, right));
            }
        }
        return left;
    }
}
