package cogent.pipeline.result;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The models of a run on one benchmark.
 *
 * @param name as results files have it
 * @param title as people call it
 * @param decoding how answers were drawn: {@code greedy}, {@code temperature 0.6, top-p 0.95, 16 samples}
 * @param models in the order of the recipe
 * @param comparisons every model against the first, and every one against the one before it
 * @param overlap with the training corpus; null where nothing was found
 */
public record BenchmarkResult(
        String name,
        String title,
        String decoding,
        List<ModelScores> models,
        List<ModelComparison> comparisons,
        @Nullable Overlap overlap) {
    public BenchmarkResult {
        models = List.copyOf(models);
        comparisons = List.copyOf(comparisons);
    }
}
