package cogent.pipeline.train;

import cogent.pipeline.recipe.TrainingConfig.Tracker;
import cogent.pipeline.run.RunDirectory;
import cogent.train.loop.TrainingProgress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Metrics in the formats of dashboards, beside {@code metrics.jsonl}. They begin with what that file holds already, so
 * that a training that was cut off and goes on leaves one unbroken curve.
 */
final class MetricsSink implements AutoCloseable {
    private final Path metrics;
    private final List<Tracker> trackers;
    private final RunDirectory run;
    private final String stage;
    private final List<MetricsFormat> formats = new ArrayList<>();

    private MetricsSink(List<Tracker> trackers, RunDirectory run, String stage) {
        this.trackers = trackers;
        this.run = run;
        this.stage = stage;
        this.metrics = run.metrics(stage);
    }

    static MetricsSink of(List<Tracker> trackers, RunDirectory run, String stage) {
        return new MetricsSink(trackers, run, stage);
    }

    /** A step was taken; its line stands in the metrics file already. */
    void accept(TrainingProgress progress) {
        if (trackers.isEmpty()) {
            return;
        }
        if (formats.isEmpty()) {
            for (Tracker tracker : trackers) {
                formats.add(
                        tracker == Tracker.MLFLOW
                                ? MlflowFiles.of(
                                        run.root().resolve("mlruns"),
                                        run.root().getFileName().toString(),
                                        stage)
                                : TensorBoardFile.of(
                                        run.root().resolve("tensorboard").resolve(stage)));
            }
            earlier();
        } else {
            write(progress.step(), progress.metrics());
        }
    }

    private void earlier() {
        try (Stream<String> lines = Files.lines(metrics)) {
            lines.forEach(line -> {
                Map<String, Double> values = new java.util.LinkedHashMap<>();
                for (var entry : read(line).properties()) {
                    if (entry.getValue().isNumber()) {
                        values.put(entry.getKey(), entry.getValue().asDouble());
                    }
                }
                if (values.containsKey("step")) {
                    write(Math.round(values.get("step")), values);
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

    private void write(long step, Map<String, Double> values) {
        formats.forEach(format -> format.write(step, values));
    }

    @Override
    public void close() {
        formats.forEach(MetricsFormat::close);
    }
}
