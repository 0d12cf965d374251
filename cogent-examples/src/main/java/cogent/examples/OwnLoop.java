package cogent.examples;

import cogent.model.decoder.LanguageModel;
import cogent.model.tensor.Scope;
import cogent.train.forward.BatchLayout;
import cogent.train.forward.CompletionPass;
import cogent.train.forward.PackedRows;
import cogent.train.forward.TrainableModel;
import cogent.train.optim.AdamW;
import cogent.train.optim.OptimiserSettings;
import cogent.train.rows.Example;
import java.util.Arrays;
import java.util.List;

/**
 * A training loop of one's own from Cogent's parts: batches, the log-probability head and the optimiser, without
 * checkpoints or files. Here the loss is the mean over rows of each row's mean over its tokens, so that long rationales
 * weigh no more than short ones.
 */
public final class OwnLoop {
    private OwnLoop() {}

    /**
     * Trains in place on all rows at every step.
     *
     * @return the loss of each step
     */
    public static double[] train(LanguageModel model, List<Example> rows, int steps, double learningRate) {
        TrainableModel trainee = TrainableModel.all(model);
        trainee.gradientsOn();
        PackedRows packed = PackedRows.of(rows, BatchLayout.PACKED);
        double[] perRow = Arrays.stream(packed.counts())
                .mapToDouble(tokens -> -1.0 / tokens / rows.size())
                .toArray();
        float[] weights = packed.spread(perRow); // the loss is Σ weight · log p, so this is all that backward needs
        double[] losses = new double[steps];
        try (AdamW adamW = new AdamW(trainee.parameters(), OptimiserSettings.of(learningRate))) {
            for (int step = 0; step < steps; step++) {
                trainee.clearGradients();
                try (Scope _ = Scope.open()) {
                    float[] logps = new CompletionPass(model.decoder(), packed, 0)
                            .backward(weights)
                            .logps();
                    for (int i = 0; i < logps.length; i++) {
                        losses[step] += weights[i] * logps[i];
                    }
                }
                adamW.clip();
                adamW.step(learningRate);
            }
        } finally {
            trainee.gradientsOff();
        }
        return losses;
    }
}
