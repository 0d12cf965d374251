package cogent.train.state;

import cogent.data.InputException;
import cogent.data.Sha256;
import cogent.model.decoder.LanguageModel;
import cogent.model.tensor.DType;
import cogent.model.tensor.Ranks;
import cogent.train.rows.Digests;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.IntConsumer;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * What a frozen model makes of rows, a few numbers each: a file named by the digest of all that they depend on beside the
 * row (weights, configuration, types), to which records are only ever appended. A record is the digest of the row's token
 * ids and its numbers, so that other runs, with other settings or other rows, find what they share. A torn last record,
 * left by a kill or a full disk, is overwritten. An interrupt of the thread does no harm.
 */
final class MeasureStore implements AutoCloseable {
    private static final int KEY = 2 * Long.BYTES;
    private static final int AT_ONCE = 1 << 14;

    /** Half of a SHA-256. */
    private record Key(long high, long low) {
        static Key of(ByteBuffer digest) {
            return new Key(digest.getLong(), digest.getLong());
        }
    }

    private final Path path;
    private final RandomAccessFile file;
    /** Numbers of a row. */
    private final int width;

    private MeasureStore(Path path, RandomAccessFile file, int width) {
        this.path = path;
        this.file = file;
        this.width = width;
    }

    /**
     * @param kind of the numbers, with the version of their computation
     * @param width how many a row has
     * @param compute type of the layers' products
     * @throws InputException when the folder or file cannot be used
     */
    static MeasureStore open(Path folder, String kind, int width, LanguageModel model, DType compute) {
        String key = Sha256.hex(compute.toString() + model.config().source() + Digests.of(model.parameters()));
        Path path = folder.resolve(kind + "-" + key);
        try {
            Files.createDirectories(folder);
            return new MeasureStore(path, new RandomAccessFile(path.toFile(), "rw"), width);
        } catch (IOException e) {
            throw new InputException(path + ": cannot be used (" + InputException.reason(e) + ")", e);
        }
    }

    private int record() {
        return KEY + width * Double.BYTES;
    }

    /** Of the whole records. */
    private long end() throws IOException {
        return file.length() - file.length() % record();
    }

    /**
     * Reads the numbers that are kept and computes the others, part by part, which are kept at once: an interruption loses one
     * part. A part is computed whole or not at all: the numbers depend on their company by rounding, and a run that was
     * interrupted has to end like one that was not.
     *
     * @param numbers of all rows, that of row i from i · width; on the first rank what is in no part and not known becomes NaN
     * @param parts rows that are computed together; a rank takes one at a time
     * @param digest of a row's token ids
     * @param compute the numbers of a part's rows, in their order
     * @param stop asked before each round of parts
     * @param progress told how many rows of the parts are done, whenever some were computed
     * @return false when asked to stop
     */
    boolean fill(
            double[] numbers,
            List<int[]> parts,
            IntFunction<byte[]> digest,
            Function<int[], double[]> compute,
            Ranks ranks,
            BooleanSupplier stop,
            IntConsumer progress) {
        if (ranks.isFirst()) { // what it does not know either stays NaN in the sum
            Arrays.fill(numbers, Double.NaN);
            read(numbers, digest);
        }
        System.arraycopy(ranks.sum(numbers), 0, numbers, 0, numbers.length);
        List<int[]> unknown = parts.stream()
                .filter(part -> IntStream.of(part).anyMatch(row -> Double.isNaN(numbers[width * row])))
                .toList();
        int done = rows(parts) - rows(unknown);
        for (int from = 0; from < unknown.size(); from += ranks.count()) {
            ranks.at("part " + from + " of " + path.getFileName());
            if (ranks.sum(stop.getAsBoolean() ? 1 : 0)[0] > 0) {
                return false;
            }
            List<int[]> round = unknown.subList(from, Math.min(unknown.size(), from + ranks.count()));
            compute(numbers, round, digest, compute, ranks);
            done += rows(round);
            progress.accept(done);
        }
        return true;
    }

    private static int rows(List<int[]> parts) {
        return parts.stream().mapToInt(part -> part.length).sum();
    }

    /** A part for each rank; all get the numbers of all. */
    private void compute(
            double[] numbers,
            List<int[]> round,
            IntFunction<byte[]> digest,
            Function<int[], double[]> compute,
            Ranks ranks) {
        int[] rows = round.stream().flatMapToInt(IntStream::of).toArray();
        double[] computed = new double[width * rows.length];
        if (ranks.rank() < round.size()) {
            double[] own = compute.apply(round.get(ranks.rank()));
            System.arraycopy(own, 0, computed, width * rows(round.subList(0, ranks.rank())), own.length);
        }
        computed = ranks.sum(computed);
        for (int i = 0; i < rows.length; i++) {
            System.arraycopy(computed, width * i, numbers, width * rows[i], width);
        }
        if (ranks.isFirst()) {
            append(rows, computed, digest);
        }
    }

    private void read(double[] numbers, IntFunction<byte[]> digest) {
        Map<Key, double[]> known = new HashMap<>();
        try {
            byte[] records = new byte[AT_ONCE * record()];
            long end = end();
            file.seek(0);
            for (long at = 0; at < end; at += records.length) {
                ByteBuffer buffer = ByteBuffer.wrap(records, 0, (int) Math.min(records.length, end - at));
                file.readFully(records, 0, buffer.limit());
                while (buffer.hasRemaining()) {
                    Key key = Key.of(buffer);
                    double[] of = new double[width];
                    for (int number = 0; number < width; number++) {
                        of[number] = buffer.getDouble();
                    }
                    known.putIfAbsent(key, of);
                }
            }
        } catch (IOException e) {
            throw InputException.unreadable(path, e);
        }
        for (int row = 0; row < numbers.length / width && !known.isEmpty(); row++) {
            double[] of = known.get(Key.of(ByteBuffer.wrap(digest.apply(row))));
            if (of != null) {
                System.arraycopy(of, 0, numbers, width * row, width);
            }
        }
    }

    private void append(int[] rows, double[] numbers, IntFunction<byte[]> digest) {
        ByteBuffer records = ByteBuffer.allocate(rows.length * record());
        for (int i = 0; i < rows.length; i++) {
            records.put(digest.apply(rows[i]), 0, KEY);
            for (int number = 0; number < width; number++) {
                records.putDouble(numbers[width * i + number]);
            }
        }
        try {
            file.seek(end());
            file.write(records.array());
        } catch (IOException e) {
            throw new UncheckedIOException(path + ": " + InputException.reason(e), e);
        }
    }

    @Override
    public void close() {
        try (file) {
            file.getFD().sync();
        } catch (IOException e) {
            throw new UncheckedIOException(path.toString(), e);
        }
    }
}
