package cogent.pipeline.plan;

import cogent.pipeline.recipe.TrainingConfig;
import cogent.pipeline.train.Trainings;
import cogent.train.forward.BatchLayout;
import cogent.train.loop.BatchPlan;
import java.util.stream.IntStream;

/**
 * What goes through the model at once where a training has most of it.
 *
 * @param tokens of all rows, the prompt of a pair once where its sides share it
 * @param attended tokens of all sequences as attention has them, which fills them up to those beside them
 * @param copied whether attention needs the sequences out of their places: there are several, of several lengths
 * @param ofSeveral whether a step has more parts than one, which add to the same gradients
 */
record AtOnce(double tokens, double attended, boolean copied, boolean ofSeveral) {
    /** Sequences fill at least four fifths of the place that attention gives them: nine tenths in the mean. */
    private static final double FILLED = 0.9;

    /** Rows that are looked at, of larger trainings. */
    private static final int MOST_ROWS = 1_000_000;

    /** One row, by itself. */
    static AtOnce row(double tokens) {
        return new AtOnce(tokens, tokens, false, false);
    }

    /**
     * As the training batches its rows.
     *
     * @param lengths tokens of the rows, the prompt of a pair twice
     * @param shared tokens of those that both sides of a pair share, the mean
     */
    static AtOnce of(TrainingConfig training, long seed, long rows, Lengths lengths, int sequences, double shared) {
        int count = Math.clamp(rows, 1, MOST_ROWS);
        int[] each = lengths.tokens().length == count ? lengths.tokens() : lengths.draw(count);
        BatchPlan.Part part = BatchPlan.largestPart(Trainings.settings(training, seed), count, row -> each[row]);
        int most = part.rows().length;
        double tokens = IntStream.of(part.rows()).mapToLong(row -> each[row]).sum();
        boolean copied = most * sequences > 1;
        double once = sequences == 2 && training.layout() == BatchLayout.SHARED ? most * shared : 0;
        return new AtOnce(tokens - once, copied ? tokens / FILLED : tokens, copied, part.ofSeveral());
    }
}
