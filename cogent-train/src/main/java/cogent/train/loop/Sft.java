package cogent.train.loop;

import cogent.model.decoder.LanguageModel;
import cogent.model.tensor.Ranks;
import cogent.model.tensor.Scope;
import cogent.train.forward.CompletionPass;
import cogent.train.forward.Compute;
import cogent.train.forward.Head;
import cogent.train.forward.PackedRows;
import cogent.train.forward.Scoring;
import cogent.train.forward.TrainableModel;
import cogent.train.forward.Work;
import cogent.train.parallel.Deal;
import cogent.train.rows.BatchSize;
import cogent.train.rows.Digests;
import cogent.train.rows.Example;
import cogent.train.rows.TrainingRows;
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

    /** Trains all weights of a model in place, without held-out rows. */
    public static TrainingOutcome train(
            LanguageModel model,
            List<Example> rows,
            TrainSettings settings,
            TrainFiles files,
            BooleanSupplier stop,
            Consumer<TrainingProgress> progress) {
        return train(TrainableModel.all(model), Ranks.alone(), rows, List.of(), settings, files, stop, progress);
    }

    /**
     * Trains in place. Called again with the same arguments after an interruption of any kind, it continues at
     * the newest checkpoint and ends with the same weights as if nothing had happened (same machine, threads and ranks).
     *
     * <p>This is the whole loop, made of public parts: copy it and change it.
     *
     * @param ranks that train together, each in a call like this one; the batch is dealt to them
     * @param rows at least one
     * @param heldOut rows for {@link HoldOut}; empty where that is off
     * @param stop asked before each step; when true, or when the thread is interrupted, a checkpoint is written and the outcome says so
     * @param progress told after each step
     * @throws DivergedException when loss or gradient is no longer finite
     * @throws cogent.data.InputException when there are no rows, or the checkpoints belong to another run
     */
    public static TrainingOutcome train(
            TrainableModel model,
            Ranks ranks,
            List<Example> rows,
            List<Example> heldOut,
            TrainSettings settings,
            TrainFiles files,
            BooleanSupplier stop,
            Consumer<TrainingProgress> progress) {
        Compute compute = settings.compute();
        IntUnaryOperator tokens = TrainingRows.tokens(rows, Example::tokens);
        String identity = "sft " + Digests.ofExamples(rows) + Digests.ofExamples(heldOut);
        try (TrainingRun run = new TrainingRun(
                model,
                ranks,
                settings,
                files,
                identity,
                rows.size(),
                tokens,
                i -> rows.get(i).id(),
                progress)) {
            while (run.goesOn() && !run.stops(stop)) {
                int[] batch = run.nextBatch();
                Loss loss = Loss.NONE;
                do {
                    try {
                        loss = backward(model, rows, batch, compute, run);
                    } catch (RuntimeException e) {
                        run.memoryWasFull(e);
                    }
                } while (run.beginsAgain());
                run.update(loss.mean, loss.work, Map.of("mean_token_accuracy", loss.accuracy));
                if (run.evaluates()) {
                    run.evaluated(evaluate(model, ranks, heldOut, compute));
                }
                run.saveIfDue();
            }
            return run.end();
        }
    }

    /** What this rank's part of a batch gave: its shares of the means. */
    private record Loss(double mean, double accuracy, Work work) {
        static final Loss NONE = new Loss(0, 0, Work.NONE);
    }

    /** Adds the gradient of a batch's mean loss, part by part. */
    private static Loss backward(
            TrainableModel model, List<Example> rows, int[] batch, Compute compute, TrainingRun run) {
        long targets = IntStream.of(batch)
                .mapToLong(i -> rows.get(i).completion().length)
                .sum();
        double loss = 0;
        long correct = 0;
        Work work = Work.NONE;
        for (int[] part : run.parts(batch)) {
            try (Scope _ = Scope.open()) {
                PackedRows packed =
                        PackedRows.of(IntStream.of(part).mapToObj(rows::get).toList(), compute.layout());
                CompletionPass pass = new CompletionPass(model.decoder(), packed, compute.recompute());
                float[] weights = new float[packed.targets().length];
                Arrays.fill(weights, (float) (-1.0 / targets));
                Head.Scores scores = pass.backward(weights, run::layerDone);
                for (double sum : packed.sums(scores.logps())) {
                    loss -= sum / targets;
                }
                correct += scores.correct();
                work = work.plus(packed.work());
            }
        }
        return new Loss(loss, (double) correct / targets, work);
    }

    /** {@code eval_loss} and {@code eval_mean_token_accuracy} of held-out rows, means over their completion tokens. */
    public static Map<String, Double> evaluate(TrainableModel model, List<Example> heldOut, Compute compute) {
        return evaluate(model, Ranks.alone(), heldOut, compute);
    }

    private static Map<String, Double> evaluate(
            TrainableModel model, Ranks ranks, List<Example> heldOut, Compute compute) {
        double nll = 0;
        long correct = 0;
        long targets = 0;
        IntUnaryOperator tokens = TrainingRows.tokens(heldOut, Example::tokens);
        int[] all = IntStream.range(0, heldOut.size()).toArray();
        for (int[] part : BatchSize.split(Deal.own(all, tokens, ranks), tokens, compute.microBatchTokens())) {
            PackedRows packed =
                    PackedRows.of(IntStream.of(part).mapToObj(heldOut::get).toList(), compute.layout());
            Head.Scores scores = Scoring.score(model.decoder(), packed);
            nll -= Arrays.stream(packed.sums(scores.logps())).sum();
            correct += scores.correct();
            targets += packed.targets().length;
        }
        double[] sums = ranks.sum(nll, (double) correct, (double) targets);
        return Map.of("eval_loss", sums[0] / sums[2], "eval_mean_token_accuracy", sums[1] / sums[2]);
    }
}
