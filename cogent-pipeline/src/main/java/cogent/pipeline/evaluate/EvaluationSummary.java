package cogent.pipeline.evaluate;

import cogent.eval.Benchmark;
import cogent.eval.Comparison;
import cogent.eval.Scores;
import cogent.pipeline.recipe.EvaluateConfig;
import cogent.pipeline.result.BenchmarkResult;
import cogent.pipeline.result.EvaluateResult;
import cogent.pipeline.result.ModelComparison;
import cogent.pipeline.result.ModelScores;
import cogent.pipeline.result.Overlap;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The numbers of an evaluation. */
final class EvaluationSummary {
    private EvaluationSummary() {}

    /**
     * @param all by benchmark, then by model, each in the order of the recipe
     * @param overlaps of benchmarks with the training corpus
     * @param settings what the recipe asks of the drawing beyond the benchmark's own
     */
    static EvaluateResult of(
            Map<Benchmark, Map<String, Scores>> all, Map<Benchmark, Overlap> overlaps, EvaluateConfig settings) {
        List<BenchmarkResult> benchmarks = new ArrayList<>();
        all.forEach((benchmark, byModel) -> benchmarks.add(new BenchmarkResult(
                benchmark.name(),
                benchmark.title(),
                decoding(benchmark) + settings.filters(),
                byModel.entrySet().stream()
                        .map(e -> scores(e.getKey(), e.getValue(), benchmark.code() == null))
                        .toList(),
                comparisons(byModel),
                overlaps.get(benchmark))));
        return new EvaluateResult(benchmarks);
    }

    private static String decoding(Benchmark benchmark) {
        String how = benchmark.temperature() == 0
                ? "greedy"
                : "temperature %s, top-p %s".formatted(benchmark.temperature(), benchmark.topP());
        return benchmark.samples() == 1 ? how : how + ", " + benchmark.samples() + " samples";
    }

    /** @param votes whether answers can be compared with each other; programs cannot */
    private static ModelScores scores(String model, Scores scores, boolean votes) {
        int samples = scores.samplesEach();
        return new ModelScores(
                model,
                scores.right(),
                scores.samples(),
                scores.problems().size(),
                scores.accuracy(),
                scores.interval(),
                scores.meanTokens(),
                scores.truncated(),
                scores.failed(),
                scores.unstated(),
                scores.undecided(),
                samples,
                samples > 1 ? scores.passAt(samples) : null,
                samples > 1 && votes ? scores.majority() : null);
    }

    /** Every model against the first, and every one against the one before it. */
    private static List<ModelComparison> comparisons(Map<String, Scores> byModel) {
        List<ModelComparison> comparisons = new ArrayList<>();
        List<String> models = List.copyOf(byModel.keySet());
        for (int i = 1; i < models.size(); i++) {
            comparisons.add(comparison(models.get(i), models.getFirst(), byModel));
            if (i > 1) {
                comparisons.add(comparison(models.get(i), models.get(i - 1), byModel));
            }
        }
        return comparisons;
    }

    private static ModelComparison comparison(String model, String baseline, Map<String, Scores> byModel) {
        return new ModelComparison(
                model,
                baseline,
                Comparison.of(
                        Objects.requireNonNull(byModel.get(model)), Objects.requireNonNull(byModel.get(baseline))));
    }
}
