package cogent.pipeline.train;

import cogent.pipeline.recipe.Recipe;
import cogent.pipeline.recipe.TrainingConfig.Tracker;
import cogent.pipeline.run.PipelineEvent;
import cogent.pipeline.run.PipelineListener;
import cogent.pipeline.run.RunDirectory;
import cogent.pipeline.run.Stage;
import cogent.pipeline.track.TrackedRun;
import cogent.pipeline.track.TrackedTraining;
import cogent.pipeline.track.Trackers;
import cogent.train.loop.TrainingOutcome;
import cogent.train.loop.TrainingProgress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Metrics where trackers want them, beside {@code metrics.jsonl}. They begin with what that file holds already, so that a
 * training that was cut off and goes on leaves one unbroken curve.
 */
final class MetricsSink implements AutoCloseable {
    private final Path metrics;
    private final Function<Tracker, TrackedRun> begin;
    private final List<Tracker> trackers;
    private final List<TrackedRun> tracked = new ArrayList<>();

    private MetricsSink(Path metrics, List<Tracker> trackers, Function<Tracker, TrackedRun> begin) {
        this.metrics = metrics;
        this.trackers = trackers;
        this.begin = begin;
    }

    /** Nothing is begun before the first step: of several processes of a training one alone tells of steps. */
    static MetricsSink of(
            List<Tracker> trackers, Recipe recipe, RunDirectory run, Stage stage, PipelineListener listener) {
        return new MetricsSink(
                run.metrics(stage.name()),
                trackers,
                tracker -> Trackers.of(tracker)
                        .begin(
                                TrackedTraining.of(recipe, run, stage),
                                recipe.tracking(),
                                text -> listener.on(new PipelineEvent.Warning(stage.name(), text))));
    }

    /**
     * A step was taken; its line stands in the metrics file already.
     *
     * @throws cogent.data.InputException when a tracker cannot be had, at the first step
     */
    void accept(TrainingProgress progress) {
        if (!tracked.isEmpty()) {
            log(progress.step(), progress.metrics());
        } else if (!trackers.isEmpty()) {
            trackers.forEach(tracker -> tracked.add(begin.apply(tracker)));
            all();
        }
    }

    private void all() {
        try (Stream<String> lines = Files.lines(metrics)) {
            lines.forEach(line -> {
                Map<String, Double> values = new LinkedHashMap<>();
                for (var entry : read(line).properties()) {
                    if (entry.getValue().isNumber()) {
                        values.put(entry.getKey(), entry.getValue().asDouble());
                    }
                }
                if (values.containsKey("step")) {
                    log(Math.round(values.get("step")), values);
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(metrics.toString(), e);
        }
    }

    private static JsonNode read(String line) {
        try {
            return JsonMapper.shared().readTree(line);
        } catch (JacksonException e) {
            return JsonMapper.shared().createObjectNode(); // a line that a kill cut off
        }
    }

    private void log(long step, Map<String, Double> values) {
        tracked.forEach(run -> run.log(step, values));
    }

    /** Tells whether the training came to its end. */
    void ended(TrainingOutcome outcome) {
        if (!outcome.stopped()) {
            tracked.forEach(TrackedRun::finish);
        }
    }

    @Override
    public void close() {
        tracked.forEach(TrackedRun::close);
    }
}
