package cogent.answer.math;

import java.util.List;

/** An answer as parsed: values, and the structures that hold values. */
public sealed interface Expr {
    /**
     * A number as written.
     *
     * @param decimals digits after the decimal point, 0 for an integer
     */
    record Num(Rational value, int decimals) implements Expr {}

    /** A variable or constant: {@code x}, {@code \alpha_1}, {@code \pi}, {@code e}, {@code i}, {@code \infty}. */
    record Sym(String name) implements Expr {
        /** The variable that a set builder binds: it may have any name. */
        public static final Sym ELEMENT = new Sym("\\element");
    }

    record Sum(List<Expr> terms) implements Expr {}

    record Product(List<Expr> factors) implements Expr {}

    record Quotient(Expr over, Expr under) implements Expr {}

    record Power(Expr base, Expr exponent) implements Expr {}

    /** A function of its arguments: {@code sin}, {@code factorial}, {@code binom}, {@code deg}, {@code percent}, … */
    record Call(String function, List<Expr> arguments) implements Expr {}

    /** A value with its unit. */
    record Measure(Expr value, String unit) implements Expr {}

    /** Ordered items in brackets: a tuple, a point, an interval; the brackets tell open ends from closed ones. */
    record Tuple(char open, char close, List<Expr> items) implements Expr {}

    /** Items without order; those of a set may repeat. */
    record Collection(boolean set, List<Expr> items) implements Expr {}

    /** Sets joined by {@code \cup}, {@code \cap} or {@code \setminus}. */
    record SetOperation(String operator, List<Expr> operands) implements Expr {}

    record Matrix(List<List<Expr>> rows) implements Expr {}

    /** A chain {@code e₀ op₀ e₁ op₁ e₂ …}; operators {@code = < > <= >= != in to}. */
    record Relation(List<String> operators, List<Expr> sides) implements Expr {}

    /** Plain words. */
    record Words(String text) implements Expr {}

    static Num integer(long value) {
        return new Num(Rational.of(value), 0);
    }

    static Expr negate(Expr value) {
        return switch (value) {
            case Num number -> new Num(number.value.negate(), number.decimals);
            case Measure measure -> new Measure(negate(measure.value), measure.unit);
            default -> new Product(List.of(integer(-1), value));
        };
    }
}
