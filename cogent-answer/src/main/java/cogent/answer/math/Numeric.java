package cogent.answer.math;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/** Evaluates expressions in complex double precision with the variables set to given values. */
public final class Numeric {
    private static final Set<String> CONSTANTS = Set.of("\\pi", "e", "i", "\\infty");

    private final Function<String, Complex> variables;

    /** @param variables the value of each name that is no constant */
    public Numeric(Function<String, Complex> variables) {
        this.variables = variables;
    }

    /** The variables of an expression in order; constants are none. */
    public static Set<String> variables(Expr expression) {
        Set<String> names = new TreeSet<>();
        collect(expression, names);
        return names;
    }

    private static void collect(Expr expression, Set<String> names) {
        switch (expression) {
            case Expr.Sym symbol when !CONSTANTS.contains(symbol.name()) -> names.add(symbol.name());
            default -> children(expression).forEach(child -> collect(child, names));
        }
    }

    /** The number of its parts. */
    static int size(Expr expression) {
        return 1 + children(expression).stream().mapToInt(Numeric::size).sum();
    }

    public static List<Expr> children(Expr expression) {
        return switch (expression) {
            case Expr.Sum sum -> sum.terms();
            case Expr.Product product -> product.factors();
            case Expr.Quotient quotient -> List.of(quotient.over(), quotient.under());
            case Expr.Power power -> List.of(power.base(), power.exponent());
            case Expr.Call call -> call.arguments();
            case Expr.Measure measure -> List.of(measure.value());
            case Expr.Tuple tuple -> tuple.items();
            case Expr.Collection collection -> collection.items();
            case Expr.SetOperation operation -> operation.operands();
            case Expr.Matrix matrix ->
                matrix.rows().stream().flatMap(List::stream).toList();
            case Expr.Relation relation -> relation.sides();
            case Expr.Num _, Expr.Sym _, Expr.Words _ -> List.of();
        };
    }

    /** The value, with NaN where it has none. */
    public Complex value(Expr expression) {
        return switch (expression) {
            case Expr.Num number -> Complex.real(number.value().toDouble());
            case Expr.Sym symbol -> symbol(symbol.name());
            case Expr.Sum sum -> sum.terms().stream().map(this::value).reduce(Complex.real(0), Complex::plus);
            case Expr.Product product ->
                product.factors().stream().map(this::value).reduce(Complex.real(1), Complex::times);
            case Expr.Quotient quotient -> value(quotient.over()).over(value(quotient.under()));
            case Expr.Power power -> power(power);
            case Expr.Call call ->
                call(call.function(), call.arguments().stream().map(this::value).toList());
            default -> Complex.NAN;
        };
    }

    /** The size of the terms that a value is made of, before they cancel each other. */
    public double scale(Expr expression) {
        return switch (expression) {
            case Expr.Sum sum -> sum.terms().stream().mapToDouble(this::scale).sum();
            case Expr.Product product ->
                product.factors().stream().mapToDouble(this::scale).reduce(1, (a, b) -> a * b);
            case Expr.Quotient quotient ->
                scale(quotient.over()) / value(quotient.under()).abs();
            case Expr.Call call
            when Set.of("sin", "cos", "tan", "ln", "log").contains(call.function()) ->
                Math.max(1, value(expression).abs()); // zero beside a zero of the function
            default -> value(expression).abs();
        };
    }

    private Complex symbol(String name) {
        return switch (name) {
            case "\\pi" -> Complex.real(Math.PI);
            case "e" -> Complex.real(Math.E);
            case "i" -> Complex.I;
            case "\\infty" -> Complex.real(Double.POSITIVE_INFINITY);
            default -> variables.apply(name);
        };
    }

    private Complex power(Expr.Power power) {
        Complex base = value(power.base());
        // an odd root of a negative number is meant to be real
        if (base.im() == 0
                && base.re() < 0
                && Exact.value(power.exponent())
                        .filter(e -> e.denominator().testBit(0) && !e.isInteger())
                        .isPresent()) {
            Rational exponent = Exact.value(power.exponent()).orElseThrow();
            double size = Math.pow(-base.re(), exponent.toDouble());
            return Complex.real(exponent.numerator().testBit(0) ? -size : size);
        }
        return base.power(value(power.exponent()));
    }

    private static Complex call(String function, List<Complex> arguments) {
        Complex x = arguments.getFirst();
        return switch (function) {
            case "sin" -> x.sin();
            case "cos" -> x.cos();
            case "tan" -> x.sin().over(x.cos());
            case "cot" -> x.cos().over(x.sin());
            case "sec" -> Complex.real(1).over(x.cos());
            case "csc" -> Complex.real(1).over(x.sin());
            case "sinh" -> x.exp().minus(negative(x).exp()).over(Complex.real(2));
            case "cosh" -> x.exp().plus(negative(x).exp()).over(Complex.real(2));
            case "tanh" -> real(x, Math::tanh);
            case "arcsin" -> real(x, Math::asin);
            case "arccos" -> real(x, Math::acos);
            case "arctan" -> real(x, Math::atan);
            case "exp" -> x.exp();
            case "cis" -> x.times(Complex.I).exp();
            case "ln" -> x.log();
            case "log" -> arguments.size() == 2 ? x.log().over(arguments.get(1).log()) : x.log();
            case "abs" -> Complex.real(x.abs());
            case "floor" -> real(x, value -> Math.floor(value + 1e-12));
            case "ceil" -> real(x, value -> Math.ceil(value - 1e-12));
            case "deg" -> x.times(Complex.real(Math.PI / 180));
            case "percent" -> x.over(Complex.real(100));
            case "Gamma" -> real(x, Gamma::of);
            case "factorial" -> real(x, value -> Gamma.of(value + 1));
            case "binom" -> binomial(x, arguments.get(1));
            case "min" ->
                Complex.real(arguments.stream().mapToDouble(Complex::re).min().orElseThrow());
            case "max" ->
                Complex.real(arguments.stream().mapToDouble(Complex::re).max().orElseThrow());
            default -> Complex.NAN;
        };
    }

    private static Complex negative(Complex x) {
        return x.times(Complex.real(-1));
    }

    private static Complex real(Complex x, Function<Double, Double> function) {
        return x.isReal() ? Complex.real(function.apply(x.re())) : Complex.NAN;
    }

    private static Complex binomial(Complex n, Complex k) {
        return n.isReal() && k.isReal()
                ? Complex.real(Gamma.of(n.re() + 1) / Gamma.of(k.re() + 1) / Gamma.of(n.re() - k.re() + 1))
                : Complex.NAN;
    }
}
