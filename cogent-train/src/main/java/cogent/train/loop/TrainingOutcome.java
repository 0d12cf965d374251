package cogent.train.loop;

import java.nio.file.Path;
import java.util.OptionalInt;

/**
 * How a training run ended.
 *
 * @param stopped true when it was asked to stop: the same call continues it
 * @param steps steps taken so far, those before a resume included
 * @param totalSteps steps of the whole run
 * @param loss loss of the last step, NaN when this call took none
 * @param checkpoint the checkpoint that holds this state
 * @param best the step whose weights the model has now, where the best ones were asked for; else empty
 * @param skipped steps that were not finite and were left out
 */
public record TrainingOutcome(
        boolean stopped, int steps, int totalSteps, double loss, Path checkpoint, OptionalInt best, int skipped) {}
