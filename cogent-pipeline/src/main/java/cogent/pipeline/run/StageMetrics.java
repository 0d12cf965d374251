package cogent.pipeline.run;

import cogent.data.InputException;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads the metrics that a training leaves. */
public final class StageMetrics {
    private StageMetrics() {}

    /**
     * The points of every metric, in the order of the file; none when there is no file.
     *
     * @throws InputException when it cannot be read
     */
    public static Map<String, List<MetricPoint>> of(Path file) {
        Map<String, List<MetricPoint>> metrics = new HashMap<>();
        if (!Files.exists(file)) {
            return metrics;
        }
        try (BufferedReader lines = Files.newBufferedReader(file)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                add(metrics, line);
            }
        } catch (IOException e) {
            throw InputException.unreadable(file, e);
        }
        return metrics;
    }

    private static void add(Map<String, List<MetricPoint>> metrics, String line) {
        JsonNode row;
        try {
            row = JsonMapper.shared().readTree(line);
        } catch (JacksonException e) {
            return; // the last line of a training that was cut off
        }
        long step = Math.round(row.path("step").asDouble());
        for (var entry : row.properties()) {
            double value = entry.getValue().isNumber() ? entry.getValue().asDouble() : Double.NaN;
            metrics.computeIfAbsent(entry.getKey(), _ -> new ArrayList<>()).add(new MetricPoint(step, value));
        }
    }
}
