package cogent.pipeline.study;

import cogent.pipeline.StagedRun.Done;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * What a study has left to do, from what is measured so far.
 *
 * @param rows one for each kind of stage
 * @param cells runs of the grid, and how many of them are complete
 */
public record Forecast(List<Row> rows, int cells, int complete) {
    /**
     * A kind of stage.
     *
     * @param distinct how often it has to be run at most, shared ones counted once
     * @param seconds the mean of what it took so far in this study
     */
    public record Row(String stage, int distinct, int done, OptionalDouble seconds) {
        public int left() {
            return distinct - done;
        }
    }

    /** Looks at the manifests of all cells. */
    public static Forecast of(List<StudyRun> cells) {
        Map<StudyRun, Map<String, Done>> done = new HashMap<>();
        for (StudyRun cell : cells) {
            Map<String, Done> own = new LinkedHashMap<>();
            for (String stage : cell.run().stages()) {
                cell.run().done(stage).ifPresent(d -> own.put(stage, d));
            }
            done.put(cell, own);
        }
        return of(cells, done);
    }

    public static Forecast of(List<StudyRun> cells, Map<StudyRun, Map<String, Done>> done) {
        Map<String, Set<String>> distinct = new LinkedHashMap<>();
        Map<String, Set<String>> finished = new HashMap<>();
        Map<String, List<Double>> seconds = new HashMap<>();
        int complete = 0;
        for (StudyRun cell : cells) {
            Map<String, Done> own = done.getOrDefault(cell, Map.of());
            complete += own.size() == cell.run().stages().size() ? 1 : 0;
            cell.run().plannedKeys().forEach((stage, key) -> {
                distinct.computeIfAbsent(stage, _ -> new HashSet<>()).add(key);
                Done d = own.get(stage);
                if (d != null) {
                    finished.computeIfAbsent(stage, _ -> new HashSet<>()).add(key);
                    if (!d.shared()) {
                        seconds.computeIfAbsent(stage, _ -> new ArrayList<>()).add(d.seconds());
                    }
                }
            });
        }
        List<Row> rows = new ArrayList<>();
        distinct.forEach((stage, keys) -> rows.add(new Row(
                stage,
                keys.size(),
                finished.getOrDefault(stage, Set.of()).size(),
                seconds.getOrDefault(stage, List.of()).stream()
                        .mapToDouble(Double::doubleValue)
                        .average())));
        return new Forecast(List.copyOf(rows), cells.size(), complete);
    }

    public int distinct() {
        return rows.stream().mapToInt(Row::distinct).sum();
    }

    public int done() {
        return rows.stream().mapToInt(Row::done).sum();
    }

    /** Seconds left with so many jobs; empty where a stage that is left has not been measured yet. */
    public OptionalDouble secondsLeft(int jobs) {
        double sum = 0;
        for (Row row : rows) {
            if (row.left() > 0 && row.seconds().isEmpty()) {
                return OptionalDouble.empty();
            }
            sum += row.left() * row.seconds().orElse(0);
        }
        return OptionalDouble.of(sum / jobs);
    }
}
