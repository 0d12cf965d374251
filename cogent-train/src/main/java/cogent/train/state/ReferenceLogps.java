package cogent.train.state;

import cogent.model.decoder.Decoder;
import cogent.model.decoder.LanguageModel;
import cogent.model.tensor.DType;
import cogent.model.tensor.Ranks;
import cogent.train.forward.BatchLayout;
import cogent.train.forward.PackedRows;
import cogent.train.forward.Scoring;
import cogent.train.objective.PairLogps;
import cogent.train.rows.BatchSize;
import cogent.train.rows.Digests;
import cogent.train.rows.PairExample;
import cogent.train.rows.TrainingRows;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;
import java.util.function.IntUnaryOperator;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * Log-probabilities of all pairs under the frozen reference, computed once before training and kept on disk, so that
 * the reference model is not in memory while the policy is trained.
 */
public final class ReferenceLogps {
    /** With the version of the computation: to be raised when its results change. */
    private static final String KIND = "reference-3";

    /** Chosen and rejected of pair i at 2i and 2i + 1; empty where no reference is used. */
    private final double[] logps;

    private ReferenceLogps(double[] logps) {
        this.logps = logps;
    }

    /** For objectives without a reference. */
    public static ReferenceLogps none() {
        return new ReferenceLogps(new double[0]);
    }

    /**
     * Known ones.
     *
     * @param logps chosen and rejected of pair i at 2i and 2i + 1
     */
    public static ReferenceLogps of(double[] logps) {
        return new ReferenceLogps(logps.clone());
    }

    /** As {@link #of(LanguageModel, DType, List, int[], int, Path, Ranks, BooleanSupplier, IntConsumer)} in the type of the weights. */
    public static Optional<ReferenceLogps> of(
            LanguageModel reference,
            List<PairExample> pairs,
            int microBatchTokens,
            Path store,
            BooleanSupplier stop,
            IntConsumer progress) {
        int[] all = IntStream.range(0, pairs.size()).toArray();
        return of(
                reference,
                reference.decoder().compute(),
                pairs,
                all,
                microBatchTokens,
                store,
                Ranks.alone(),
                stop,
                progress);
    }

    /**
     * Reads the log-probabilities from the store and computes those that are not there; part by part they are stored, so
     * that an interruption loses one part.
     *
     * @param compute type of the layers' products: that of the training, or the policy would differ from its reference before
     *     the first step
     * @param needed the pairs to compute; those of the others stay unknown (NaN)
     * @param store folder of {@link MeasureStore} files; may be shared by runs
     * @param microBatchTokens tokens that go through the model at once
     * @param ranks that take a part each at a time; the first keeps them in the store
     * @param stop asked before each round of parts
     * @param progress told how many pairs are done, whenever some were computed
     * @return empty when asked to stop
     */
    public static Optional<ReferenceLogps> of(
            LanguageModel reference,
            DType compute,
            List<PairExample> pairs,
            int[] needed,
            int microBatchTokens,
            Path store,
            Ranks ranks,
            BooleanSupplier stop,
            IntConsumer progress) {
        double[] logps = new double[2 * pairs.size()];
        Decoder decoder = reference.decoder().computing(compute);
        try (MeasureStore known = MeasureStore.open(store, KIND, 2, reference, compute)) {
            boolean whole = known.fill(
                    logps,
                    parts(pairs, needed, microBatchTokens),
                    row -> Digests.bytesOfPair(pairs.get(row)),
                    part -> Scoring.sums(
                            decoder,
                            PackedRows.ofPairs(
                                    IntStream.of(part).mapToObj(pairs::get).toList(), BatchLayout.SHARED)),
                    ranks,
                    stop,
                    progress);
            return whole ? Optional.of(new ReferenceLogps(logps)) : Optional.empty();
        }
    }

    /** Pairs of like length together: attention computes them as one block. */
    private static List<int[]> parts(List<PairExample> pairs, int[] needed, int microBatchTokens) {
        IntUnaryOperator tokens = TrainingRows.tokens(pairs, PairExample::tokens);
        int[] byLength = IntStream.of(needed)
                .boxed()
                .sorted(Comparator.comparingInt(tokens::applyAsInt))
                .mapToInt(row -> row)
                .toArray();
        return BatchSize.split(byLength, tokens, microBatchTokens);
    }

    /** The log-probabilities of some of the pairs. */
    public ReferenceLogps only(int[] rows) {
        return logps.length == 0
                ? this
                : new ReferenceLogps(IntStream.of(rows)
                        .flatMap(row -> IntStream.of(2 * row, 2 * row + 1))
                        .mapToDouble(i -> logps[i])
                        .toArray());
    }

    /**
     * What an objective knows of a pair.
     *
     * @param betaFactor multiplies its β
     * @param kl of the batch, NaN where it is not estimated
     */
    public PairLogps of(int row, PairExample pair, double chosen, double rejected, double betaFactor, double kl) {
        return new PairLogps(
                chosen,
                rejected,
                logps.length == 0 ? Double.NaN : logps[2 * row],
                logps.length == 0 ? Double.NaN : logps[2 * row + 1],
                pair.chosen().length,
                pair.rejected().length,
                betaFactor * pair.beta(),
                kl);
    }

    /** How much more these prefer the chosen side of a pair than the reference does, in nats; NaN where either is unknown. */
    public double margin(int row, ReferenceLogps reference) {
        return logps[2 * row] - logps[2 * row + 1] - (reference.logps[2 * row] - reference.logps[2 * row + 1]);
    }

    /** @throws IllegalArgumentException when these are not the log-probabilities of that many pairs */
    public void requireFor(int pairs) {
        if (logps.length != 2 * pairs) {
            throw new IllegalArgumentException(
                    "reference log-probabilities of " + logps.length / 2 + " pairs for " + pairs);
        }
    }

    public String digest() {
        return Digests.of(DoubleStream.of(logps));
    }
}
