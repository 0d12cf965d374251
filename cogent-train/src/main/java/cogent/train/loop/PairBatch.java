package cogent.train.loop;

import cogent.model.decoder.Decoder;
import cogent.model.tensor.Scope;
import cogent.train.forward.CompletionPass;
import cogent.train.forward.PackedRows;
import cogent.train.forward.Scoring;
import cogent.train.forward.Work;
import cogent.train.objective.PairLogps;
import cogent.train.objective.PairLoss;
import cogent.train.rows.PairExample;
import java.util.List;
import java.util.stream.IntStream;

/** Loss and gradient of a batch of pairs, part by part: the mean over all its pairs, however it is split. */
public final class PairBatch {
    /** Told each pair of a part once its loss is known. */
    public interface Sink {
        void accept(PairExample pair, PairLogps logps, PairLoss loss);
    }

    private final Decoder policy;
    private final AlignData data;
    private final AlignSettings settings;
    private final int size;
    private final double betaFactor;
    private final double meanChosenTokens;

    /**
     * @param rows all pairs of the batch
     * @param betaFactor multiplies every pair's β
     */
    public PairBatch(Decoder policy, AlignData data, AlignSettings settings, int[] rows, double betaFactor) {
        this.policy = policy;
        this.data = data;
        this.settings = settings;
        this.size = rows.length;
        this.betaFactor = betaFactor;
        this.meanChosenTokens = IntStream.of(rows)
                .mapToDouble(i -> data.pairs().get(i).chosen().length)
                .average()
                .orElseThrow();
    }

    /**
     * Runs a part of the batch forward and back, adding to the parameters' gradients.
     *
     * @return what was computed
     */
    public Work backward(int[] part, Sink sink) {
        try (Scope _ = Scope.open()) {
            PackedRows packed = packed(part);
            CompletionPass pass = new CompletionPass(
                    policy, packed, settings.train().compute().recompute());
            double[] logps = packed.sums(pass.score().logps());
            double[] slopes = new double[logps.length];
            for (int i = 0; i < part.length; i++) {
                PairLoss loss = loss(part[i], logps[2 * i], logps[2 * i + 1], sink);
                slopes[2 * i] = loss.dChosen() / size;
                slopes[2 * i + 1] = loss.dRejected() / size;
            }
            pass.backward(packed.spread(slopes));
            return packed.work();
        }
    }

    /** Runs a part of the batch forward only. */
    public void score(int[] part, Sink sink) {
        double[] logps = Scoring.sums(policy, packed(part));
        for (int i = 0; i < part.length; i++) {
            loss(part[i], logps[2 * i], logps[2 * i + 1], sink);
        }
    }

    private PackedRows packed(int[] part) {
        List<PairExample> pairs = IntStream.of(part).mapToObj(data.pairs()::get).toList();
        return PackedRows.ofPairs(pairs, settings.train().compute().layout());
    }

    private PairLoss loss(int row, double chosen, double rejected, Sink sink) {
        PairExample pair = data.pairs().get(row);
        PairLogps known = data.reference().of(row, pair, chosen, rejected, betaFactor);
        PairLoss loss = settings.nll().addTo(settings.objective().loss(known), known, meanChosenTokens);
        sink.accept(pair, known, loss);
        return loss;
    }
}
