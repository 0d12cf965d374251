package cogent.pipeline.study;

import cogent.data.InputException;
import cogent.eval.Interval;
import cogent.eval.Replicates;
import cogent.eval.ResultRow;
import cogent.pipeline.StagedRun.Done;
import cogent.pipeline.result.BenchmarkResult;
import cogent.pipeline.result.EvaluateResult;
import cogent.pipeline.result.ModelScores;
import cogent.pipeline.study.StudyResult.Difference;
import cogent.pipeline.study.StudyResult.Row;
import cogent.pipeline.study.StudyResult.Seeded;
import cogent.pipeline.study.StudyResult.Table;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.stream.IntStream;

/**
 * What the finished runs of a study come to: means over seeds and the planned comparisons, seed by seed and problem by
 * problem.
 */
final class StudyOutcome {
    /** A run that is measured: accuracy of each problem by its id. */
    private record Measured(StudyRun cell, ModelScores scores, Map<String, Double> problems) {
        double accuracy() {
            return problems.values().stream()
                    .mapToDouble(Double::doubleValue)
                    .average()
                    .orElseThrow();
        }

        double[] values() {
            return problems.values().stream().mapToDouble(Double::doubleValue).toArray();
        }
    }

    private final Study study;
    private final List<StudyRun> cells;

    StudyOutcome(Study study, List<StudyRun> cells) {
        this.study = study;
        this.cells = cells;
    }

    /** One table for each benchmark. */
    List<Table> tables() {
        List<Table> tables = new ArrayList<>();
        List<String> benchmarks = List.copyOf(cells.getFirst().run().results().keySet());
        for (int b = 0; b < benchmarks.size(); b++) {
            tables.add(table(benchmarks.get(b), b));
        }
        return tables;
    }

    private Table table(String benchmark, int index) {
        Map<String, SequencedMap<Long, Measured>> all = new LinkedHashMap<>();
        String title = benchmark;
        String decoding = "";
        for (StudyRun cell : cells) {
            Optional<Done> evaluated = cell.run().done("evaluate");
            Path results = cell.run().results().get(benchmark);
            if (evaluated.isPresent() && results != null) {
                BenchmarkResult entry =
                        ((EvaluateResult) evaluated.get().result()).benchmarks().get(index);
                title = entry.title();
                decoding = entry.decoding();
                all.computeIfAbsent(cell.variant(), _ -> new LinkedHashMap<>())
                        .put(cell.seed(), new Measured(cell, entry.models().getFirst(), problems(results)));
            }
        }
        return new Table(title, decoding, rows(all), differences(all));
    }

    private static Map<String, Double> problems(Path results) {
        Map<String, List<Boolean>> samples = new LinkedHashMap<>();
        ResultRow.forEach(
                results,
                row -> samples.computeIfAbsent(row.problem(), _ -> new ArrayList<>())
                        .add(row.right()));
        Map<String, Double> accuracies = new LinkedHashMap<>();
        samples.forEach((id, right) -> accuracies.put(
                id, right.stream().mapToDouble(r -> r ? 1 : 0).average().orElseThrow()));
        return accuracies;
    }

    private List<Row> rows(Map<String, SequencedMap<Long, Measured>> all) {
        List<Row> rows = new ArrayList<>();
        for (Study.Variant variant : study.variants()) {
            SequencedMap<Long, Measured> own = all.get(variant.name());
            if (own != null) {
                rows.add(new Row(
                        variant.name(),
                        variant.about(),
                        variant.recipes().getFirst().evaluate().models().getLast(),
                        own.values().stream().map(StudyOutcome::seeded).toList(),
                        Replicates.mean(own.values().stream()
                                .mapToDouble(Measured::accuracy)
                                .toArray()),
                        Replicates.hierarchical(
                                own.values().stream().map(Measured::values).toArray(double[][]::new))));
            }
        }
        return rows;
    }

    private static Seeded seeded(Measured m) {
        return new Seeded(
                m.cell().seed(),
                m.scores().correct(),
                m.scores().n(),
                m.accuracy(),
                m.scores().meanTokens(),
                m.scores().truncated(),
                m.scores().unparsed());
    }

    private List<Difference> differences(Map<String, SequencedMap<Long, Measured>> all) {
        List<Difference> differences = new ArrayList<>();
        for (Study.Comparison comparison : study.comparisons()) {
            difference(
                            comparison,
                            all.getOrDefault(comparison.variant(), new LinkedHashMap<>()),
                            all.getOrDefault(comparison.against(), new LinkedHashMap<>()))
                    .ifPresent(differences::add);
        }
        double[] holm =
                Replicates.holm(differences.stream().mapToDouble(Difference::p).toArray());
        return IntStream.range(0, holm.length)
                .mapToObj(i -> differences.get(i).withCorrected(holm[i]))
                .toList();
    }

    private static Optional<Difference> difference(
            Study.Comparison comparison, Map<Long, Measured> variant, Map<Long, Measured> against) {
        List<double[]> bySeed = new ArrayList<>();
        variant.forEach((seed, measured) -> {
            Measured other = against.get(seed);
            if (other != null) {
                bySeed.add(paired(measured, other));
            }
        });
        if (bySeed.isEmpty()) {
            return Optional.empty();
        }
        double[] means = bySeed.stream()
                .mapToDouble(d -> Arrays.stream(d).average().orElse(Double.NaN))
                .toArray();
        Interval bootstrap = Replicates.hierarchical(bySeed.toArray(double[][]::new));
        return Optional.of(new Difference(
                comparison.variant(),
                comparison.against(),
                Arrays.stream(means).boxed().toList(),
                Replicates.mean(means),
                bootstrap,
                Replicates.pairedTest(means),
                Double.NaN));
    }

    /** By problem; a study's variants of one seed have the same ones unless a variant changes the evaluation. */
    private static double[] paired(Measured variant, Measured against) {
        if (!variant.problems().keySet().equals(against.problems().keySet())) {
            throw new InputException(variant.cell() + " and " + against.cell()
                    + " were measured on different problems and cannot be compared; a variant must not change the"
                    + " evaluation's problems");
        }
        return variant.problems().entrySet().stream()
                .mapToDouble(e ->
                        e.getValue() - Objects.requireNonNull(against.problems().get(e.getKey())))
                .toArray();
    }
}
