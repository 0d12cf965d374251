package cogent.train;

import cogent.model.LanguageModel;
import cogent.tensor.Scope;
import cogent.train.objective.ChosenNll;
import cogent.train.objective.Objective;
import cogent.train.objective.PairLogps;
import cogent.train.objective.PairLoss;
import java.util.List;
import java.util.stream.IntStream;

/** Loss and gradient of a batch of pairs, part by part: the mean over all its pairs, however it is split. */
final class PairBatch {
    /** Told each pair of a part once its loss is known. */
    interface Sink {
        void accept(PairExample pair, PairLogps logps, PairLoss loss);
    }

    private final LanguageModel policy;
    private final LogProbHead head;
    private final ReferenceLogps reference;
    private final List<PairExample> pairs;
    private final Objective objective;
    private final ChosenNll nll;
    private final int size;
    private final double betaFactor;
    private final double meanChosenTokens;

    /**
     * @param rows all pairs of the batch
     * @param betaFactor multiplies every pair's β
     */
    PairBatch(
            LanguageModel policy,
            ReferenceLogps reference,
            List<PairExample> pairs,
            Objective objective,
            ChosenNll nll,
            int[] rows,
            double betaFactor) {
        this.policy = policy;
        this.head = LogProbHead.of(policy.decoder().output());
        this.reference = reference;
        this.pairs = pairs;
        this.objective = objective;
        this.nll = nll;
        this.size = rows.length;
        this.betaFactor = betaFactor;
        this.meanChosenTokens = IntStream.of(rows)
                .mapToDouble(i -> pairs.get(i).chosen().length)
                .average()
                .orElseThrow();
    }

    /**
     * Runs a part of the batch forward and back, adding to the parameters' gradients.
     *
     * @return tokens that went through the model
     */
    int backward(int[] part, Sink sink) {
        try (Scope _ = Scope.open()) {
            PackedRows packed = PackedRows.of(ReferenceLogps.sides(pairs, part));
            CompletionPass pass = new CompletionPass(policy, head, packed);
            double[] logps = packed.sums(pass.score().logps());
            double[] slopes = new double[logps.length];
            for (int i = 0; i < part.length; i++) {
                PairExample pair = pairs.get(part[i]);
                PairLogps known = reference.of(part[i], pair, logps[2 * i], logps[2 * i + 1], betaFactor);
                PairLoss loss = nll.addTo(objective.loss(known), known, meanChosenTokens);
                slopes[2 * i] = loss.dChosen() / size;
                slopes[2 * i + 1] = loss.dRejected() / size;
                sink.accept(pair, known, loss);
            }
            pass.backward(packed.spread(slopes));
            return packed.inputs().tokens();
        }
    }
}
