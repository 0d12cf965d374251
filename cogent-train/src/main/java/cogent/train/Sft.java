package cogent.train;

import cogent.model.LanguageModel;
import cogent.tensor.Scope;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

/** Supervised fine-tuning: cross entropy of the completion tokens, mean over all of a batch's completion tokens. */
public final class Sft {
    private Sft() {}

    /**
     * Trains the model in place. Called again with the same arguments after an interruption of any kind, it continues at
     * the newest checkpoint and ends with the same weights as if nothing had happened (same machine and threads).
     *
     * @param rows at least one
     * @param stop asked before each step; when true, a checkpoint is written and the outcome says so
     * @param progress told after each step
     * @throws DivergedException when loss or gradient is no longer finite
     * @throws cogent.data.InputException when there are no rows, or the checkpoints belong to another run
     */
    public static Outcome train(
            LanguageModel model,
            List<Example> rows,
            TrainSettings settings,
            TrainFiles files,
            BooleanSupplier stop,
            Consumer<Progress> progress) {
        LogProbHead head = LogProbHead.of(model.decoder().output());
        IntUnaryOperator tokens = rows instanceof TrainingRows<Example> stored
                ? stored::tokens
                : i -> rows.get(i).tokens();
        String identity = "sft " + Digests.ofExamples(rows);
        try (TrainingRun run = new TrainingRun(
                model,
                settings,
                files,
                identity,
                rows.size(),
                tokens,
                i -> rows.get(i).id(),
                progress)) {
            while (run.goesOn() && !stop.getAsBoolean()) {
                int[] batch = run.nextBatch();
                long targets = IntStream.of(batch)
                        .mapToLong(i -> rows.get(i).completion().length)
                        .sum();
                double loss = 0;
                long correct = 0;
                long seen = 0;
                for (int[] part : BatchSize.split(batch, tokens, settings.microBatchTokens())) {
                    try (Scope _ = Scope.open()) {
                        PackedRows packed = PackedRows.of(
                                IntStream.of(part).mapToObj(rows::get).toList());
                        CompletionPass pass = new CompletionPass(model, head, packed);
                        float[] weights = new float[packed.targets().length];
                        Arrays.fill(weights, (float) (-1.0 / targets));
                        LogProbHead.Scores scores = pass.backward(weights);
                        for (double sum : packed.sums(scores.logps())) {
                            loss -= sum / targets;
                        }
                        correct += scores.correct();
                        seen += packed.inputs().tokens();
                    }
                }
                run.update(loss, seen, Map.of("mean_token_accuracy", (double) correct / targets));
            }
            return run.end();
        }
    }
}
