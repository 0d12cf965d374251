package cogent.train;

import cogent.model.LanguageModel;
import cogent.train.objective.DynamicBeta;
import cogent.train.objective.PairLogps;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.IntUnaryOperator;

/** Preference alignment: CogPO and its relatives, mean over the pairs of a batch. */
public final class Align {
    private Align() {}

    /**
     * Trains the policy in place. Called again with the same arguments after an interruption of any kind, it continues
     * at the newest checkpoint and ends with the same weights as if nothing had happened (same machine and threads).
     *
     * @param reference log-probabilities of these pairs, in this order; {@link ReferenceLogps#none()} for objectives
     *     that need none
     * @param pairs at least one
     * @param stop asked before each step; when true, a checkpoint is written and the outcome says so
     * @param progress told after each step
     * @throws DivergedException when loss or gradient is no longer finite
     * @throws cogent.data.InputException when there are no pairs, or the checkpoints belong to another run
     */
    public static Outcome train(
            LanguageModel policy,
            ReferenceLogps reference,
            List<PairExample> pairs,
            AlignSettings settings,
            TrainFiles files,
            BooleanSupplier stop,
            Consumer<Progress> progress) {
        if (settings.objective().usesReference()) {
            reference.requireFor(pairs.size());
        }
        IntUnaryOperator tokens = pairs instanceof TrainingRows<PairExample> stored
                ? stored::tokens
                : i -> pairs.get(i).tokens();
        String identity =
                "align " + settings.objective() + settings.nll() + settings.dynamicBeta() + Digests.ofPairs(pairs)
                        + Digests.of(pairs.stream().mapToDouble(PairExample::beta)) + reference.digest();
        try (TrainingRun run = new TrainingRun(
                policy,
                settings.train(),
                files,
                identity,
                pairs.size(),
                tokens,
                i -> pairs.get(i).id(),
                progress)) {
            while (run.goesOn() && !stop.getAsBoolean()) {
                int[] rows = run.nextBatch();
                double betaFactor = 1;
                if (settings.dynamicBeta().isPresent()) {
                    DynamicBeta.Decision decision = decide(policy, reference, pairs, rows, settings, run);
                    rows = decision.kept();
                    betaFactor = decision.betaFactor();
                }
                PairBatch batch =
                        new PairBatch(policy, reference, pairs, settings.objective(), settings.nll(), rows, betaFactor);
                PairMetrics metrics = new PairMetrics();
                long seen = 0;
                for (int[] part : BatchSize.split(rows, tokens, settings.train().microBatchTokens())) {
                    seen += batch.backward(part, metrics::add);
                }
                Map<String, Double> means = metrics.means();
                run.update(means.getOrDefault("loss", Double.NaN), seen, means);
            }
            return run.end();
        }
    }

    /** β-DPO looks at the margins of the whole batch before it trains on it. */
    private static DynamicBeta.Decision decide(
            LanguageModel policy,
            ReferenceLogps reference,
            List<PairExample> pairs,
            int[] rows,
            AlignSettings settings,
            TrainingRun run) {
        double[] margins = new double[rows.length];
        int at = 0;
        IntUnaryOperator tokens = i -> pairs.get(i).tokens();
        for (int[] part : BatchSize.split(rows, tokens, settings.train().microBatchTokens())) {
            double[] logps = Scoring.sums(policy, ReferenceLogps.sides(pairs, part));
            for (int i = 0; i < part.length; i++) {
                PairLogps known = reference.of(part[i], pairs.get(part[i]), logps[2 * i], logps[2 * i + 1], 1);
                margins[at++] = known.chosenLogRatio() - known.rejectedLogRatio();
            }
        }
        DynamicBeta.Averages before = run.carried().isEmpty()
                ? DynamicBeta.Averages.START
                : new DynamicBeta.Averages(run.carried().get(0), run.carried().get(1));
        DynamicBeta.Decision decision = settings.dynamicBeta()
                .orElseThrow()
                .decide(rows, margins, before, new Random(settings.train().seed() * 1_000_003 + run.step()));
        run.carry(List.of(decision.averages().mean(), decision.averages().deviation()));
        return decision;
    }
}
