package cogent.studio.job;

import cogent.data.InputException;
import cogent.pipeline.recipe.Recipe;
import cogent.pipeline.run.RunDirectory;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The runs of this process, one at a time: two trainings would share cores and memory, and neither would gain. */
public final class Jobs implements AutoCloseable {
    private final Map<Path, Job> byRun = new HashMap<>();

    /** @throws InputException when another one goes on, or the recipe cannot be run */
    public synchronized Job start(Recipe recipe) {
        if (byRun.values().stream().anyMatch(Job::isGoing)) {
            throw new InputException("a run is going on in this studio already: wait for it or stop it first");
        }
        Job job = Job.start(recipe);
        byRun.put(key(RunDirectory.of(recipe)), job);
        return job;
    }

    /** The last one of a run; empty where this process has done none. */
    public synchronized Optional<Job> of(RunDirectory run) {
        return Optional.ofNullable(byRun.get(key(run)));
    }

    private static Path key(RunDirectory run) {
        return run.root().toAbsolutePath().normalize();
    }

    /** Asks all to stop, and waits until what is in flight is saved. */
    @Override
    public synchronized void close() {
        byRun.values().forEach(Job::stop);
        byRun.values().forEach(Job::await);
    }
}
