package cogent.bench;

import cogent.answer.Equivalence;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.List;
import java.util.Locale;

/**
 * How many answers one core compares in a second of its time, by the shape of the pair. The ideal beside it is the comparison of two
 * equal-length strings, which no checker can beat.
 *
 * <p>Argument: seconds a shape (default 2).
 */
public final class AnswerChecks {
    private static final PrintStream OUT = System.out;

    /** Time on the processor, so that a busy machine does not blur the figure. */
    private static final ThreadMXBean THREAD = ManagementFactory.getThreadMXBean();

    private record Shape(String name, String gold, String prediction) {}

    private static final List<Shape> SHAPES = List.of(
            new Shape("bare integers", "1234", "1,234"),
            new Shape("boxed integer in a reply", "42", "Then 6 times 7 gives it, so the answer is \\boxed{42}."),
            new Shape("fraction and decimal", "\\frac{3}{8}", "0.375"),
            new Shape("number with unit", "12", "12 apples"),
            new Shape("interval", "(-\\infty, 2]", "x \\le 2"),
            new Shape("expression of two variables", "(a+b)^2", "a^2+2ab+b^2"));

    private AnswerChecks() {}

    public static void main(String[] args) {
        double seconds = args.length > 0 ? Double.parseDouble(args[0]) : 2;
        for (Shape shape : SHAPES) {
            rate(shape, seconds, false); // until the compiler has done its work
            OUT.printf(
                    Locale.ROOT,
                    "%-30s %,12.0f checks/s   %,14.0f string comparisons/s%n",
                    shape.name,
                    rate(shape, seconds, false),
                    rate(shape, seconds, true));
        }
    }

    private static double rate(Shape shape, double seconds, boolean ideal) {
        long start = THREAD.getCurrentThreadCpuTime();
        long end = start + (long) (seconds * 1e9);
        long count = 0;
        long equal = 0;
        while (THREAD.getCurrentThreadCpuTime() < end) {
            for (int i = 0; i < 50; i++) {
                boolean same = ideal
                        ? shape.gold.contentEquals(shape.prediction)
                        : Equivalence.equal(shape.gold, shape.prediction);
                equal += same ? 1 : 0;
                count++;
            }
        }
        if (!ideal && equal != count) {
            throw new IllegalStateException(shape + " should be equal");
        }
        return count / ((THREAD.getCurrentThreadCpuTime() - start) / 1e9);
    }
}
