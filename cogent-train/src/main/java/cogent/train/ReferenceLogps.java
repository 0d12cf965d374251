package cogent.train;

import cogent.data.AtomicFile;
import cogent.data.InputException;
import cogent.model.LanguageModel;
import cogent.train.objective.PairLogps;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Log-probabilities of all pairs under the frozen reference, computed once before training and kept on disk, so that
 * the reference model is not in memory while the policy is trained.
 */
public final class ReferenceLogps {
    /** Part of the key; to be raised when the computation changes its results. */
    private static final String VERSION = "1";

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
     * Reads the log-probabilities from the store, or computes and stores them. The file's name is a digest of everything
     * that they depend on: weights, token ids and element type.
     *
     * @param store folder of the files; may be shared by runs
     * @param microBatchTokens tokens that go through the model at once
     * @param stop asked before each part; what was computed is then thrown away
     * @param progress told how many pairs are done
     * @return empty when asked to stop
     */
    public static Optional<ReferenceLogps> of(
            LanguageModel reference,
            List<PairExample> pairs,
            int microBatchTokens,
            Path store,
            BooleanSupplier stop,
            IntConsumer progress) {
        String key = Digests.of(VERSION + Digests.of(reference.parameters()) + Digests.ofPairs(pairs));
        Path file = store.resolve("reference-" + key + ".f64");
        double[] logps = new double[2 * pairs.size()];
        if (Files.exists(file)) {
            read(file, logps);
            return Optional.of(new ReferenceLogps(logps));
        }
        int[] all = IntStream.range(0, pairs.size()).toArray();
        for (int[] part : BatchSize.split(all, i -> pairs.get(i).tokens(), microBatchTokens)) {
            if (stop.getAsBoolean()) {
                return Optional.empty();
            }
            double[] sums = Scoring.sums(reference, sides(pairs, part));
            System.arraycopy(sums, 0, logps, 2 * part[0], sums.length);
            progress.accept(part[part.length - 1] + 1);
        }
        write(file, logps);
        return Optional.of(new ReferenceLogps(logps));
    }

    /** The sequences of some pairs: chosen, rejected, chosen, rejected, … */
    static List<Example> sides(List<PairExample> pairs, int[] rows) {
        return IntStream.of(rows)
                .mapToObj(pairs::get)
                .flatMap(pair -> Stream.of(pair.chosenSide(), pair.rejectedSide()))
                .toList();
    }

    /** What an objective knows of a pair, its β multiplied by a factor. */
    PairLogps of(int row, PairExample pair, double chosen, double rejected, double betaFactor) {
        return new PairLogps(
                chosen,
                rejected,
                logps.length == 0 ? Double.NaN : logps[2 * row],
                logps.length == 0 ? Double.NaN : logps[2 * row + 1],
                pair.chosen().length,
                pair.rejected().length,
                betaFactor * pair.beta());
    }

    /** @throws IllegalArgumentException when these are not the log-probabilities of that many pairs */
    void requireFor(int pairs) {
        if (logps.length != 2 * pairs) {
            throw new IllegalArgumentException(
                    "reference log-probabilities of " + logps.length / 2 + " pairs for " + pairs);
        }
    }

    String digest() {
        return Digests.of(DoubleStream.of(logps));
    }

    private static void read(Path file, double[] logps) {
        try {
            byte[] bytes = Files.readAllBytes(file);
            if (bytes.length != logps.length * Double.BYTES) {
                throw new InputException(file + ": has the wrong size; delete it to have it computed again");
            }
            ByteBuffer.wrap(bytes).asDoubleBuffer().get(logps);
        } catch (IOException e) {
            throw new InputException(file + ": cannot be read (" + InputException.reason(e) + ")", e);
        }
    }

    private static void write(Path file, double[] logps) {
        try (AtomicFile atomic = AtomicFile.create(file)) {
            DataOutputStream out = new DataOutputStream(atomic.stream());
            for (double logp : logps) {
                out.writeDouble(logp);
            }
            out.flush();
            atomic.commit();
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": " + InputException.reason(e), e);
        }
    }
}
