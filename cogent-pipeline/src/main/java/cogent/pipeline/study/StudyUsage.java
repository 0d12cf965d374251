package cogent.pipeline.study;

import cogent.llm.meter.Meter;
import cogent.llm.meter.UsageTotals;
import cogent.pipeline.StagedRun.Done;
import cogent.pipeline.run.MetricPoint;
import cogent.pipeline.run.StageMetrics;
import cogent.pipeline.study.StudyResult.Cost;
import cogent.pipeline.study.StudyResult.Curves;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What the runs of a study used, and the curves of their trainings. */
record StudyUsage(Study study, List<StudyRun> cells) {
    private static final List<String> TRAININGS = List.of("raw-sft", "sft", "reward", "align", "distil");

    /** Means over the runs that are done. */
    List<Cost> costs() {
        List<Cost> costs = new ArrayList<>();
        for (Study.Variant variant : study.variants()) {
            int runs = 0;
            double[] sums = new double[5];
            for (StudyRun cell : of(variant)) {
                if (cell.run().done("evaluate").isPresent()) {
                    runs++;
                    add(sums, cell);
                }
            }
            if (runs > 0) {
                costs.add(new Cost(
                        variant.name(),
                        runs,
                        sums[0] / runs,
                        sums[1] / runs,
                        sums[2] / runs,
                        sums[3] / runs,
                        sums[4] / runs));
            }
        }
        return costs;
    }

    private static void add(double[] sums, StudyRun cell) {
        for (String stage : cell.run().stages()) {
            Optional<Done> done = cell.run().done(stage);
            if (done.isPresent()) {
                sums[0] += done.get().seconds();
                sums[1] += done.get().shared() ? 0 : done.get().seconds();
                UsageTotals spent =
                        done.get().result().spent().map(Meter.Snapshot::total).orElse(UsageTotals.NOTHING);
                sums[3] += spent.calls() + spent.reused();
                sums[4] += spent.tokens();
            }
            sums[2] += metrics(cell, stage).getOrDefault("num_tokens", List.of()).stream()
                    .mapToDouble(MetricPoint::value)
                    .max()
                    .orElse(0);
        }
    }

    /** Mean over seeds at every step that all of them have. */
    List<Curves> curves() {
        List<Curves> curves = new ArrayList<>();
        Map<String, String> shown = new HashMap<>();
        for (String stage : TRAININGS) {
            for (Study.Variant variant : study.variants()) {
                List<StudyRun> trained = of(variant).stream()
                        .filter(cell -> cell.run().stages().contains(stage))
                        .filter(cell -> cell.run().done(stage).isPresent())
                        .toList();
                if (!trained.isEmpty()
                        && shown.putIfAbsent(trained.getFirst().run().key(stage), variant.name()) == null) {
                    curves.add(new Curves(
                            variant.name(),
                            stage,
                            mean(trained.stream()
                                    .map(cell -> metrics(cell, stage))
                                    .toList())));
                }
            }
        }
        return curves;
    }

    private List<StudyRun> of(Study.Variant variant) {
        return cells.stream().filter(c -> c.variant().equals(variant.name())).toList();
    }

    private static Map<String, List<MetricPoint>> metrics(StudyRun cell, String stage) {
        return StageMetrics.of(cell.run().directory().metrics(stage));
    }

    private static Map<String, List<MetricPoint>> mean(List<Map<String, List<MetricPoint>>> runs) {
        Map<String, List<MetricPoint>> means = new HashMap<>();
        for (String metric : runs.getFirst().keySet()) {
            TreeMap<Long, List<Double>> bySteps = new TreeMap<>();
            for (Map<String, List<MetricPoint>> run : runs) {
                run.getOrDefault(metric, List.of())
                        .forEach(p -> bySteps.computeIfAbsent(p.step(), _ -> new ArrayList<>())
                                .add(p.value()));
            }
            means.put(
                    metric,
                    bySteps.entrySet().stream()
                            .map(e -> new MetricPoint(
                                    e.getKey(),
                                    e.getValue().stream()
                                            .mapToDouble(Double::doubleValue)
                                            .average()
                                            .orElseThrow()))
                            .toList());
        }
        return means;
    }
}
