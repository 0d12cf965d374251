package cogent.report;

import cogent.data.file.Row;
import cogent.data.file.RowFile;
import cogent.pipeline.RunStatus;
import cogent.pipeline.recipe.Recipe;
import cogent.pipeline.recipe.TrainingConfig;
import cogent.pipeline.result.TrainResult;
import cogent.pipeline.run.Manifest;
import cogent.pipeline.run.MetricPoint;
import cogent.pipeline.run.ModelNames;
import cogent.pipeline.run.RunDirectory;
import cogent.pipeline.run.StageMetrics;
import cogent.pipeline.run.TrainingInputs;
import cogent.report.ReportData.Objective;
import cogent.report.ReportData.Training;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Stream;

/** The report's part on the trainings. */
public record TrainingReport(Recipe recipe, RunDirectory run, RunStatus standing) {

    public List<Training> trainings() {
        return Stream.of(
                        training("raw-sft", "raw", Objective.SFT, recipe.sft().training(), List.of(run.rawRows())),
                        training(
                                "sft",
                                "sft",
                                Objective.SFT,
                                recipe.sft().training(),
                                List.of(TrainingInputs.sftRows(recipe, run))),
                        training(
                                ModelNames.REWARD,
                                ModelNames.REWARD,
                                Objective.PREFERENCE,
                                recipe.reward().training(),
                                TrainingInputs.pairs(recipe, run)),
                        training(
                                "align",
                                ModelNames.ALIGNED,
                                Objective.PREFERENCE,
                                recipe.align().training(),
                                TrainingInputs.pairs(recipe, run)),
                        training(
                                "distil",
                                ModelNames.DISTILLED,
                                Objective.DISTILLATION,
                                recipe.distil().training(),
                                List.of(TrainingInputs.sftRows(recipe, run))))
                .flatMap(Optional::stream)
                .toList();
    }

    /** A training that has begun: done, or with checkpoints to continue from. */
    private Optional<Training> training(
            String stage, String model, Objective objective, TrainingConfig settings, List<Path> rows) {
        Optional<Manifest> done = standing.of(stage);
        boolean asked = standing.stages().contains(stage);
        if (!asked || !Files.exists(run.metrics(stage)) || (done.isEmpty() && !Files.exists(run.checkpoints(stage)))) {
            return Optional.empty();
        }
        Map<String, List<MetricPoint>> metrics = StageMetrics.of(run.metrics(stage));
        long steps = metrics.getOrDefault("loss", List.of()).stream()
                .mapToLong(MetricPoint::step)
                .max()
                .orElse(0);
        return Optional.of(new Training(
                ModelNames.of(recipe).of(model),
                objective,
                steps,
                done.map(m -> ((TrainResult) m.result()).steps()).orElseGet(() -> planned(settings, rows)),
                settings.maxGradNorm() > 0 ? OptionalDouble.of(settings.maxGradNorm()) : OptionalDouble.empty(),
                metrics));
    }

    private static long planned(TrainingConfig settings, List<Path> rows) {
        if (settings.maxSteps() > 0) {
            return settings.maxSteps();
        }
        return settings.epochs()
                * Math.ceilDiv(rows.stream().mapToLong(TrainingReport::count).sum(), settings.batchSize());
    }

    private static long count(Path file) {
        try (Stream<Row> all = RowFile.open(file, _ -> {})) {
            return all.count();
        }
    }
}
