package cogent.train.rows;

import cogent.data.Sha256;
import cogent.model.tensor.Memory;
import cogent.model.tensor.Tensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;

/** SHA-256 of what a result depends on. */
public final class Digests {
    private Digests() {}

    /** Names, types, shapes and values of tensors. */
    public static String of(Map<String, Tensor> tensors) {
        Sha256 sha256 = new Sha256();
        try (WritableByteChannel channel = channel(sha256)) {
            for (Map.Entry<String, Tensor> entry : tensors.entrySet()) {
                Tensor tensor = entry.getValue();
                sha256.add(entry.getKey() + " " + tensor.dtype() + Arrays.toString(tensor.shape()) + "\n");
                Memory.write(tensor, channel);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return sha256.hex();
    }

    /** The token ids of all examples, in order. */
    public static String ofExamples(List<Example> rows) {
        Sha256 sha256 = new Sha256();
        rows.forEach(row -> add(sha256, row.prompt(), row.completion()));
        return sha256.hex();
    }

    /** The token ids of all pairs, in order; not their β, on which log-probabilities do not depend. */
    public static String ofPairs(List<PairExample> rows) {
        Sha256 sha256 = new Sha256();
        rows.forEach(row -> add(sha256, row.prompt(), row.chosen(), row.rejected()));
        return sha256.hex();
    }

    /** The token ids of one pair. */
    public static byte[] bytesOfPair(PairExample pair) {
        Sha256 sha256 = new Sha256();
        add(sha256, pair.prompt(), pair.chosen(), pair.rejected());
        return sha256.bytes();
    }

    /** The token ids of one example. */
    public static byte[] bytesOfExample(Example row) {
        Sha256 sha256 = new Sha256();
        add(sha256, row.prompt(), row.completion());
        return sha256.bytes();
    }

    public static String of(DoubleStream values) {
        Sha256 sha256 = new Sha256();
        values.forEach(value ->
                sha256.add(ByteBuffer.allocate(Double.BYTES).putDouble(value).flip()));
        return sha256.hex();
    }

    private static void add(Sha256 sha256, int[]... sequences) {
        for (int[] ids : sequences) {
            ByteBuffer bytes = ByteBuffer.allocate((ids.length + 1) * Integer.BYTES);
            bytes.putInt(ids.length).asIntBuffer().put(ids);
            sha256.add(bytes.array());
        }
    }

    private static WritableByteChannel channel(Sha256 sha256) {
        return new WritableByteChannel() {
            @Override
            public int write(ByteBuffer bytes) {
                int count = bytes.remaining();
                sha256.add(bytes);
                return count;
            }

            @Override
            public boolean isOpen() {
                return true;
            }

            @Override
            public void close() {
                // nothing is held
            }
        };
    }
}
