package cogent.answer.math;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.DoublePredicate;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

/**
 * A set of real numbers, however it was written: intervals, unions, differences, inequalities of one variable. Between its
 * borders a set holds all numbers or none, so that two sets are the same when they agree at the borders of both, between
 * them and beyond.
 *
 * @param borders where membership may change
 */
public record RealSet(List<Double> borders, DoublePredicate contains) {
    private static final Set<String> ORDER = Set.of("<", "<=", ">", ">=", "!=");
    private static final int MOST = 60;
    private static final double SAME = 1e-9;

    /** Empty where the expression is no such set, or its borders are not known here. */
    public static Optional<RealSet> of(Expr expression) {
        return switch (expression) {
            case Expr.Tuple(char open, char close, var ends) when ends.size() == 2 -> interval(open, close, ends);
            case Expr.Collection(boolean set, var items) when set && items.size() < MOST -> points(items);
            case Expr.Collection(boolean _, var items) when items.size() < MOST -> listed(items);
            case Expr.SetOperation(String operator, var operands)
            when operands.size() < MOST -> operation(operator, operands);
            case Expr.Relation(var operators, var sides) when operators.equals(List.of("in")) -> of(sides.get(1));
            case Expr.Relation relation when ORDER.containsAll(relation.operators()) -> inequality(relation);
            default -> Optional.empty();
        };
    }

    /** Whether both hold the same numbers. */
    public boolean isSame(RealSet other) {
        return samples(List.of(this, other)).allMatch(x -> contains.test(x) == other.contains.test(x));
    }

    /** The borders, a number between each two, and one beyond them on both sides. */
    private static DoubleStream samples(List<RealSet> sets) {
        TreeSet<Double> borders = new TreeSet<>();
        sets.forEach(set -> borders.addAll(set.borders));
        List<Double> at = new ArrayList<>();
        double last = Double.NaN;
        for (double border : borders) {
            if (!Double.isNaN(last) && !isSame(border, last)) {
                at.add((last + border) / 2);
            }
            at.add(border);
            last = border;
        }
        at.add(borders.isEmpty() ? 0 : borders.getFirst() - 1);
        at.add(borders.isEmpty() ? 1 : borders.getLast() + 1);
        return at.stream().mapToDouble(x -> x);
    }

    private static Optional<RealSet> interval(char open, char close, List<Expr> ends) {
        double low = value(ends.get(0));
        double high = value(ends.get(1));
        if (Double.isNaN(low) || Double.isNaN(high) || low > high || (low == high && (open != '[' || close != ']'))) {
            return Optional.empty();
        }
        return Optional.of(new RealSet(
                finite(low, high),
                x -> (x > low && x < high && !isSame(x, low) && !isSame(x, high))
                        || (open == '[' && isSame(x, low))
                        || (close == ']' && isSame(x, high))));
    }

    private static List<Double> finite(double... values) {
        return DoubleStream.of(values).filter(Double::isFinite).boxed().toList();
    }

    private static Optional<RealSet> points(List<Expr> items) {
        List<Double> points = items.stream().map(RealSet::value).toList();
        return points.stream().allMatch(Double::isFinite)
                ? Optional.of(new RealSet(points, x -> points.stream().anyMatch(point -> isSame(x, point))))
                : Optional.empty();
    }

    /** Conditions side by side: together where they can be, else one or the other. */
    private static Optional<RealSet> listed(List<Expr> items) {
        boolean conditions = items.stream().allMatch(Expr.Relation.class::isInstance)
                && items.stream()
                                .flatMap(item -> Numeric.variables(item).stream())
                                .distinct()
                                .count()
                        == 1;
        Optional<List<RealSet>> sets = conditions ? all(items) : Optional.empty();
        return sets.map(parts -> {
            RealSet both = joined(parts, x -> parts.stream().allMatch(part -> part.contains.test(x)));
            return samples(parts).anyMatch(both.contains)
                    ? both
                    : joined(parts, x -> parts.stream().anyMatch(part -> part.contains.test(x)));
        });
    }

    private static Optional<List<RealSet>> all(List<Expr> expressions) {
        List<RealSet> sets =
                expressions.stream().flatMap(each -> of(each).stream()).toList();
        return sets.size() == expressions.size() ? Optional.of(sets) : Optional.empty();
    }

    private static RealSet joined(List<RealSet> parts, DoublePredicate contains) {
        return new RealSet(parts.stream().flatMap(part -> part.borders.stream()).toList(), contains);
    }

    private static Optional<RealSet> operation(String operator, List<Expr> operands) {
        return all(operands)
                .map(sets -> joined(
                        sets,
                        switch (operator) {
                            case "cup" -> x -> sets.stream().anyMatch(set -> set.contains.test(x));
                            case "cap" -> x -> sets.stream().allMatch(set -> set.contains.test(x));
                            default ->
                                x -> sets.getFirst().contains.test(x)
                                        && sets.stream().skip(1).noneMatch(set -> set.contains.test(x));
                        }));
    }

    private static Optional<RealSet> inequality(Expr.Relation relation) {
        Set<String> variables = Numeric.variables(relation);
        if (variables.size() != 1) {
            return Optional.empty();
        }
        String variable = variables.iterator().next();
        List<Double> borders = new ArrayList<>();
        for (int i = 0; i < relation.operators().size(); i++) {
            Optional<List<Double>> roots =
                    roots(relation.sides().get(i), relation.sides().get(i + 1), variable);
            if (roots.isEmpty()) {
                return Optional.empty();
            }
            borders.addAll(roots.get());
        }
        return Optional.of(new RealSet(borders, x -> {
            boolean holds = true;
            for (int i = 0; i < relation.operators().size(); i++) {
                holds &= holds(
                        relation.operators().get(i),
                        at(relation.sides().get(i), variable, x),
                        at(relation.sides().get(i + 1), variable, x));
            }
            return holds;
        }));
    }

    private static boolean holds(String operator, double a, double b) {
        boolean same = isSame(a, b);
        return switch (operator) {
            case "<" -> a < b && !same;
            case "<=" -> a < b || same;
            case ">" -> a > b && !same;
            case ">=" -> a > b || same;
            default -> !same;
        };
    }

    /** Where both sides are equal: found for polynomials up to degree 2, and for the size of one against a number. */
    private static Optional<List<Double>> roots(Expr left, Expr right, String variable) {
        for (List<Expr> sides : List.of(List.of(left, right), List.of(right, left))) {
            if (sides.get(0) instanceof Expr.Call(String function, var arguments)
                    && function.equals("abs")
                    && Numeric.variables(sides.get(1)).isEmpty()) {
                Expr inside = arguments.getFirst();
                Optional<List<Double>> above = roots(inside, sides.get(1), variable);
                Optional<List<Double>> below = roots(inside, Expr.negate(sides.get(1)), variable);
                return above.flatMap(a ->
                        below.map(b -> Stream.concat(a.stream(), b.stream()).toList()));
            }
        }
        double[] at = DoubleStream.of(0, 1, -1, 2.3, -3.7)
                .map(x -> at(left, variable, x) - at(right, variable, x))
                .toArray();
        double c = at[0];
        double a = (at[1] + at[2]) / 2 - c;
        double b = (at[1] - at[2]) / 2;
        boolean quadratic = isSame(at[3], a * 2.3 * 2.3 + b * 2.3 + c) && isSame(at[4], a * 3.7 * 3.7 - b * 3.7 + c);
        if (!quadratic) {
            return isEndless(left, right) ? Optional.of(List.of()) : Optional.empty();
        }
        double size = Math.abs(b * b) + Math.abs(4 * a * c);
        double under = Math.abs(b * b - 4 * a * c) <= SAME * size ? 0 : b * b - 4 * a * c;
        if (Math.abs(a) <= SAME * Math.abs(b)) {
            return Optional.of(finite(-c / b));
        }
        return Optional.of(
                under < 0 ? List.of() : finite((-b - Math.sqrt(under)) / (2 * a), (-b + Math.sqrt(under)) / (2 * a)));
    }

    /** {@code -\infty < x} has no border. */
    private static boolean isEndless(Expr left, Expr right) {
        return Double.isInfinite(value(left)) || Double.isInfinite(value(right));
    }

    private static double at(Expr expression, String variable, double x) {
        return real(new Numeric(name -> name.equals(variable) ? Complex.real(x) : Complex.NAN).value(expression));
    }

    private static double value(Expr expression) {
        return real(new Numeric(_ -> Complex.NAN).value(expression));
    }

    private static double real(Complex value) {
        return value.isReal() || Double.isInfinite(value.re()) ? value.re() : Double.NaN; // -∞ has no imaginary part
    }

    private static boolean isSame(double a, double b) {
        return a == b
                || (Double.isFinite(a)
                        && Double.isFinite(b)
                        && Math.abs(a - b) <= SAME * (1 + Math.abs(a) + Math.abs(b)));
    }
}
