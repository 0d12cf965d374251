package cogent.jinja.value;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import org.jspecify.annotations.Nullable;

/** Python's int (BigInteger), float (Double) and bool (Boolean, an int in arithmetic). */
public final class PythonNumbers {
    /** Larger integers are refused: they serve no template. */
    private static final int MOST_BITS = 1 << 14;

    private PythonNumbers() {}

    public static BigInteger of(long value) {
        return BigInteger.valueOf(value);
    }

    /** A literal: decimal, or with 0x, 0o, 0b. */
    public static BigInteger literal(String digits) {
        if (digits.length() > 2 && digits.charAt(0) == '0' && Character.isLetter(digits.charAt(1))) {
            int radix = switch (digits.charAt(1)) {
                case 'x', 'X' -> 16;
                case 'o', 'O' -> 8;
                default -> 2;
            };
            return checked(new BigInteger(digits.substring(2), radix));
        }
        if (digits.length() > MOST_BITS / 3) {
            throw new TemplateException("an integer of " + digits.length() + " digits is too large");
        }
        return checked(new BigInteger(digits));
    }

    public static boolean isInt(Object value) {
        return value instanceof BigInteger || value instanceof Boolean;
    }

    /** An int or bool as an integer. */
    public static BigInteger whole(Object value) {
        return switch (value) {
            case BigInteger i -> i;
            case Boolean b -> b ? BigInteger.ONE : BigInteger.ZERO;
            case Undefined undefined -> throw undefined.used();
            default ->
                throw new TemplateException("'" + Types.name(value) + "' object cannot be interpreted as an integer");
        };
    }

    /** An int for a count or place: beyond the int range, the range's end. */
    public static int index(Object value) {
        BigInteger whole = whole(value);
        return whole.bitLength() < 32 ? whole.intValue() : whole.signum() < 0 ? Integer.MIN_VALUE : Integer.MAX_VALUE;
    }

    public static double real(Object value) {
        if (value instanceof Double d) {
            return d;
        }
        double real = whole(value).doubleValue();
        if (Double.isInfinite(real)) {
            throw new TemplateException("int too large to convert to float");
        }
        return real;
    }

    static boolean equal(Object a, Object b) {
        return !isNaN(a) && !isNaN(b) && compare(a, b) == 0;
    }

    static boolean isNaN(Object value) {
        return value instanceof Double d && d.isNaN();
    }

    /** Exact, also between an int and a float. */
    static int compare(Object a, Object b) {
        if (isInt(a) && isInt(b)) {
            return whole(a).compareTo(whole(b));
        }
        if (!isFinite(a) || !isFinite(b)) {
            return Double.compare(real(a), real(b));
        }
        return exact(a).compareTo(exact(b));
    }

    private static boolean isFinite(Object value) {
        return !(value instanceof Double d) || Double.isFinite(d);
    }

    private static BigDecimal exact(Object value) {
        return value instanceof Double d ? new BigDecimal(d) : new BigDecimal(whole(value));
    }

    static Object arithmetic(String operator, Object a, Object b) {
        if (isInt(a) && isInt(b)) {
            return whole(operator, whole(a), whole(b));
        }
        double x = real(a);
        double y = real(b);
        return switch (operator) {
            case "+" -> x + y;
            case "-" -> x - y;
            case "*" -> x * y;
            case "/" -> x / nonZero(y, "float division by zero");
            case "//" -> Math.floor(x / nonZero(y, "float floor division by zero"));
            case "%" -> {
                double rest = x % nonZero(y, "float modulo");
                yield rest != 0 && (rest < 0) != (y < 0) ? rest + y : rest;
            }
            default -> power(x, y);
        };
    }

    private static Object whole(String operator, BigInteger a, BigInteger b) {
        return switch (operator) {
            case "+" -> checked(a.add(b));
            case "-" -> checked(a.subtract(b));
            case "*" -> checked(a.multiply(b));
            case "/" -> real(a) / nonZero(real(b), "division by zero");
            case "//" -> {
                BigInteger[] parts = divided(a, b, "integer division or modulo by zero");
                yield parts[1].signum() * b.signum() < 0 ? parts[0].subtract(BigInteger.ONE) : parts[0];
            }
            case "%" -> {
                BigInteger rest = divided(a, b, "integer modulo by zero")[1];
                yield rest.signum() * b.signum() < 0 ? rest.add(b) : rest;
            }
            default -> {
                if (b.signum() < 0) {
                    yield power(real(a), real(b));
                }
                if (a.bitLength() > 1 && (b.bitLength() > 31 || (long) a.bitLength() * b.intValue() > 2L * MOST_BITS)) {
                    throw tooLarge();
                }
                yield checked(a.pow(b.bitLength() > 31 ? 2 + b.intValue() % 2 : b.intValue()));
            }
        };
    }

    private static double power(double x, double y) {
        if (x == 0 && y < 0) {
            throw new TemplateException("0.0 cannot be raised to a negative power");
        }
        return Math.pow(x, y);
    }

    private static BigInteger[] divided(BigInteger a, BigInteger b, String zero) {
        if (b.signum() == 0) {
            throw new TemplateException(zero);
        }
        return a.divideAndRemainder(b);
    }

    private static double nonZero(double divisor, String otherwise) {
        if (divisor == 0) {
            throw new TemplateException(otherwise);
        }
        return divisor;
    }

    private static BigInteger checked(BigInteger value) {
        if (value.bitLength() > MOST_BITS) {
            throw tooLarge();
        }
        return value;
    }

    private static TemplateException tooLarge() {
        return new TemplateException("an integer of more than " + MOST_BITS + " bits is too large");
    }

    /** {@code round(value, digits)}: half to even, on the exact value of a float. */
    public static double round(double value, int digits, RoundingMode mode) {
        if (Double.isNaN(value) || Double.isInfinite(value) || digits > 330) {
            return value;
        }
        return digits < -330
                ? 0.0
                : new BigDecimal(value).setScale(digits, mode).doubleValue();
    }

    /** {@code int(text, base)}, or null where it is none. */
    public static @Nullable BigInteger parse(String text, int base) {
        String digits = PythonText.strip(text);
        boolean negative = digits.startsWith("-");
        digits = negative || digits.startsWith("+") ? digits.substring(1) : digits;
        String prefix = digits.length() > 1 ? digits.substring(0, 2).toLowerCase(java.util.Locale.ROOT) : "";
        int radix = base;
        for (var known : java.util.Map.of("0x", 16, "0o", 8, "0b", 2).entrySet()) {
            if (prefix.equals(known.getKey()) && (base == 0 || base == known.getValue())) {
                radix = known.getValue();
                digits = digits.substring(2);
            }
        }
        radix = radix == 0 ? 10 : radix;
        if (!digits.matches("[\\p{Alnum}\\p{Nd}]+(_[\\p{Alnum}\\p{Nd}]+)*")
                || digits.length() > MOST_BITS / 3
                || radix < 2
                || radix > 36) {
            return null;
        }
        try {
            BigInteger value = new BigInteger(digits.replace("_", ""), radix);
            return negative ? value.negate() : value;
        } catch (NumberFormatException e) {
            return null;
        }
    }

    /** {@code float(text)}, or null where it is none. */
    public static @Nullable Double parseReal(String text) {
        String digits = PythonText.strip(text).toLowerCase(java.util.Locale.ROOT);
        if (digits.matches("[+-]?(inf|infinity)")) {
            return digits.startsWith("-") ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
        }
        if (digits.matches("[+-]?nan")) {
            return Double.NaN;
        }
        String number = "\\d++(_\\d++)*+";
        return digits.matches("[+-]?(" + number + "\\.?(" + number + ")?|\\." + number + ")(e[+-]?" + number + ")?")
                ? Double.valueOf(digits.replace("_", ""))
                : null;
    }
}
