package cogent.curate.student;

import java.util.function.UnaryOperator;

/**
 * The place of a process among those that measure a corpus together.
 *
 * @param rank from 0; the first keeps what all have measured
 * @param count of the processes
 * @param sum element by element over all of them, which all call in the same order
 */
public record Division(int rank, int count, UnaryOperator<double[]> sum) {
    /** One process does it all. */
    public static final Division NONE = new Division(0, 1, UnaryOperator.identity());

    /** Whether it is so for any of them. */
    boolean any(boolean here) {
        return sum.apply(new double[] {here ? 1 : 0})[0] > 0;
    }
}
