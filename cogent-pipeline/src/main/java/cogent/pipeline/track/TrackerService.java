package cogent.pipeline.track;

import cogent.pipeline.recipe.TrackingConfig;
import java.util.function.Consumer;

/** A kind of tracker that a recipe's {@code log_to} can name; found by {@link java.util.ServiceLoader}. */
public interface TrackerService {
    /** As {@code log_to} has it. */
    String name();

    /**
     * Looks at what it needs before the first stage begins, without a connection.
     *
     * @throws cogent.data.InputException when the user has to mend something
     */
    void check(TrackingConfig config);

    /**
     * Begins to follow a training, or goes on where it was cut off.
     *
     * @param warn told what went wrong later on, in words for people
     * @throws cogent.data.InputException when it cannot, at the training's first step
     */
    TrackedRun begin(TrackedTraining training, TrackingConfig config, Consumer<String> warn);
}
