package cogent.train.loop;

import cogent.data.InputException;
import cogent.train.rows.BatchSize;
import java.util.List;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

/** Which rows each optimiser step takes: a function of settings and rows alone, so any step can be asked for. */
public final class BatchPlan {
    /**
     * One optimiser step's rows.
     *
     * @param epoch passes done when the step is done, a fraction
     */
    @SuppressWarnings("ArrayRecordComponent") // as in Example
    record Batch(int[] rows, double epoch) {}

    private final TrainSettings settings;
    private final int rows;
    private final IntUnaryOperator tokens;
    private final int totalSteps;
    private int epoch;
    private int firstStep;
    private List<int[]> batches;

    /** @param tokens tokens of a row */
    BatchPlan(TrainSettings settings, int rows, IntUnaryOperator tokens) {
        if (rows == 0) {
            throw new InputException("no rows are left to train on");
        }
        this.settings = settings;
        this.rows = rows;
        this.tokens = tokens;
        this.batches = batches(0);
        this.totalSteps = settings.maxSteps().orElseGet(this::stepsOfAllEpochs);
    }

    /**
     * The rows that a training takes, in ascending order: all, but where {@link TrainSettings#maxSteps} ends it before.
     *
     * @param tokens tokens of a row
     */
    public static int[] rowsTrainedOn(TrainSettings settings, int rows, IntUnaryOperator tokens) {
        BatchPlan plan = new BatchPlan(settings, rows, tokens);
        return IntStream.range(0, plan.totalSteps())
                .flatMap(step -> IntStream.of(plan.at(step).rows()))
                .distinct()
                .sorted()
                .toArray();
    }

    /**
     * Rows that go through the model at once.
     *
     * @param ofSeveral whether their step, or another of the training, has more parts than one
     */
    @SuppressWarnings("ArrayRecordComponent") // as in Example
    public record Part(int[] rows, boolean ofSeveral) {}

    /**
     * What goes through the model at once where a training has most of it.
     *
     * @param tokens tokens of a row
     */
    public static Part largestPart(TrainSettings settings, int rows, IntUnaryOperator tokens) {
        BatchPlan plan = new BatchPlan(settings, rows, tokens);
        int most = settings.compute().microBatchTokens();
        int[] largest = {};
        long held = 0;
        boolean several = false;
        for (int step = 0; step < plan.totalSteps(); step++) {
            List<int[]> parts = BatchSize.split(plan.at(step).rows(), tokens, most);
            several |= parts.size() > 1;
            for (int[] part : parts) {
                long all = IntStream.of(part).mapToLong(tokens::applyAsInt).sum();
                if (all > held) {
                    held = all;
                    largest = part;
                }
            }
        }
        return new Part(largest, several);
    }

    int totalSteps() {
        return totalSteps;
    }

    Batch at(int step) {
        if (step < firstStep) {
            epoch = 0;
            firstStep = 0;
            batches = batches(0);
        }
        while (step >= firstStep + batches.size()) {
            firstStep += batches.size();
            batches = batches(++epoch);
        }
        int index = step - firstStep;
        return new Batch(batches.get(index), epoch + (index + 1.0) / batches.size());
    }

    private int stepsOfAllEpochs() {
        int steps = batches.size();
        for (int e = 1; e < settings.epochs(); e++) {
            steps += batches(e).size();
        }
        return steps;
    }

    private List<int[]> batches(int ofEpoch) {
        return settings.batch().batches(rows, tokens, settings.seed(), ofEpoch);
    }
}
