package cogent.studio.job;

import cogent.data.InputException;
import cogent.llm.ChatException;
import cogent.pipeline.Pipeline;
import cogent.pipeline.recipe.Recipe;
import cogent.pipeline.run.PipelineEvent;
import cogent.pipeline.run.PipelineEvent.RunEnded;
import cogent.pipeline.run.PipelineEvent.StageProgress;
import cogent.pipeline.run.PipelineEvent.Warning;
import cogent.pipeline.run.RunDirectory;
import cogent.pipeline.run.StopRequest;
import cogent.pipeline.run.StoppedException;
import cogent.pipeline.run.UnfinishedException;
import cogent.report.ReportBuilder;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One run that this process does, or has done: what the command line would tell of it. */
public final class Job {
    private static final Logger LOG = LoggerFactory.getLogger(Job.class);

    private final StopRequest stop = new StopRequest();
    private final List<String> said = new CopyOnWriteArrayList<>();
    private final Thread thread;
    private volatile @Nullable StageProgress progress;

    private Job(Recipe recipe, Pipeline pipeline) {
        // a platform thread: training computes for hours and would hold a virtual thread's carrier
        thread = Thread.ofPlatform().name("run " + recipe.name()).unstarted(() -> run(recipe, pipeline));
    }

    /** @throws InputException when the recipe cannot be run, as the command line would say */
    static Job start(Recipe recipe) {
        Job job = new Job(recipe, Pipeline.of(recipe));
        job.thread.start();
        return job;
    }

    private void run(Recipe recipe, Pipeline pipeline) {
        try {
            pipeline.run(event -> on(recipe, event), stop);
        } catch (StoppedException e) {
            said.add("Stopped. Everything so far is saved; continue at any time.");
        } catch (InputException | UnfinishedException | ChatException e) {
            said.add(String.valueOf(e.getMessage()));
        } catch (RuntimeException | OutOfMemoryError e) {
            LOG.warn("a run failed", e);
            said.add("Failed: "
                    + String.valueOf(e.getMessage()).lines().findFirst().orElse("")
                    + ". Everything finished before is kept.");
        } finally {
            progress = null;
        }
    }

    private void on(Recipe recipe, PipelineEvent event) {
        switch (event) {
            case StageProgress now -> progress = now;
            case Warning warning -> said.add(warning.text().strip());
            case RunEnded _ -> report(recipe);
            default -> progress = null;
        }
    }

    private void report(Recipe recipe) {
        try {
            ReportBuilder.write(recipe, RunDirectory.of(recipe));
        } catch (RuntimeException e) {
            said.add("The report could not be written: " + e.getMessage());
        }
    }

    public boolean isGoing() {
        return thread.isAlive();
    }

    /** Whether it was asked to stop and has not yet: what is in flight is finished and saved. */
    public boolean isStopping() {
        return isGoing() && stop.asked();
    }

    public void stop() {
        stop.ask();
    }

    void await() {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** What is being done at this moment, as far as it has been told. */
    public Optional<StageProgress> progress() {
        return Optional.ofNullable(progress);
    }

    /** Warnings, and why it ended if that was before its end. */
    public List<String> said() {
        return List.copyOf(said);
    }
}
