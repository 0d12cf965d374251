package cogent.answer.math;

import cogent.answer.math.Lexer.Kind;
import cogent.answer.math.Lexer.Token;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Sums, products, powers, functions and names. */
final class ValueParser {
    private static final Set<String> FUNCTIONS = Set.of(
            "sin", "cos", "tan", "cot", "sec", "csc", "sinh", "cosh", "tanh", "arcsin", "arccos", "arctan", "ln", "log",
            "exp", "min", "max", "gcd", "lcm", "lg", "abs", "floor", "ceil", "cis");

    /** Of several values in brackets. */
    private static final Set<String> SEVERAL = Set.of("min", "max", "gcd", "lcm");

    private static final Map<String, String> INVERSES = Map.of("sin", "arcsin", "cos", "arccos", "tan", "arctan");

    /** Commands that end a product. */
    private static final Set<String> ENDS = Set.of(
            "lt",
            "gt",
            "le",
            "leq",
            "leqslant",
            "ge",
            "geq",
            "geqslant",
            "ne",
            "neq",
            "in",
            "approx",
            "equiv",
            "to",
            "rightarrow",
            "mapsto",
            "cup",
            "cap",
            "setminus",
            "pm",
            "mp",
            "mid",
            "bmod",
            "mod",
            "pmod",
            "rfloor",
            "rceil",
            "rangle",
            "rvert",
            "rbrace",
            "end",
            "times",
            "cdot",
            "div");

    private static final Set<String> DOTS = Set.of("ldots", "dots", "cdots");

    private static final Expr IMAGINARY = new Expr.Sym("i");

    private final Parser parser;
    private final boolean plus;
    private final Primary primary;
    private int bars;

    /** @param plus how to read {@code \pm} */
    ValueParser(Parser parser, boolean plus) {
        this.parser = parser;
        this.plus = plus;
        this.primary = new Primary(parser, this);
    }

    Expr sum() {
        parser.down();
        List<Expr> terms = new ArrayList<>();
        terms.add(signed());
        while (!parser.atEnd()) {
            if (parser.skip("+")) {
                terms.add(signed());
            } else if (parser.skip("-")) {
                terms.add(Expr.negate(signed()));
            } else if (parser.followsCommand("pm") || parser.followsCommand("mp")) {
                boolean positive = parser.take().text().equals("pm") == plus;
                terms.add(positive ? product() : Expr.negate(product()));
            } else {
                break;
            }
        }
        parser.up();
        return terms.size() == 1 ? terms.getFirst() : new Expr.Sum(terms);
    }

    private Expr signed() {
        boolean negative = false;
        while (parser.followsSign("-") || parser.followsSign("+")) {
            negative ^= parser.take().isSign("-");
        }
        if (parser.followsCommand("pm") || parser.followsCommand("mp")) {
            negative ^= parser.take().text().equals("pm") != plus;
        }
        return negative ? Expr.negate(product()) : product();
    }

    Expr product() {
        Expr value = power();
        while (!parser.atEnd()) {
            Token next = parser.peek();
            if (value instanceof Expr.Num number && number.decimals() > 0 && DOTS.contains(next.text())) {
                throw new ParseException("a decimal without its end");
            }
            if (next.isSign("*") || next.is(Kind.COMMAND, "cdot") || next.is(Kind.COMMAND, "times")) {
                parser.advance();
                value = times(value, signedFactor());
            } else if (next.isSign("/")
                    || next.is(Kind.COMMAND, "div")
                    || (next.isSign(":") && !primary.inSetBuilder())) {
                parser.advance();
                value = new Expr.Quotient(value, signedFactor());
            } else if (next.text().equals("bmod") || next.text().equals("mod")) {
                parser.advance();
                value = new Expr.Call("mod", List.of(value, signedFactor()));
            } else if (next.kind() == Kind.WORD && !Set.of("and", "or").contains(next.text())) {
                value = new Expr.Measure(value, unit());
            } else if (startsFactor(next)
                    || (next.kind() == Kind.NUMBER && (isFactorial(value) || IMAGINARY.equals(value)))) {
                value = times(value, power());
            } else {
                break;
            }
        }
        return value;
    }

    /** {@code 3!7!}: behind the sign a number can only be a factor. */
    private static boolean isFactorial(Expr value) {
        return switch (value) {
            case Expr.Call call -> call.function().equals("factorial");
            case Expr.Product product -> isFactorial(product.factors().getLast());
            default -> false;
        };
    }

    private Expr signedFactor() {
        return parser.skip("-") ? Expr.negate(power()) : power();
    }

    private static Expr times(Expr left, Expr right) {
        if (right instanceof Expr.Tuple) {
            if (left instanceof Expr.Tuple) {
                return new Expr.Collection(false, List.of(left, right)); // (1,2)(3,4): points side by side
            }
            if (left instanceof Expr.Collection points && !points.set()) {
                List<Expr> items = new ArrayList<>(points.items());
                items.add(right);
                return new Expr.Collection(false, items);
            }
        }
        List<Expr> factors = new ArrayList<>(left instanceof Expr.Product product ? product.factors() : List.of(left));
        factors.add(right);
        return new Expr.Product(factors);
    }

    private boolean startsFactor(Token next) {
        return switch (next.kind()) {
            case NAME -> !Set.of("and", "or", "mod").contains(next.text());
            case COMMAND -> !ENDS.contains(next.text());
            case SIGN ->
                Set.of("(", "[", "{", "\\{").contains(next.text())
                        || (next.isSign("|") && bars == 0 && !primary.inSetBuilder());
            case NUMBER, WORD -> false;
        };
    }

    private String unit() {
        StringBuilder unit = new StringBuilder(parser.take().text());
        while (!parser.atEnd() && (parser.followsSign("^") || parser.follows(0, Kind.WORD))) {
            if (parser.skip("^")) {
                unit.append('^').append(parser.raw());
            } else {
                unit.append(' ').append(parser.take().text());
            }
        }
        return unit.toString();
    }

    /** A primary with its exponents and other marks behind it. */
    Expr power() {
        parser.down();
        Expr value = primary.read();
        boolean raised = false;
        while (!parser.atEnd()) {
            if (parser.skip("^")) {
                value = raised(value, raised);
                raised = true;
            } else if (parser.skip("!")) {
                value = new Expr.Call("factorial", List.of(value));
            } else if (parser.skip("%")) {
                value = new Expr.Call("percent", List.of(value));
            } else if (parser.skip("'")) {
                value = value instanceof Expr.Sym symbol ? new Expr.Sym(symbol.name() + "'") : value;
            } else {
                break;
            }
        }
        parser.up();
        return value;
    }

    private Expr raised(Expr value, boolean tower) {
        boolean braces = parser.followsSign("{")
                && parser.follows(1, Kind.COMMAND)
                && parser.peek(2).isSign("}");
        Token mark = parser.peek(braces ? 1 : 0);
        if (mark.is(Kind.COMMAND, "circ") || mark.is(Kind.COMMAND, "degree")) {
            parser.raw();
            return new Expr.Call("deg", List.of(value));
        }
        if (mark.is(Kind.COMMAND, "prime") || mark.isSign("*")) {
            String name = parser.raw().replace("\\prime", "'");
            return value instanceof Expr.Sym symbol ? new Expr.Sym(symbol.name() + name) : value;
        }
        Expr exponent = parser.skip("-") ? Expr.negate(argument()) : argument();
        if (tower && value instanceof Expr.Power power) {
            return new Expr.Power(power.base(), new Expr.Power(power.exponent(), exponent)); // a^b^c
        }
        return new Expr.Power(value, exponent);
    }

    /** What a command takes: a group in braces or the next primary. */
    Expr argument() {
        parser.down();
        Expr value = primary.read();
        parser.up();
        return value;
    }

    /** Reads up to the closing bar. */
    Expr betweenBars() {
        bars++;
        Expr value = sum();
        bars--;
        return value;
    }

    boolean isFunction(String name) {
        return FUNCTIONS.contains(name);
    }

    /** A function whose name was read: its index, exponent and argument. */
    Expr function(String name) {
        List<Expr> arguments = new ArrayList<>();
        Expr base = null;
        Expr exponent = null;
        while (parser.followsSign("_") || parser.followsSign("^")) {
            if (parser.take().isSign("_")) {
                base = argument();
            } else {
                exponent = parser.skip("-") ? Expr.negate(argument()) : argument();
            }
        }
        boolean several = SEVERAL.contains(name);
        if (parser.followsSign("(") || (several && parser.followsSign("\\{"))) {
            arguments.addAll(
                    switch (primary.read()) {
                        case Expr.Tuple(var _, var _, var items) -> items;
                        case Expr.Collection(var _, var items) when !items.isEmpty() -> items;
                        case Expr inside -> List.of(inside);
                    });
        } else {
            arguments.add(openArgument());
        }
        if (name.equals("lg") && base == null) {
            base = Expr.integer(10);
        }
        if (base != null) {
            arguments.add(base);
        }
        if (Expr.integer(-1).equals(exponent) && INVERSES.containsKey(name)) {
            return new Expr.Call(INVERSES.get(name), arguments);
        }
        Expr call = new Expr.Call(name.equals("lg") ? "log" : name, arguments);
        return exponent == null ? call : new Expr.Power(call, exponent);
    }

    /** An argument without brackets reaches to the next sign or function: sin 2x cos y. */
    private Expr openArgument() {
        Expr value = parser.skip("-") ? Expr.negate(power()) : power();
        while (!parser.atEnd()
                && startsFactor(parser.peek())
                && !isFunction(parser.peek().text())
                && !parser.followsSign("(")
                && !parser.followsSign("[")) {
            value = times(value, power());
        }
        return value;
    }

    static Expr number(String text) {
        return new Expr.Num(Rational.of(new BigDecimal(text)), decimals(text));
    }

    private static int decimals(String text) {
        int point = text.indexOf('.');
        return point < 0 || text.indexOf('e') >= 0 || text.indexOf('E') >= 0 ? 0 : text.length() - point - 1;
    }
}
