package cogent.train.rows;

import cogent.data.InputException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Token sequences in a scratch file, mapped rather than held on the heap: a corpus of 10⁶ long rationales is gigabytes
 * of ids. Filled once, then read in any order; the file goes when this is closed.
 */
final class TokenFile implements AutoCloseable {
    private final Path file;
    private final FileChannel channel;
    private final Arena arena = Arena.ofShared();
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 18).order(ByteOrder.nativeOrder());
    /** Sequence i lies from ends[i] to ends[i + 1], counted in tokens. */
    private long[] ends = new long[1024];

    private int size;
    private @Nullable MemorySegment mapped;

    TokenFile(Path folder) {
        try {
            Files.createDirectories(folder);
            file = Files.createTempFile(folder, ".tokens-", ".bin");
            channel = FileChannel.open(
                    file, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.DELETE_ON_CLOSE);
        } catch (IOException e) {
            throw new InputException(folder + ": cannot hold token ids (" + InputException.reason(e) + ")", e);
        }
    }

    /** Number of sequences. */
    int size() {
        return size;
    }

    void add(int[] ids) {
        if (size + 2 > ends.length) {
            ends = Arrays.copyOf(ends, 2 * ends.length);
        }
        ends[size + 1] = ends[size] + ids.length;
        size++;
        for (int id : ids) {
            if (!buffer.hasRemaining()) {
                flush();
            }
            buffer.putInt(id);
        }
    }

    int length(int sequence) {
        return (int) (ends[sequence + 1] - ends[sequence]);
    }

    /** The ids of a sequence; after the first call nothing may be added. */
    int[] get(int sequence) {
        MemorySegment segment = mapped == null ? map() : mapped;
        return segment.asSlice(ends[sequence] * Integer.BYTES, (long) length(sequence) * Integer.BYTES)
                .toArray(ValueLayout.JAVA_INT);
    }

    private MemorySegment map() {
        flush();
        try {
            MemorySegment segment = channel.map(FileChannel.MapMode.READ_ONLY, 0, ends[size] * Integer.BYTES, arena);
            mapped = segment;
            return segment;
        } catch (IOException e) {
            throw new UncheckedIOException(file.toString(), e);
        }
    }

    private void flush() {
        try {
            buffer.flip();
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
            buffer.clear();
        } catch (IOException e) {
            throw new UncheckedIOException(file.toString(), e);
        }
    }

    @Override
    public void close() {
        try {
            arena.close();
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(file.toString(), e);
        }
    }
}
