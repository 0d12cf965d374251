package cogent.pipeline.track;

import java.util.Map;

/** One training as a tracker follows it. It never holds the training up for long, and never ends it. */
public interface TrackedRun extends AutoCloseable {
    /** A step, in order. After an interruption it begins with the steps before, of which it takes those that it lacks. */
    void log(long step, Map<String, Double> metrics);

    /** The training came to its end. */
    void finish();

    /** Without {@link #finish()} before it, the training was stopped or failed. */
    @Override
    void close();
}
