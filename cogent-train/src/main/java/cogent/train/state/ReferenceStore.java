package cogent.train.state;

import cogent.data.InputException;
import cogent.data.Sha256;
import cogent.model.decoder.LanguageModel;
import cogent.model.tensor.DType;
import cogent.train.rows.Digests;
import cogent.train.rows.PairExample;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Log-probabilities of pairs under one reference model: a file named by the digest of all that they depend on beside the
 * pair (weights, configuration, types), to which records are only ever appended. A record is the digest of the
 * pair's token ids and its two sums, so that other runs, with other β or other pairs, find what they share. A torn last
 * record, left by a kill or a full disk, is overwritten.
 */
final class ReferenceStore implements AutoCloseable {
    /** Part of the key; to be raised when the computation changes its results. */
    private static final String VERSION = "2";

    private static final int RECORD = 4 * Long.BYTES;
    private static final int AT_ONCE = 1 << 14;

    /** Half of a SHA-256. */
    private record Key(long high, long low) {
        static Key of(PairExample pair) {
            ByteBuffer digest = ByteBuffer.wrap(Digests.bytesOfPair(pair));
            return new Key(digest.getLong(), digest.getLong());
        }
    }

    private final Path file;
    private final FileChannel channel;

    private ReferenceStore(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /** @throws InputException when the folder or file cannot be used */
    static ReferenceStore open(Path folder, LanguageModel reference, DType compute) {
        String key = Sha256.hex(VERSION + compute + reference.config().source() + Digests.of(reference.parameters()));
        Path file = folder.resolve("reference-" + key + ".logps");
        try {
            Files.createDirectories(folder);
            FileChannel channel = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            channel.position(channel.size() - channel.size() % RECORD);
            return new ReferenceStore(file, channel);
        } catch (IOException e) {
            throw new InputException(file + ": cannot be used (" + InputException.reason(e) + ")", e);
        }
    }

    /** Fills in what is known: chosen and rejected of pair i at 2i and 2i + 1. */
    void read(List<PairExample> pairs, double[] logps) {
        Map<Key, double[]> known = new HashMap<>();
        try {
            ByteBuffer buffer = ByteBuffer.allocate(AT_ONCE * RECORD);
            long end = channel.size() - channel.size() % RECORD;
            for (long at = 0; at < end; at += buffer.limit()) {
                buffer.clear().limit((int) Math.min(buffer.capacity(), end - at));
                while (buffer.hasRemaining() && channel.read(buffer, at + buffer.position()) >= 0) {
                    // a read may give less than was asked for
                }
                buffer.flip();
                while (buffer.hasRemaining()) {
                    known.putIfAbsent(
                            new Key(buffer.getLong(), buffer.getLong()),
                            new double[] {buffer.getDouble(), buffer.getDouble()});
                }
            }
        } catch (IOException e) {
            throw new InputException(file + ": cannot be read (" + InputException.reason(e) + ")", e);
        }
        for (int i = 0; i < pairs.size() && !known.isEmpty(); i++) {
            double[] sums = known.get(Key.of(pairs.get(i)));
            if (sums != null) {
                logps[2 * i] = sums[0];
                logps[2 * i + 1] = sums[1];
            }
        }
    }

    /** Keeps the sums of some pairs. */
    void append(List<PairExample> pairs, double[] sums) {
        ByteBuffer records = ByteBuffer.allocate(pairs.size() * RECORD);
        for (int i = 0; i < pairs.size(); i++) {
            Key key = Key.of(pairs.get(i));
            records.putLong(key.high())
                    .putLong(key.low())
                    .putDouble(sums[2 * i])
                    .putDouble(sums[2 * i + 1]);
        }
        records.flip();
        try {
            while (records.hasRemaining()) {
                channel.write(records);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": " + InputException.reason(e), e);
        }
    }

    @Override
    public void close() {
        try (channel) {
            channel.force(false);
        } catch (IOException e) {
            throw new UncheckedIOException(file.toString(), e);
        }
    }
}
