package cogent.answer.math;

import java.math.BigDecimal;
import java.math.BigInteger;

/** An exact fraction in lowest terms, denominator positive, of bounded size. */
public record Rational(BigInteger numerator, BigInteger denominator) {
    static final Rational ZERO = of(0);
    static final Rational ONE = of(1);

    /** Beyond this an answer is not computed with any more. */
    private static final int MAX_BITS = 1 << 17;

    public Rational {
        if (denominator.signum() == 0) {
            throw new ArithmeticException("division by zero");
        }
        if (numerator.bitLength() > MAX_BITS || denominator.bitLength() > MAX_BITS) {
            throw new ArithmeticException("too large");
        }
        BigInteger divisor = numerator.gcd(denominator);
        if (denominator.signum() < 0) {
            divisor = divisor.negate();
        }
        if (!divisor.equals(BigInteger.ONE)) {
            numerator = numerator.divide(divisor);
            denominator = denominator.divide(divisor);
        }
    }

    public static Rational of(long value) {
        return new Rational(BigInteger.valueOf(value), BigInteger.ONE);
    }

    public static Rational of(BigDecimal value) {
        return value.scale() > 0
                ? new Rational(value.unscaledValue(), BigInteger.TEN.pow(value.scale()))
                : new Rational(value.toBigIntegerExact(), BigInteger.ONE);
    }

    boolean isInteger() {
        return denominator.equals(BigInteger.ONE);
    }

    int signum() {
        return numerator.signum();
    }

    Rational negate() {
        return new Rational(numerator.negate(), denominator);
    }

    Rational plus(Rational other) {
        return new Rational(
                numerator.multiply(other.denominator).add(other.numerator.multiply(denominator)),
                denominator.multiply(other.denominator));
    }

    Rational minus(Rational other) {
        return plus(other.negate());
    }

    public Rational times(Rational other) {
        return new Rational(numerator.multiply(other.numerator), denominator.multiply(other.denominator));
    }

    public Rational over(Rational other) {
        return new Rational(numerator.multiply(other.denominator), denominator.multiply(other.numerator));
    }

    public Rational abs() {
        return new Rational(numerator.abs(), denominator);
    }

    public Rational power(int exponent) {
        long bits = (long) Math.max(numerator.bitLength(), denominator.bitLength()) * Math.abs((long) exponent);
        if (bits > MAX_BITS) {
            throw new ArithmeticException("too large");
        }
        Rational base = exponent < 0 ? ONE.over(this) : this;
        return new Rational(base.numerator.pow(Math.abs(exponent)), base.denominator.pow(Math.abs(exponent)));
    }

    BigInteger floor() {
        BigInteger[] parts = numerator.divideAndRemainder(denominator);
        return parts[1].signum() < 0 ? parts[0].subtract(BigInteger.ONE) : parts[0];
    }

    int compare(Rational other) {
        return minus(other).signum();
    }

    public double toDouble() {
        return new BigDecimal(numerator)
                .divide(new BigDecimal(denominator), java.math.MathContext.DECIMAL64)
                .doubleValue();
    }

    @Override
    public String toString() {
        String text = isInteger() ? numerator.toString() : numerator + "/" + denominator;
        return text.length() <= 40 ? text : text.substring(0, 40) + "…";
    }
}
