package cogent.playground;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One operation worked column by column, units first, as taught at school: {@code 47 + 38} is {@code 7 + 8 = 15}, then
 * {@code 4 + 3 + 1 = 8}, so 85.
 *
 * @param columns units first
 * @param result what the columns make; equals {@code left op right} unless there is a {@link Misstep} in them
 */
record Working(Op op, int left, int right, List<Column> columns, int result) {
    /**
     * One column.
     *
     * @param terms what is computed, such as {@code 4 + 3 + 1}
     * @param value what it comes to, as written
     */
    record Column(String terms, int value) {
        @Override
        public String toString() {
            return terms + " = " + value;
        }
    }

    /** A mistake in the columns. */
    sealed interface Misstep {
        /** One column comes to {@code by} more than it should. */
        record Digit(int column, int by) implements Misstep {}

        /** Whatever is carried or borrowed is forgotten. */
        record Carry() implements Misstep {}

        /** No mistake. */
        record None() implements Misstep {}
    }

    Working {
        columns = List.copyOf(columns);
    }

    /** @throws IllegalArgumentException when the operation leads below zero */
    static Working of(Op op, int left, int right) {
        return with(new Misstep.None(), op, left, right)
                .orElseThrow(() -> new IllegalArgumentException(left + " - " + right + " leads below zero"));
    }

    /** The working with a misstep in it; empty when that leads below zero. */
    static Optional<Working> with(Misstep misstep, Op op, int left, int right) {
        int width = op == Op.MULTIPLY ? digits(left) : Math.max(digits(left), digits(right));
        List<Column> columns = new ArrayList<>();
        int carry = 0;
        int result = 0;
        int unit = 1;
        for (int i = 0; i < width; i++, unit *= 10) {
            boolean last = i == width - 1;
            int a = left / unit % 10;
            int b = op == Op.MULTIPLY ? right : right / unit % 10;
            int borrow = op == Op.SUBTRACT && !last && a - b - carry < 0 ? 10 : 0;
            String terms = (a + borrow) + " " + op.symbol + " " + b;
            if (carry > 0) {
                terms += (op == Op.SUBTRACT ? " - " : " + ") + carry;
            }
            int value = op.apply(a + borrow, b) + (op == Op.SUBTRACT ? -carry : carry);
            if (misstep instanceof Misstep.Digit digit && digit.column() == i) {
                value += digit.by();
            }
            if (value < 0) {
                return Optional.empty();
            }
            columns.add(new Column(terms, value));
            result += (last ? value : value % 10) * unit;
            carry = misstep instanceof Misstep.Carry ? 0 : borrow > 0 ? 1 : op == Op.SUBTRACT ? 0 : value / 10;
        }
        return Optional.of(new Working(op, left, right, columns, result));
    }

    boolean isRight() {
        return result == op.apply(left, right);
    }

    /** The operation, such as {@code 47 + 38}. */
    String operation() {
        return left + " " + op.symbol + " " + right;
    }

    private static int digits(int number) {
        return String.valueOf(number).length();
    }
}
