package cogent.answer;

import cogent.answer.math.Expr;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Vectors, matrices and points in one form: a multiple multiplied out, rows in brackets, without the name before a point. */
final class Vectors {
    private static final List<String> UNITS = List.of("i", "j", "k");

    private static final List<String> TRANSPOSED = List.of("T", "\\top", "\\intercal");

    private Vectors() {}

    /** @param other what it is compared with: beside another point only A(2, -1) is one */
    static Expr plain(Expr expression, Expr other) {
        return switch (expression) {
            case Expr.Product(var factors)
            when other instanceof Expr.Tuple
                    && factors.size() == 2
                    && isName(factors.getFirst())
                    && factors.getLast() instanceof Expr.Tuple point
                    && point.open() == '(' -> point;
            case Expr.Power(Expr.Tuple(var _, var _, var items), Expr.Sym(String name))
            when TRANSPOSED.contains(name) -> new Expr.Tuple('(', ')', items);
            case Expr.Product(var factors)
            when factors.stream().anyMatch(Expr.Matrix.class::isInstance) ->
                multiple(factors).orElse(expression);
            case Expr.Tuple(char open, char close, var rows)
            when open == '[' && close == ']' && isRows(rows) ->
                new Expr.Matrix(
                        rows.stream().map(row -> ((Expr.Tuple) row).items()).toList());
            default -> expression;
        };
    }

    /** {@code A(2, -1)}: capitals name points, f(2, -1) is a value. */
    private static boolean isName(Expr expression) {
        return expression instanceof Expr.Sym(String name) && name.matches("[A-Z](?:_.{1,3})?|[A-Z]'");
    }

    private static boolean isRows(List<Expr> rows) {
        return rows.stream()
                .allMatch(row -> row instanceof Expr.Tuple tuple
                        && tuple.open() == '['
                        && tuple.items().size()
                                == ((Expr.Tuple) rows.getFirst()).items().size());
    }

    private static Optional<Expr> multiple(List<Expr> factors) {
        List<Expr> others = factors.stream()
                .filter(factor -> !(factor instanceof Expr.Matrix))
                .toList();
        if (others.size() != factors.size() - 1 || others.stream().anyMatch(Expr.Tuple.class::isInstance)) {
            return Optional.empty();
        }
        Expr.Matrix matrix = factors.stream()
                .filter(Expr.Matrix.class::isInstance)
                .map(Expr.Matrix.class::cast)
                .findFirst()
                .orElseThrow();
        return Optional.of(new Expr.Matrix(matrix.rows().stream()
                .map(row -> row.stream().map(entry -> times(others, entry)).toList())
                .toList()));
    }

    private static Expr times(List<Expr> factors, Expr entry) {
        List<Expr> all = new ArrayList<>(factors);
        all.add(entry);
        return new Expr.Product(all);
    }

    /** -2j is -1 times 2j: the factors of all of it. */
    private static List<Expr> factors(Expr term) {
        return term instanceof Expr.Product(var all)
                ? all.stream().flatMap(factor -> factors(factor).stream()).toList()
                : List.of(term);
    }

    /** {@code i + 2j + 3k} beside a tuple or matrix of three entries: its coefficients in order. */
    static Optional<Expr> components(Expr expression, int size) {
        List<Expr> terms = expression instanceof Expr.Sum(var all) ? all : List.of(expression);
        Expr[] parts = new Expr[size];
        Arrays.fill(parts, Expr.integer(0));
        for (Expr each : terms) {
            Expr term = each instanceof Expr.Measure(Expr value, String name) // 2\mathbf{j}
                    ? new Expr.Product(List.of(value, new Expr.Sym(name)))
                    : each;
            List<Expr> factors = factors(term);
            int unit = factors.getLast() instanceof Expr.Sym(String name)
                    ? UNITS.indexOf(name.replaceAll("\\\\(?:hat|vec|widehat) \\\\?", ""))
                    : -1;
            if (unit < 0 || unit >= size) {
                return Optional.empty();
            }
            List<Expr> coefficient = new ArrayList<>(factors.subList(0, factors.size() - 1));
            parts[unit] = coefficient.isEmpty() ? Expr.integer(1) : new Expr.Product(coefficient);
        }
        return size == 2 || size == 3 ? Optional.of(new Expr.Tuple('(', ')', List.of(parts))) : Optional.empty();
    }
}
