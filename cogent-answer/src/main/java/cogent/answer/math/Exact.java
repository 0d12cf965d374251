package cogent.answer.math;

import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import java.util.function.BinaryOperator;

/** Evaluates expressions over the rationals, exactly. */
public final class Exact {
    private static final int MAX_FACTORIAL = 1000;

    private Exact() {}

    /** The exact value; empty when the expression has variables or irrational parts, or grows too large. */
    public static Optional<Rational> value(Expr expression) {
        try {
            return Optional.of(of(expression));
        } catch (ArithmeticException e) {
            return Optional.empty();
        }
    }

    private static Rational of(Expr expression) {
        return switch (expression) {
            case Expr.Num number -> number.value();
            case Expr.Sum sum -> {
                Rational total = Rational.ZERO;
                for (Expr term : sum.terms()) {
                    total = total.plus(of(term));
                }
                yield total;
            }
            case Expr.Product product -> {
                Rational total = Rational.ONE;
                for (Expr factor : product.factors()) {
                    total = total.times(of(factor));
                }
                yield total;
            }
            case Expr.Quotient quotient -> of(quotient.over()).over(of(quotient.under()));
            case Expr.Power power -> power(of(power.base()), of(power.exponent()));
            case Expr.Call call -> call(call.function(), call.arguments());
            default -> throw new ArithmeticException("not rational");
        };
    }

    private static Rational power(Rational base, Rational exponent) {
        if (exponent.isInteger()) {
            if (base.signum() == 0 && exponent.signum() <= 0) {
                throw new ArithmeticException("0 to a power that is not positive");
            }
            return base.power(exponent.numerator().intValueExact());
        }
        if (exponent.denominator().equals(BigInteger.TWO) && base.signum() >= 0) {
            Rational root = new Rational(root(base.numerator()), root(base.denominator()));
            return root.power(exponent.numerator().intValueExact());
        }
        throw new ArithmeticException("irrational");
    }

    private static BigInteger root(BigInteger square) {
        BigInteger root = square.sqrt();
        if (!root.multiply(root).equals(square)) {
            throw new ArithmeticException("irrational");
        }
        return root;
    }

    private static Rational call(String function, List<Expr> arguments) {
        Rational first = of(arguments.getFirst());
        return switch (function) {
            case "abs" -> first.abs();
            case "Gamma" -> factorial(small(first.plus(Rational.ONE.negate())));
            case "mod" -> modulo(first, of(arguments.get(1)));
            case "gcd" -> all(arguments, BigInteger::gcd);
            case "lcm" -> all(arguments, (a, b) -> a.multiply(b).abs().divide(a.gcd(b)));
            case "floor" -> new Rational(first.floor(), BigInteger.ONE);
            case "ceil" -> new Rational(first.negate().floor().negate(), BigInteger.ONE);
            case "percent" -> first.over(Rational.of(100));
            case "factorial" -> factorial(small(first));
            case "binom" -> binomial(small(first), small(of(arguments.get(1))));
            default -> throw new ArithmeticException("not rational");
        };
    }

    private static Rational modulo(Rational value, Rational modulus) {
        if (modulus.signum() <= 0) {
            throw new ArithmeticException("no modulus");
        }
        Rational times = new Rational(value.over(modulus).floor(), BigInteger.ONE);
        return value.plus(times.times(modulus).negate());
    }

    private static Rational all(List<Expr> arguments, BinaryOperator<BigInteger> operator) {
        List<Rational> values = arguments.stream().map(Exact::of).toList();
        if (!values.stream().allMatch(value -> value.isInteger() && value.signum() > 0)) {
            throw new ArithmeticException("no positive integers");
        }
        return new Rational(
                values.stream().map(Rational::numerator).reduce(operator).orElseThrow(), BigInteger.ONE);
    }

    private static int small(Rational value) {
        if (!value.isInteger() || value.signum() < 0 || value.compare(Rational.of(MAX_FACTORIAL)) > 0) {
            throw new ArithmeticException("no small natural number");
        }
        return value.numerator().intValueExact();
    }

    private static Rational factorial(int n) {
        Rational product = Rational.ONE;
        for (int i = 2; i <= n; i++) {
            product = product.times(Rational.of(i));
        }
        return product;
    }

    private static Rational binomial(int n, int k) {
        if (k > n) {
            return Rational.ZERO;
        }
        Rational product = Rational.ONE;
        for (int i = 1; i <= k; i++) {
            product = product.times(Rational.of(n - k + i)).over(Rational.of(i));
        }
        return product;
    }
}
