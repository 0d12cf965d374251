package cogent.train;

import java.nio.file.Path;

/**
 * How a training run ended.
 *
 * @param stopped true when it was asked to stop: the same call continues it
 * @param steps steps taken so far, those before a resume included
 * @param totalSteps steps of the whole run
 * @param loss loss of the last step, NaN when this call took none
 * @param checkpoint the checkpoint that holds this state
 */
public record Outcome(boolean stopped, int steps, int totalSteps, double loss, Path checkpoint) {}
