package cogent.answer;

import cogent.answer.math.Complex;
import cogent.answer.math.Exact;
import cogent.answer.math.Expr;
import cogent.answer.math.Numeric;
import cogent.answer.math.Rational;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Compares values: exactly where both are rational, else by evaluation. Expressions with variables are evaluated at fixed
 * pseudo-random points: two analytic expressions that agree to 9 digits at eight such points are the same.
 */
final class Values {
    private static final int POINTS = 8;
    private static final int ENOUGH_POINTS = 3;
    private static final double SAME = 1e-9;
    private static final double OTHER = 1e-6;
    private static final double CANCELLED = 1e-14;

    /**
     * Significant digits that a decimal needs to stand for the value that it rounds, and the same with its decimals: 12.50,
     * 66.67 %, 0.3333 and 3.142 do, 12.5, 3.14 and 0.333 are too coarse.
     */
    private static final int SIGNIFICANT = 4;

    private static final int DIGITS = 6;

    private Values() {}

    static Verdict compare(Expr gold, Expr other) {
        Optional<Rational> exact = Exact.value(gold);
        Optional<Rational> otherExact = Exact.value(other);
        if (exact.isPresent() && exact.equals(otherExact)) {
            return Verdict.equal("equal numbers");
        }
        for (String mark : List.of("percent", "deg")) {
            if (isCall(gold, mark) != isCall(other, mark)
                    && compare(without(gold, mark), without(other, mark)).isEqual()) {
                return Verdict.equal(
                        mark.equals("deg") ? "equal, degrees written or not" : "equal, per cent written or not");
            }
        }
        if (isRounded(gold, other)
                || isRounded(other, gold)
                || isRoundedPercent(gold, other)
                || isRoundedPercent(other, gold)) {
            return Verdict.equal("equal to the digits given");
        }
        if (exact.isPresent() && otherExact.isPresent()) {
            return Verdict.different(exact.get() + " is not " + otherExact.get());
        }
        return evaluated(gold, other);
    }

    private static boolean isCall(Expr expression, String function) {
        return expression instanceof Expr.Call call && call.function().equals(function);
    }

    private static Expr without(Expr expression, String mark) {
        return expression instanceof Expr.Call call && call.function().equals(mark)
                ? call.arguments().getFirst()
                : expression;
    }

    /** Whether the first is a decimal that the second rounds to. */
    private static boolean isRounded(Expr decimal, Expr value) {
        if (!(decimal instanceof Expr.Num number) || number.decimals() == 0) {
            return false;
        }
        int significant = number.value()
                .abs()
                .times(Rational.of(10).power(number.decimals()))
                .numerator()
                .toString()
                .length();
        if (significant < SIGNIFICANT
                || significant + number.decimals() < DIGITS
                || (value instanceof Expr.Num other && other.decimals() <= number.decimals())) {
            return false;
        }
        Complex exact = at(value, Map.of());
        double unit = Math.pow(10, -number.decimals());
        return exact.isReal() && Math.abs(exact.re() - number.value().toDouble()) <= unit * (0.5 + 1e-9);
    }

    /** 66.67 % for 2/3. */
    private static boolean isRoundedPercent(Expr percent, Expr value) {
        return isCall(percent, "percent")
                && !isCall(value, "percent")
                && isRounded(without(percent, "percent"), new Expr.Product(List.of(Expr.integer(100), value)));
    }

    /** Whether the second is a decimal near the first: 14/3 = 4.67. */
    static boolean isRoughly(Expr value, Expr decimal) {
        return decimal instanceof Expr.Num number
                && number.decimals() > 0
                && Math.abs(at(value, Map.of()).re() - number.value().toDouble()) <= Math.pow(10, -number.decimals());
    }

    private static Complex at(Expr expression, Map<String, Complex> point) {
        return new Numeric(name -> point.getOrDefault(name, Complex.NAN)).value(expression);
    }

    private static Verdict evaluated(Expr gold, Expr other) {
        Set<String> variables = new TreeSet<>(Numeric.variables(gold));
        variables.addAll(Numeric.variables(other));
        if (variables.isEmpty()) {
            return constants(gold, other);
        }
        Tally positive = tally(gold, other, points(variables, p -> 0.3 + 1.9 * p));
        if (positive.same == positive.valid && positive.valid >= ENOUGH_POINTS) {
            if (has(gold, Values::isStepwise) || has(other, Values::isStepwise)) {
                Tally wide = tally(gold, other, points(variables, p -> 0.7 + 40 * p));
                if (wide.different > 0) {
                    return Verdict.different("different values at a point tried");
                }
            }
            boolean signsMatter = has(gold, Values::dependsOnSign) || has(other, Values::dependsOnSign);
            Tally signed = tally(gold, other, points(variables, p -> 4 * (p - 0.5)));
            return signsMatter && signed.different > 0
                    ? Verdict.unknown("equal for positive variables only")
                    : Verdict.equal("equal at every point tried");
        }
        if (positive.different == 0) {
            return Verdict.unknown("no values to compare");
        }
        Tally whole = tally(gold, other, points(variables, p -> Math.floor(1 + 9 * p)));
        if (whole.same == whole.valid && whole.valid >= ENOUGH_POINTS && whole.distinct) {
            return Verdict.unknown("equal at whole numbers only");
        }
        return has(gold, Values::isOpaque) || has(other, Values::isOpaque)
                ? Verdict.unknown("sums, integrals and limits are not evaluated")
                : Verdict.different("different values at a point tried");
    }

    private static Verdict constants(Expr gold, Expr other) {
        Complex a = at(gold, Map.of());
        Complex b = at(other, Map.of());
        if (Double.isNaN(a.re()) || Double.isNaN(b.re()) || Double.isNaN(a.im()) || Double.isNaN(b.im())) {
            return Verdict.unknown("no value to compare");
        }
        if (a.isFinite() && b.isFinite()) {
            double noise = noise(gold, other, Map.of());
            if (distance(a, b, noise) <= SAME) {
                return Verdict.equal("equal values");
            }
            return has(gold, Values::isOpaque) || has(other, Values::isOpaque)
                    ? Verdict.unknown("the base of the logarithm, or a sum, integral or limit, is not known")
                    : Verdict.different("different values");
        }
        boolean infinite = has(gold, Values::isInfinity) && has(other, Values::isInfinity);
        if (infinite && a.re() == b.re()) {
            return Verdict.equal("both infinite");
        }
        return a.isFinite() != b.isFinite() || infinite
                ? Verdict.different("different in size")
                : Verdict.unknown("too large to compare");
    }

    private static boolean isDerivative(String name) {
        return name.endsWith("'") || name.startsWith("\\dot") || name.startsWith("\\ddot");
    }

    /**
     * Whether one expression is a constant multiple of the other: so are the two sides' differences of equal equations.
     *
     * @param positive whether the constant must be positive, as for inequalities
     */
    static Verdict proportional(Expr a, Expr b, boolean positive) {
        Set<String> variables = new TreeSet<>(Numeric.variables(a));
        if (!variables.equals(Numeric.variables(b))) {
            return Stream.concat(variables.stream(), Numeric.variables(b).stream())
                            .anyMatch(Values::isDerivative)
                    ? Verdict.unknown("derivatives, which have several signs")
                    : Verdict.different("other variables");
        }
        List<Complex> ratios = new ArrayList<>();
        for (Map<String, Complex> point : points(variables, p -> 0.3 + 1.9 * p)) {
            Complex ratio = at(a, point).over(at(b, point));
            if (ratio.isFinite()) {
                ratios.add(ratio);
            }
        }
        if (ratios.size() < ENOUGH_POINTS) {
            return Verdict.unknown("no values to compare");
        }
        Complex first = ratios.getFirst();
        boolean constant = ratios.stream().allMatch(ratio -> same(ratio, first)) && first.abs() > 0;
        return constant && (!positive || first.re() > 0)
                ? Verdict.equal("the same up to a factor")
                : Verdict.different("not the same relation");
    }

    private static final class Tally {
        private int valid;
        private int same;
        private int different;
        private boolean distinct;
    }

    private static Tally tally(Expr a, Expr b, List<Map<String, Complex>> points) {
        Tally tally = new Tally();
        double first = Double.NaN;
        for (Map<String, Complex> point : points) {
            Complex x = at(a, point);
            Complex y = at(b, point);
            if (x.isFinite() && y.isFinite()) {
                tally.valid++;
                double distance = distance(x, y, noise(a, b, point));
                tally.same += distance <= SAME ? 1 : 0;
                tally.different += distance > OTHER ? 1 : 0;
                first = Double.isNaN(first) ? x.re() : first;
                tally.distinct |= Math.abs(x.re() - first) > OTHER;
            }
        }
        return tally;
    }

    private static boolean same(Complex a, Complex b) {
        return distance(a, b, Double.MIN_NORMAL) <= SAME;
    }

    /** Relative, beyond what rounding leaves of terms that cancel. */
    private static double distance(Complex a, Complex b, double noise) {
        return Math.max(0, a.minus(b).abs() - noise) / Math.max(a.abs(), b.abs() + Double.MIN_NORMAL);
    }

    private static double noise(Expr a, Expr b, Map<String, Complex> point) {
        Numeric at = new Numeric(name -> point.getOrDefault(name, Complex.NAN));
        double scale = Math.max(at.scale(a), at.scale(b));
        return Math.max(Double.MIN_NORMAL, Double.isFinite(scale) ? CANCELLED * scale : 0);
    }

    private static List<Map<String, Complex>> points(
            Set<String> variables, java.util.function.DoubleUnaryOperator scale) {
        SplittableRandom random = new SplittableRandom(20_250_409);
        List<Map<String, Complex>> points = new ArrayList<>();
        for (int i = 0; i < POINTS; i++) {
            Map<String, Complex> point = new TreeMap<>();
            for (String variable : variables) {
                point.put(variable, Complex.real(scale.applyAsDouble(random.nextDouble())));
            }
            points.add(point);
        }
        return points;
    }

    private static boolean has(Expr expression, Predicate<Expr> property) {
        return property.test(expression)
                || Numeric.children(expression).stream().anyMatch(child -> has(child, property));
    }

    /** Constant over the stretches between its steps. */
    private static boolean isStepwise(Expr expression) {
        return List.of("floor", "ceil", "min", "max").stream().anyMatch(name -> isCall(expression, name));
    }

    /** |x| and √x² are not what they seem for positive x alone. */
    private static boolean dependsOnSign(Expr expression) {
        return isCall(expression, "abs")
                || (expression instanceof Expr.Power(Expr.Power _, Expr.Quotient _))
                || (expression instanceof Expr.Power(Expr.Product(var factors), Expr.Quotient _)
                        && factors.stream().anyMatch(Expr.Power.class::isInstance));
    }

    private static boolean isOpaque(Expr expression) {
        return switch (expression) {
            case Expr.Sym(String name) -> name.matches("\\\\(sum|prod|int|lim|oint|iint).*");
            case Expr.Call(String function, var arguments) ->
                function.equals("det") || (function.equals("log") && arguments.size() == 1);
            default -> false;
        };
    }

    private static boolean isInfinity(Expr expression) {
        return expression instanceof Expr.Sym(String name) && name.equals("\\infty");
    }
}
