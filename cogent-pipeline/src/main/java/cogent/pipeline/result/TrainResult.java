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
        @Nullable Long bestStep)
        implements StageResult {}
