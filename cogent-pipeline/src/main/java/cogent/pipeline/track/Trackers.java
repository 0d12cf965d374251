package cogent.pipeline.track;

import cogent.data.InputException;
import cogent.pipeline.recipe.TrackingConfig;
import cogent.pipeline.recipe.TrainingConfig.Tracker;
import java.util.List;
import java.util.Locale;
import java.util.ServiceLoader;
import java.util.stream.Stream;

/** The trackers that are there. */
public final class Trackers {
    private Trackers() {}

    /** @throws InputException when one is not there, or lacks something */
    public static void check(List<Tracker> asked, TrackingConfig config) {
        asked.forEach(tracker -> of(tracker).check(config));
    }

    /** @throws InputException when it is not there */
    public static TrackerService of(Tracker tracker) {
        String name = tracker.name().toLowerCase(Locale.ROOT);
        return Stream.concat(
                        Stream.of(new TensorBoard()),
                        ServiceLoader.load(TrackerService.class, Trackers.class.getClassLoader()).stream()
                                .map(ServiceLoader.Provider::get))
                .filter(service -> service.name().equals(name))
                .findFirst()
                .orElseThrow(() ->
                        new InputException("log_to: " + name + " is not part of this program: add the module cogent-"
                                + name + " to its class path, or leave it out of log_to"));
    }
}
