package cogent.pipeline.result;

import org.jspecify.annotations.Nullable;

/**
 * A training.
 *
 * @param rows rows or pairs that it had
 * @param refused rows left out, {@code tooLong} of them for their length
 * @param truncated rows that were cut to the length limit
 * @param steps optimiser steps taken
 * @param skipped steps left out because they were not finite
 * @param loss of the last step
 * @param savedIn type of the saved weights, by its name in a {@code config.json}
 * @param keptUpdates share of the weights moved by training that differ from before in the student's own, narrower type
 *     as well; null where it was not asked, as that type holds all of them or another one was set
 * @param repeats whether the same training on the same device ends with the same bits: {@code bit-exact}, or {@code not bit-exact on
 *     this device}
 * @param bestStep the step that was saved, where the best one on held-out rows was asked for; else null
 */
public record TrainResult(
        long rows,
        long refused,
        long tooLong,
        long truncated,
        long steps,
        long skipped,
        double loss,
        String savedIn,
        String repeats,
        @Nullable Double keptUpdates,
        @Nullable Long bestStep)
        implements StageResult {
    /** On a rank that saves nothing, for nobody to read. */
    public static TrainResult ofAnother(long steps) {
        return new TrainResult(0, 0, 0, 0, steps, 0, Double.NaN, "", "", null, null);
    }
}
