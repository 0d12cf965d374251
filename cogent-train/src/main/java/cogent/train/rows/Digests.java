package cogent.train.rows;

import cogent.model.tensor.Memory;
import cogent.model.tensor.Tensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;

/** SHA-256 of what a result depends on. */
public final class Digests {
    private Digests() {}

    /** Names, types, shapes and values of tensors. */
    public static String of(Map<String, Tensor> tensors) {
        MessageDigest digest = sha256();
        try (WritableByteChannel channel = channel(digest)) {
            for (Map.Entry<String, Tensor> entry : tensors.entrySet()) {
                Tensor tensor = entry.getValue();
                String head = entry.getKey() + " " + tensor.dtype() + Arrays.toString(tensor.shape()) + "\n";
                digest.update(head.getBytes(StandardCharsets.UTF_8));
                Memory.write(tensor, channel);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return hex(digest);
    }

    /** The token ids of all examples, in order. */
    public static String ofExamples(List<Example> rows) {
        MessageDigest digest = sha256();
        for (Example row : rows) {
            update(digest, row.prompt());
            update(digest, row.completion());
        }
        return hex(digest);
    }

    /** The token ids of all pairs, in order; not their β, on which log-probabilities do not depend. */
    public static String ofPairs(List<PairExample> rows) {
        MessageDigest digest = sha256();
        for (PairExample row : rows) {
            update(digest, row.prompt());
            update(digest, row.chosen());
            update(digest, row.rejected());
        }
        return hex(digest);
    }

    /** The token ids of one pair. */
    public static byte[] bytesOfPair(PairExample pair) {
        MessageDigest digest = sha256();
        update(digest, pair.prompt());
        update(digest, pair.chosen());
        update(digest, pair.rejected());
        return digest.digest();
    }

    public static String of(DoubleStream values) {
        MessageDigest digest = sha256();
        ByteBuffer bytes = ByteBuffer.allocate(Double.BYTES);
        values.forEach(value -> digest.update(bytes.putDouble(0, value).array()));
        return hex(digest);
    }

    public static String of(String text) {
        MessageDigest digest = sha256();
        digest.update(text.getBytes(StandardCharsets.UTF_8));
        return hex(digest);
    }

    private static void update(MessageDigest digest, int[] ids) {
        ByteBuffer bytes = ByteBuffer.allocate((ids.length + 1) * Integer.BYTES);
        bytes.putInt(ids.length).asIntBuffer().put(ids);
        digest.update(bytes.array());
    }

    private static WritableByteChannel channel(MessageDigest digest) {
        return new WritableByteChannel() {
            @Override
            public int write(ByteBuffer bytes) {
                int count = bytes.remaining();
                digest.update(bytes);
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

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static String hex(MessageDigest digest) {
        return HexFormat.of().formatHex(digest.digest());
    }
}
