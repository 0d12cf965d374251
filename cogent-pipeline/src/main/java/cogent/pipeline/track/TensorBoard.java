package cogent.pipeline.track;

import cogent.pipeline.recipe.TrackingConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Event files in the run's folder {@code tensorboard}, a folder each training, anew whenever it goes on. */
final class TensorBoard implements TrackerService {
    @Override
    public String name() {
        return "tensorboard";
    }

    @Override
    public void check(TrackingConfig config) {}

    @Override
    public TrackedRun begin(TrackedTraining training, TrackingConfig config, Consumer<String> warn) {
        Path folder = training.run().root().resolve("tensorboard").resolve(training.stage());
        try {
            Files.createDirectories(folder);
            try (Stream<Path> earlier = Files.list(folder)) {
                for (Path old : earlier.toList()) {
                    Files.delete(old);
                }
            }
            return EventFile.create(folder, training);
        } catch (IOException e) {
            throw new UncheckedIOException(folder + ": cannot be written", e);
        }
    }
}
