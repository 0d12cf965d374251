package cogent.answer.math;

import cogent.answer.math.Lexer.Kind;
import cogent.answer.math.Lexer.Token;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** The smallest whole parts: numbers, names, commands with their arguments, and everything in brackets. */
final class Primary {
    private static final Set<String> DECORATIONS = Set.of(
            "overline",
            "bar",
            "hat",
            "widehat",
            "vec",
            "tilde",
            "widetilde",
            "dot",
            "ddot",
            "overrightarrow",
            "mathfrak",
            "mathscr",
            "underset",
            "overset");

    private static final Set<String> BIG_OPERATORS = Set.of("sum", "prod", "int", "lim", "oint", "iint");

    private static final int MOST_TERMS = 4000;
    private static final Pattern FROM = Pattern.compile("([a-zA-Z])=(-?\\d{1,4})");
    private static final Pattern TO = Pattern.compile("\\d{1,4}");

    private final Parser parser;
    private final ValueParser values;
    private boolean setBuilder;
    private long expanded;

    Primary(Parser parser, ValueParser values) {
        this.parser = parser;
        this.values = values;
    }

    /** Inside {@code \{x | …\}} a bar or colon separates. */
    boolean inSetBuilder() {
        return setBuilder;
    }

    Expr read() {
        Token token = parser.take();
        return switch (token.kind()) {
            case NUMBER -> number(token.text());
            case WORD -> new Expr.Words(token.text());
            case NAME -> name(token.text());
            case COMMAND -> command(token.text());
            case SIGN -> bracket(token.text());
        };
    }

    private Expr number(String text) {
        if (parser.skip("_")) {
            return inBase(text, parser.raw());
        }
        Expr whole = ValueParser.number(text);
        if (text.indexOf('.') >= 0) {
            return whole;
        }
        if (parser.followsCommand("frac") && parser.peek(1).isSign("{") && parser.follows(2, Kind.NUMBER)) {
            Expr fraction = read();
            return isProper(fraction)
                    ? new Expr.Sum(List.of(whole, fraction)) // 3½ is 3 + ½
                    : new Expr.Product(List.of(whole, fraction));
        }
        if (parser.follows(0, Kind.NUMBER)
                && parser.follows(2, Kind.NUMBER)
                && parser.peek(1).isSign("/")) {
            Expr over = ValueParser.number(parser.take().text());
            parser.advance();
            return new Expr.Sum(List.of(
                    whole,
                    new Expr.Quotient(over, ValueParser.number(parser.take().text()))));
        }
        return whole;
    }

    private static boolean isProper(Expr fraction) {
        return fraction instanceof Expr.Quotient(Expr.Num over, Expr.Num under)
                && over.value().signum() > 0
                && over.value().compare(under.value()) < 0;
    }

    private static Expr inBase(String digits, String base) {
        try {
            int radix = Integer.parseInt(base);
            return new Expr.Num(new Rational(new BigInteger(digits, radix), BigInteger.ONE), 0);
        } catch (NumberFormatException e) {
            throw new ParseException("no numeral of base " + base);
        }
    }

    private Expr name(String name) {
        if (name.equals("sqrt")) {
            return root();
        }
        if (values.isFunction(name)) {
            return values.function(name);
        }
        return switch (name) {
            case "inf", "infinity", "infty" -> new Expr.Sym("\\infty");
            default -> symbol(name.length() > 1 ? "\\" + name : name);
        };
    }

    private Expr symbol(String name) {
        if (name.equals("\\Gamma") && parser.followsSign("(")) {
            return new Expr.Call("Gamma", List.of(read()));
        }
        return parser.skip("_") ? new Expr.Sym(name + "_" + parser.raw()) : new Expr.Sym(name);
    }

    private Expr command(String name) {
        if (values.isFunction(name)) {
            return values.function(name);
        }
        if (DECORATIONS.contains(name)) {
            return symbol("\\" + name + " " + parser.raw());
        }
        if (BIG_OPERATORS.contains(name)) {
            return bigOperator(name);
        }
        return switch (name) {
            case "frac" -> new Expr.Quotient(values.argument(), values.argument());
            case "sqrt" -> root();
            case "binom", "dbinom", "tbinom" -> new Expr.Call("binom", List.of(values.argument(), values.argument()));
            case "lfloor" -> closed("floor", "rfloor");
            case "lceil" -> closed("ceil", "rceil");
            case "lvert", "vert" -> closed("abs", name.equals("vert") ? "vert" : "rvert");
            case "lbrace" -> items("\\{");
            case "langle" -> angle();
            case "begin" -> matrix();
            case "mathbb" -> numberSet(parser.raw());
            case "emptyset", "varnothing" -> new Expr.Collection(true, List.of());
            case "arcsec", "arccsc", "arccot", "not", "cases" -> throw new ParseException("unknown \\" + name);
            default -> symbol("\\" + name);
        };
    }

    private Expr root() {
        Expr index = null;
        if (parser.skip("[")) {
            index = values.sum();
            parser.expect("]");
        }
        Expr half = new Expr.Quotient(Expr.integer(1), index == null ? Expr.integer(2) : index);
        return new Expr.Power(values.argument(), half);
    }

    private Expr bigOperator(String name) {
        Optional<Expr> finite =
                name.equals("sum") || name.equals("prod") ? finite(name.equals("sum")) : Optional.empty();
        if (finite.isPresent()) {
            return finite.get();
        }
        StringBuilder whole = new StringBuilder("\\" + name);
        while (parser.followsSign("_") || parser.followsSign("^")) {
            whole.append(parser.take().text()).append(parser.raw());
        }
        return new Expr.Sym(whole.toString());
    }

    /** All terms of a sum or product between two numbers; nothing is read where it is none, or has too many. */
    private Optional<Expr> finite(boolean sum) {
        int mark = parser.mark();
        Optional<Bounds> bounds = bounds().filter(range -> range.from <= range.to && expanded <= MOST_TERMS);
        if (bounds.isPresent()) {
            Bounds range = bounds.get();
            Expr term = values.product();
            expanded += (1L + range.to - range.from) * Numeric.size(term); // once too many, none is tried again
            if (expanded <= MOST_TERMS) {
                List<Expr> all = IntStream.rangeClosed(range.from, range.to)
                        .mapToObj(i -> new Substitution(range.name, Expr.integer(i)).in(term))
                        .toList();
                return Optional.of(sum ? new Expr.Sum(all) : new Expr.Product(all));
            }
        }
        parser.back(mark);
        return Optional.empty();
    }

    private record Bounds(String name, int from, int to) {}

    /** {@code _{k=1}^{10}} */
    private Optional<Bounds> bounds() {
        if (!parser.skip("_") || parser.atEnd()) {
            return Optional.empty();
        }
        Matcher from = FROM.matcher(parser.raw());
        if (!from.matches() || !parser.skip("^") || parser.atEnd()) {
            return Optional.empty();
        }
        String to = parser.raw();
        return TO.matcher(to).matches()
                ? Optional.of(new Bounds(from.group(1), Integer.parseInt(from.group(2)), Integer.parseInt(to)))
                : Optional.empty();
    }

    private Expr closed(String function, String close) {
        Expr value = values.sum();
        if (!parser.followsCommand(close)) {
            throw parser.unexpected();
        }
        parser.advance();
        return new Expr.Call(function, List.of(value));
    }

    private Expr angle() {
        List<Expr> items = parser.list();
        if (!parser.followsCommand("rangle")) {
            throw parser.unexpected();
        }
        parser.advance();
        return new Expr.Tuple('(', ')', items);
    }

    private static Expr numberSet(String letter) {
        return letter.equals("R")
                ? new Expr.Tuple('(', ')', List.of(Expr.negate(new Expr.Sym("\\infty")), new Expr.Sym("\\infty")))
                : new Expr.Sym("\\mathbb " + letter);
    }

    private Expr bracket(String open) {
        return switch (open) {
            case "(", "[", "{", "\\{" -> items(open);
            case "|", "\\|" -> {
                Expr value = values.betweenBars();
                parser.expect(open);
                yield new Expr.Call("abs", List.of(value));
            }
            default -> throw new ParseException("unexpected " + open);
        };
    }

    private Expr items(String open) {
        boolean outer = setBuilder;
        setBuilder = open.equals("\\{");
        List<Expr> items = parser.followsSign("\\}") ? List.of() : parser.list();
        setBuilder = outer;
        if (open.equals("\\{") && !parser.atEnd() && !parser.followsSign("\\}") && !parser.followsCommand("rbrace")) {
            return condition(items);
        }
        String close = closing(open);
        return switch (open) {
            case "{" -> items.size() == 1 ? items.getFirst() : new Expr.Collection(true, items);
            case "\\{" -> new Expr.Collection(true, items);
            default -> items.size() == 1 ? items.getFirst() : new Expr.Tuple(open.charAt(0), close.charAt(0), items);
        };
    }

    private String closing(String open) {
        Token close = parser.take();
        boolean fits = switch (open) {
            case "{" -> close.isSign("}");
            case "\\{" -> close.isSign("\\}") || close.is(Kind.COMMAND, "rbrace");
            default -> close.isSign(")") || close.isSign("]"); // (0, 1] mixes them
        };
        if (!fits) {
            throw new ParseException("a bracket is not closed");
        }
        return close.text();
    }

    /** The rest of a set builder: the set is told by its condition. */
    private Expr condition(List<Expr> elements) {
        Expr domain = elements.size() == 1
                        && elements.getFirst() instanceof Expr.Relation(var _, var sides)
                        && !(sides.getLast() instanceof Expr.Tuple)
                ? elements.getFirst()
                : null; // what is in ℝ is told by its conditions
        if (!parser.skip("|") && !parser.skip(":") && !parser.followsCommand("mid")) {
            throw parser.unexpected();
        }
        if (parser.followsCommand("mid")) {
            parser.advance();
        }
        List<Expr> conditions = parser.list();
        closing("\\{");
        if (conditions.size() == 1 && domain == null) {
            return elements.size() == 1 && elements.getFirst() instanceof Expr.Sym(String name)
                    ? new Substitution(name, Expr.Sym.ELEMENT).in(conditions.getFirst())
                    : conditions.getFirst();
        }
        if (!conditions.stream().allMatch(Expr.Relation.class::isInstance)) {
            throw new ParseException("a set with conditions of several kinds");
        }
        List<Expr> all = new ArrayList<>(conditions);
        if (domain != null) {
            all.add(domain);
        }
        return new Expr.Collection(false, all);
    }

    private Expr matrix() {
        String kind = parser.raw();
        if (kind.equals("pieces")) {
            return pieces();
        }
        if (!kind.matches("[pbvBV]?matrix|array|smallmatrix")) {
            throw new ParseException("unknown environment " + kind);
        }
        if (kind.equals("array")) {
            parser.raw();
        }
        List<List<Expr>> rows = new ArrayList<>();
        List<Expr> row = new ArrayList<>();
        while (!parser.followsCommand("end")) {
            row.add(values.sum());
            if (parser.skip("&")) {
                continue;
            }
            if (!parser.skip("\\\\") && !parser.followsCommand("end")) {
                throw parser.unexpected();
            }
            rows.add(row);
            row = new ArrayList<>();
        }
        parser.advance();
        parser.raw();
        Expr matrix = new Expr.Matrix(rows);
        return kind.equals("vmatrix") ? new Expr.Call("det", List.of(matrix)) : matrix;
    }

    /** Values and their conditions, as {@link Spellings#pieces} has set them. */
    private Expr pieces() {
        List<Expr> pieces = new ArrayList<>();
        do {
            List<Expr> piece = new ArrayList<>(List.of(values.sum()));
            if (parser.skip("&")) {
                piece.addAll(parser.list());
            }
            pieces.add(new Expr.Tuple('(', ')', piece));
        } while (parser.skip("\\\\") && !parser.followsCommand("end"));
        if (!parser.followsCommand("end")) {
            throw parser.unexpected();
        }
        parser.advance();
        parser.raw();
        return new Expr.Call("pieces", pieces);
    }
}
