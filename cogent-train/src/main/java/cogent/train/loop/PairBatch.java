package cogent.train.loop;

import cogent.model.decoder.Decoder;
import cogent.model.tensor.Ranks;
import cogent.model.tensor.Scope;
import cogent.train.forward.CompletionPass;
import cogent.train.forward.PackedRows;
import cogent.train.forward.Scoring;
import cogent.train.forward.Work;
import cogent.train.objective.PairLogps;
import cogent.train.objective.PairLoss;
import cogent.train.parallel.Deal;
import cogent.train.rows.BatchSize;
import cogent.train.rows.PairExample;
import cogent.train.rows.TrainingRows;
import java.util.List;
import java.util.Objects;
import java.util.function.IntConsumer;
import java.util.function.IntUnaryOperator;
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
    private final double kl;
    private final double meanChosenTokens;

    /**
     * @param rows all pairs of the batch
     * @param betaFactor multiplies every pair's β
     * @param kl {@link #kl} of these rows; NaN for objectives that do not use it
     */
    public PairBatch(Decoder policy, AlignData data, AlignSettings settings, int[] rows, double betaFactor, double kl) {
        this.policy = policy;
        this.data = data;
        this.settings = settings;
        this.size = rows.length;
        this.betaFactor = betaFactor;
        this.kl = kl;
        this.meanChosenTokens = IntStream.of(rows)
                .mapToDouble(i -> data.pairs().get(i).chosen().length)
                .average()
                .orElseThrow();
    }

    /** As {@link #backward(int[], Sink, IntConsumer)}, the layers told to nobody. */
    public Work backward(int[] part, Sink sink) {
        return backward(part, sink, _ -> {});
    }

    /**
     * KTO's estimate of KL(π_θ ‖ π_ref): the mean log-ratio of completions after prompts that are not theirs, 0 where that is
     * negative.
     *
     * @param ranks that score a share of the rows each
     * @return in nats; NaN where the objective does not use it
     */
    public static double kl(Decoder policy, Ranks ranks, AlignData data, AlignSettings settings, int[] rows) {
        if (!settings.objective().usesKl()) {
            return Double.NaN;
        }
        AlignData others = Objects.requireNonNull(data.mismatched(), "this objective needs mismatched pairs");
        IntUnaryOperator tokens = TrainingRows.tokens(others.pairs(), PairExample::tokens);
        double sum = 0;
        for (int[] part : BatchSize.split(
                Deal.own(rows, tokens, ranks),
                tokens,
                settings.train().compute().microBatchTokens())) {
            double[] logps = Scoring.sums(policy, packed(others, settings, part));
            for (int i = 0; i < part.length; i++) {
                PairLogps known = others.reference()
                        .of(part[i], others.pairs().get(part[i]), logps[2 * i], logps[2 * i + 1], 1, Double.NaN);
                sum += known.chosenLogRatio() + known.rejectedLogRatio();
            }
        }
        sum = ranks.sum(sum)[0];
        return Math.max(0, sum / (2 * rows.length));
    }

    /**
     * Runs a part of the batch forward and back, adding to the parameters' gradients.
     *
     * @param layerDone as in {@link CompletionPass#backward(float[], IntConsumer)}
     * @return what was computed
     */
    public Work backward(int[] part, Sink sink, IntConsumer layerDone) {
        try (Scope _ = Scope.open()) {
            PackedRows packed = packed(data, settings, part);
            CompletionPass pass = new CompletionPass(
                    policy, packed, settings.train().compute().recompute());
            double[] logps = packed.sums(pass.score().logps());
            double[] slopes = new double[logps.length];
            for (int i = 0; i < part.length; i++) {
                PairLoss loss = loss(part[i], logps[2 * i], logps[2 * i + 1], sink);
                slopes[2 * i] = loss.dChosen() / size;
                slopes[2 * i + 1] = loss.dRejected() / size;
            }
            pass.backward(packed.spread(slopes), layerDone);
            return packed.work();
        }
    }

    /** Runs a part of the batch forward only. */
    public void score(int[] part, Sink sink) {
        double[] logps = Scoring.sums(policy, packed(data, settings, part));
        for (int i = 0; i < part.length; i++) {
            loss(part[i], logps[2 * i], logps[2 * i + 1], sink);
        }
    }

    private static PackedRows packed(AlignData data, AlignSettings settings, int[] part) {
        List<PairExample> pairs = IntStream.of(part).mapToObj(data.pairs()::get).toList();
        return PackedRows.ofPairs(pairs, settings.train().compute().layout());
    }

    private PairLoss loss(int row, double chosen, double rejected, Sink sink) {
        PairExample pair = data.pairs().get(row);
        PairLogps known = data.reference().of(row, pair, chosen, rejected, betaFactor, kl);
        PairLoss loss =
                settings.nll().addTo(settings.objective().loss(known).times(pair.weight()), known, meanChosenTokens);
        sink.accept(pair, known, loss);
        return loss;
    }
}
