package cogent.train.loop;

import java.util.Map;

/**
 * Where a training run stands, after each optimiser step.
 *
 * @param step steps taken, from 1
 * @param totalSteps steps of the whole run
 * @param metrics the line of {@code metrics.jsonl}: {@code loss}, {@code learning_rate}, {@code tokens_per_second}, …
 * @param note what people should read besides, usually empty
 */
public record TrainingProgress(int step, int totalSteps, Map<String, Double> metrics, String note) {
    public double loss() {
        return metrics.getOrDefault("loss", Double.NaN);
    }

    public double tokensPerSecond() {
        return metrics.getOrDefault("tokens_per_second", Double.NaN);
    }
}
