package cogent.answer;

import cogent.answer.math.Complex;
import cogent.answer.math.Expr;
import cogent.answer.math.Numeric;
import java.util.ArrayList;
import java.util.List;

/**
 * Whether two answers have the same structure with numbers that are close enough: lists in any order, tuples and
 * intervals place by place with the same brackets.
 *
 * @param absolute allowed error for each answer of a list in the order of the reference, the last for all further ones;
 *     empty: none
 * @param relative allowed error relative to the reference
 */
record Closeness(List<Double> absolute, double relative) {
    private static final int MAX_ITEMS = 60;

    boolean holds(Expr gold, Expr other) {
        if (gold instanceof Expr.Collection || other instanceof Expr.Collection) {
            return lists(items(gold), items(other));
        }
        return close(gold, other, 0);
    }

    private static List<Expr> items(Expr expression) {
        return expression instanceof Expr.Collection collection ? collection.items() : List.of(expression);
    }

    private boolean lists(List<Expr> gold, List<Expr> others) {
        if (gold.size() != others.size() || gold.size() > MAX_ITEMS) {
            return false;
        }
        List<Expr> left = new ArrayList<>(others);
        for (int i = 0; i < gold.size(); i++) {
            int place = i;
            Expr item = gold.get(i);
            Expr found = left.stream()
                    .filter(other -> close(item, other, place))
                    .findFirst()
                    .orElse(null);
            if (found == null) {
                return false;
            }
            left.remove(found);
        }
        return true;
    }

    private boolean close(Expr gold, Expr other, int place) {
        Expr a = bare(gold);
        Expr b = bare(other);
        if (a instanceof Expr.Tuple x && b instanceof Expr.Tuple y) {
            return x.open() == y.open() && x.close() == y.close() && each(x.items(), y.items(), place);
        }
        if (a instanceof Expr.SetOperation x && b instanceof Expr.SetOperation y) {
            return x.operator().equals(y.operator()) && each(x.operands(), y.operands(), place);
        }
        return near(number(a), number(b), place)
                || near(number(a), number(unmarked(b)), place) // 25 % is 0.25 and 25
                || Compare.of(gold, other).isEqual();
    }

    private boolean near(Complex value, Complex given, int place) {
        if (!value.isFinite() || !given.isFinite() || !value.isReal() || !given.isReal()) {
            return false;
        }
        double allowed = absolute.isEmpty() ? 0 : absolute.get(Math.min(place, absolute.size() - 1));
        return Math.abs(value.re() - given.re()) <= Math.max(allowed, relative * Math.abs(value.re())) * (1 + 1e-9);
    }

    private boolean each(List<Expr> gold, List<Expr> others, int place) {
        boolean same = gold.size() == others.size();
        for (int i = 0; same && i < gold.size(); i++) {
            same = close(gold.get(i), others.get(i), place);
        }
        return same;
    }

    private static Complex number(Expr expression) {
        return new Numeric(_ -> Complex.NAN).value(expression);
    }

    private static Expr unmarked(Expr expression) {
        return expression instanceof Expr.Call call && call.function().equals("percent")
                ? call.arguments().getFirst()
                : expression;
    }

    /** The value of {@code x = 5 km}, {@code 30°}. */
    private static Expr bare(Expr expression) {
        return switch (expression) {
            case Expr.Measure measure -> bare(measure.value());
            case Expr.Relation relation
            when relation.operators().equals(List.of("=")) ->
                bare(relation.sides().getLast());
            case Expr.Call call
            when call.function().equals("deg") -> bare(call.arguments().getFirst());
            default -> expression;
        };
    }
}
