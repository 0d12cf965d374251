package cogent.pipeline.result;

import java.util.List;

/** The evaluation: a result for each benchmark of the recipe, in its order. */
public record EvaluateResult(List<BenchmarkResult> benchmarks) implements StageResult {
    public EvaluateResult {
        benchmarks = List.copyOf(benchmarks);
    }
}
