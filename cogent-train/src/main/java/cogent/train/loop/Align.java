package cogent.train.loop;

import cogent.model.decoder.LanguageModel;
import cogent.model.tensor.Ranks;
import cogent.train.forward.TrainableModel;
import cogent.train.forward.Work;
import cogent.train.objective.DynamicBeta;
import cogent.train.objective.PairLogps;
import cogent.train.parallel.Deal;
import cogent.train.rows.BatchSize;
import cogent.train.rows.Digests;
import cogent.train.rows.PairExample;
import cogent.train.rows.TrainingRows;
import cogent.train.state.ReferenceLogps;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

/** Preference alignment: CogPO and its relatives, mean over the pairs of a batch. */
public final class Align {
    private Align() {}

    /**
     * Trains all weights of a policy in place, to the end; the reference is the policy as it comes.
     *
     * @param folder for checkpoints, metrics and the reference's log-probabilities: a run that was interrupted goes on there,
     *     with the same policy as before its first step
     */
    public static TrainingOutcome train(
            LanguageModel policy,
            List<PairExample> pairs,
            AlignSettings settings,
            Path folder,
            Consumer<TrainingProgress> progress) {
        return train(
                TrainableModel.all(policy),
                Ranks.alone(),
                AlignData.of(
                        policy,
                        pairs,
                        settings.objective(),
                        settings.train().compute().microBatchTokens(),
                        folder),
                AlignData.NONE,
                settings,
                TrainFiles.in(folder),
                () -> false,
                progress);
    }

    /** Trains all weights of a policy in place, without held-out pairs. */
    public static TrainingOutcome train(
            LanguageModel policy,
            ReferenceLogps reference,
            List<PairExample> pairs,
            AlignSettings settings,
            TrainFiles files,
            BooleanSupplier stop,
            Consumer<TrainingProgress> progress) {
        return train(
                TrainableModel.all(policy),
                Ranks.alone(),
                new AlignData(pairs, reference),
                AlignData.NONE,
                settings,
                files,
                stop,
                progress);
    }

    /**
     * Trains the policy in place. Called again with the same arguments after an interruption of any kind, it continues
     * at the newest checkpoint and ends with the same weights as if nothing had happened (same machine, threads and
     * ranks).
     *
     * <p>This is the whole loop, made of public parts: copy it and change it.
     *
     * @param ranks that train together, each in a call like this one; the batch is dealt to them
     * @param data at least one pair
     * @param heldOut pairs for {@link HoldOut}; none where that is off
     * @param stop asked before each step; when true, or when the thread is interrupted, a checkpoint is written and the outcome says so
     * @param progress told after each step
     * @throws DivergedException when loss or gradient is no longer finite
     * @throws cogent.data.InputException when there are no pairs, or the checkpoints belong to another run
     */
    public static TrainingOutcome train(
            TrainableModel policy,
            Ranks ranks,
            AlignData data,
            AlignData heldOut,
            AlignSettings settings,
            TrainFiles files,
            BooleanSupplier stop,
            Consumer<TrainingProgress> progress) {
        List<PairExample> pairs = data.pairs();
        if (settings.objective().usesReference()) {
            data.reference().requireFor(pairs.size());
            heldOut.reference().requireFor(heldOut.pairs().size());
        }
        IntUnaryOperator tokens = TrainingRows.tokens(pairs, PairExample::tokens);
        try (TrainingRun run = new TrainingRun(
                policy,
                ranks,
                settings.train(),
                files,
                identity(data, settings) + (heldOut.pairs().isEmpty() ? "" : identity(heldOut, settings)),
                pairs.size(),
                tokens,
                i -> pairs.get(i).id(),
                progress)) {
            while (run.goesOn() && !run.stops(stop)) {
                int[] rows = run.nextBatch();
                double betaFactor = 1;
                if (settings.dynamicBeta().isPresent()) {
                    DynamicBeta.Decision decision = decide(policy, ranks, data, rows, settings, run);
                    rows = decision.kept();
                    betaFactor = decision.betaFactor();
                }
                double kl = PairBatch.kl(policy.decoder(), ranks, data, settings, rows);
                PairBatch batch = new PairBatch(policy.decoder(), data, settings, rows, betaFactor, kl);
                Gradient gradient = Gradient.NONE;
                do {
                    try {
                        gradient = backward(batch, PairMetrics.of(pairs, rows), run.parts(rows), run);
                    } catch (RuntimeException e) {
                        run.memoryWasFull(e);
                    }
                } while (run.beginsAgain());
                if (settings.objective().usesKl()) {
                    gradient.metrics.put("kl", kl / ranks.count());
                }
                run.update(gradient.metrics.getOrDefault("loss", Double.NaN), gradient.work, gradient.metrics);
                if (run.evaluates()) {
                    run.evaluated(evaluate(policy, ranks, heldOut, settings));
                }
                run.saveIfDue();
            }
            return run.end();
        }
    }

    /** What this rank's part of a batch gave, with its shares of the means. */
    private record Gradient(Work work, Map<String, Double> metrics) {
        static final Gradient NONE = new Gradient(Work.NONE, Map.of());
    }

    private static Gradient backward(PairBatch batch, PairMetrics metrics, List<int[]> parts, TrainingRun run) {
        Work work = Work.NONE;
        for (int[] part : parts) {
            work = work.plus(batch.backward(part, metrics::add, run::layerDone));
        }
        return new Gradient(work, metrics.shares());
    }

    private static String identity(AlignData data, AlignSettings settings) {
        return "align " + settings.objective().identity() + settings.nll() + settings.dynamicBeta()
                + Digests.ofPairs(data.pairs())
                + Digests.of(data.pairs().stream().mapToDouble(PairExample::beta))
                + data.reference().digest()
                + (data.pairs().stream().allMatch(pair -> pair.weight() == 1)
                        ? ""
                        : Digests.of(data.pairs().stream().mapToDouble(PairExample::weight)))
                + (data.mismatched() == null ? "" : identity(data.mismatched(), settings));
    }

    /** The training metrics of held-out pairs, with {@code eval_} before their names. */
    private static Map<String, Double> evaluate(
            TrainableModel policy, Ranks ranks, AlignData heldOut, AlignSettings settings) {
        IntUnaryOperator tokens = TrainingRows.tokens(heldOut.pairs(), PairExample::tokens);
        int[] all = IntStream.range(0, heldOut.pairs().size()).toArray();
        double kl = PairBatch.kl(policy.decoder(), ranks, heldOut, settings, all);
        PairBatch batch = new PairBatch(policy.decoder(), heldOut, settings, all, 1, kl);
        PairMetrics metrics = PairMetrics.of(heldOut.pairs(), all);
        for (int[] part : BatchSize.split(
                Deal.own(all, tokens, ranks), tokens, settings.train().compute().microBatchTokens())) {
            batch.score(part, metrics::add);
        }
        Map<String, Double> named = new LinkedHashMap<>();
        Totals.of(ranks, 0, Work.NONE, metrics.shares())
                .metrics()
                .forEach((name, value) -> named.put("eval_" + name, value));
        return named;
    }

    /** β-DPO looks at the margins of the whole batch before it trains on it. */
    private static DynamicBeta.Decision decide(
            TrainableModel policy, Ranks ranks, AlignData data, int[] rows, AlignSettings settings, TrainingRun run) {
        double[] margins = new double[rows.length];
        IntUnaryOperator tokens = TrainingRows.tokens(data.pairs(), PairExample::tokens);
        PairBatch batch = new PairBatch(policy.decoder(), data, settings, rows, 1, Double.NaN);
        int[] places = IntStream.range(0, rows.length).toArray();
        for (int[] part : BatchSize.split(
                Deal.own(places, i -> tokens.applyAsInt(rows[i]), ranks),
                i -> tokens.applyAsInt(rows[i]),
                settings.train().compute().microBatchTokens())) {
            int[] at = {0};
            batch.score(
                    IntStream.of(part).map(i -> rows[i]).toArray(),
                    (_, logps, _) -> margins[part[at[0]++]] = margin(logps));
        }
        double[] all = ranks.sum(margins);
        DynamicBeta.Averages before = run.carried().isEmpty()
                ? DynamicBeta.Averages.START
                : new DynamicBeta.Averages(run.carried().get(0), run.carried().get(1));
        DynamicBeta.Decision decision = settings.dynamicBeta()
                .orElseThrow()
                .decide(rows, all, before, new Random(settings.train().seed() * 1_000_003 + run.step()));
        run.carry(List.of(decision.averages().mean(), decision.averages().deviation()));
        return decision;
    }

    private static double margin(PairLogps logps) {
        return logps.chosenLogRatio() - logps.rejectedLogRatio();
    }
}
