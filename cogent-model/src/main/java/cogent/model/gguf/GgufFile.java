package cogent.model.gguf;

import static java.nio.charset.StandardCharsets.UTF_8;

import cogent.data.AtomicFile;
import cogent.data.InputException;
import cogent.model.tensor.DType;
import cogent.model.tensor.GradMode;
import cogent.model.tensor.Memory;
import cogent.model.tensor.Scope;
import cogent.model.tensor.Tensor;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.SequencedMap;
import java.util.stream.LongStream;

/**
 * A GGUF file of version 3, to be written: header, metadata, a description of every tensor, then their data, each
 * tensor from a multiple of {@value #ALIGNMENT} on (<a href="https://github.com/ggml-org/ggml/blob/master/docs/gguf.md">
 * specification</a>).
 *
 * @param metadata values are String, Integer (as UINT32), Float, Boolean, {@code List<String>}, {@code int[]} or
 *     {@code float[]}
 * @param tensors in the order of their data
 */
record GgufFile(SequencedMap<String, Object> metadata, List<Entry> tensors) {
    static final int ALIGNMENT = 32;

    private static final int VERSION = 3;
    private static final long VALUES_AT_ONCE = 1L << 22;

    /**
     * A tensor; converted as it is written, some rows at a time.
     *
     * @param parts of one or two dimensions each
     * @param stacked whether they lie in a dimension of their own; else there is one
     */
    record Entry(String name, GgmlType type, List<Tensor> parts, boolean stacked) {
        Entry(String name, GgmlType type, Tensor values) {
            this(name, type, List.of(values), false);
        }

        long bytes() {
            return parts.stream().mapToLong(part -> type.bytes(part.numel())).sum();
        }

        long[] shape() {
            long[] each = parts.getFirst().shape();
            return stacked
                    ? LongStream.concat(LongStream.of(parts.size()), LongStream.of(each))
                            .toArray()
                    : each;
        }
    }

    private enum Kind {
        UINT32(4),
        INT32(5),
        FLOAT32(6),
        BOOL(7),
        STRING(8),
        ARRAY(9);

        private final int code;

        Kind(int code) {
            this.code = code;
        }
    }

    /** Writes under a temporary name, forces it to the disk, renames. */
    void write(Path file) throws IOException {
        AtomicFile.requireFileOrNothing(file);
        Path temporary = file.resolveSibling("." + file.getFileName() + ".tmp");
        temporary.toFile().deleteOnExit(); // Ctrl-C
        try (var channel = FileChannel.open(
                temporary, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            Little out = new Little(Channels.newOutputStream(channel));
            header(out);
            for (Entry tensor : tensors) {
                for (Tensor part : tensor.parts) {
                    data(tensor, part, channel);
                }
                pad(channel);
            }
            channel.force(true);
        } catch (IOException | RuntimeException e) {
            Files.deleteIfExists(temporary);
            throw e;
        }
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private void header(Little out) throws IOException {
        out.bytes("GGUF".getBytes(UTF_8)).int32(VERSION).int64(tensors.size()).int64(metadata.size());
        for (var e : metadata.entrySet()) {
            out.string(e.getKey());
            value(out, e.getValue());
        }
        long at = 0;
        for (Entry tensor : tensors) {
            long[] shape = tensor.shape();
            out.string(tensor.name).int32(shape.length);
            for (int i = shape.length - 1; i >= 0; i--) { // ggml counts dimensions from the innermost
                out.int64(shape[i]);
            }
            out.int32(tensor.type.code()).int64(at);
            at = aligned(at + tensor.bytes());
        }
        out.pad().flush();
    }

    private static void value(Little out, Object value) throws IOException {
        switch (value) {
            case String text -> out.int32(Kind.STRING.code).string(text);
            case Integer n -> out.int32(Kind.UINT32.code).int32(n);
            case Float x -> out.int32(Kind.FLOAT32.code).int32(Float.floatToRawIntBits(x));
            case Boolean b -> out.int32(Kind.BOOL.code).bytes(new byte[] {(byte) (b ? 1 : 0)});
            case int[] all -> {
                array(out, Kind.INT32, all.length);
                for (int n : all) {
                    out.int32(n);
                }
            }
            case float[] all -> {
                array(out, Kind.FLOAT32, all.length);
                for (float x : all) {
                    out.int32(Float.floatToRawIntBits(x));
                }
            }
            case List<?> texts -> {
                array(out, Kind.STRING, texts.size());
                for (Object text : texts) {
                    out.string((String) text);
                }
            }
            default -> throw new IllegalArgumentException("no GGUF value: " + value.getClass());
        }
    }

    private static void array(Little out, Kind of, int length) throws IOException {
        out.int32(Kind.ARRAY.code).int32(of.code).int64(length);
    }

    private static void data(Entry tensor, Tensor values, WritableByteChannel channel) throws IOException {
        long rows = values.size(0);
        long step = Math.max(1, VALUES_AT_ONCE / Math.max(1, values.numel() / rows));
        for (long from = 0; from < rows; from += step) {
            try (Scope _ = Scope.open();
                    var _ = GradMode.off()) {
                Tensor part = values.narrow(0, from, Math.min(step, rows - from));
                if (tensor.type.block() > 1) {
                    finite(tensor, part);
                    ByteBuffer blocks = Quantiser.blocks(tensor.type, part.toFloats());
                    while (blocks.hasRemaining()) {
                        channel.write(blocks);
                    }
                } else {
                    Tensor converted = part.to(tensor.type.plain());
                    finite(tensor, converted);
                    Memory.write(converted, channel);
                }
            }
        }
    }

    private static void finite(Entry tensor, Tensor values) {
        if (values.isFinite().all().to(DType.F32).item() == 0) {
            throw new InputException(tensor.name + " has values that " + tensor.type
                    + " cannot hold (or that are not finite): export it as bf16");
        }
    }

    private static void pad(FileChannel channel) throws IOException {
        ByteBuffer zeros = ByteBuffer.allocate((int) (aligned(channel.position()) - channel.position()));
        while (zeros.hasRemaining()) {
            channel.write(zeros);
        }
    }

    private static long aligned(long at) {
        return Math.ceilDiv(at, ALIGNMENT) * ALIGNMENT;
    }

    /** Numbers in the format's byte order, buffered; knows how far it has come. */
    private static final class Little {
        private final OutputStream out;
        private long written;

        Little(OutputStream out) {
            this.out = new java.io.BufferedOutputStream(out, 1 << 16);
        }

        Little bytes(byte[] bytes) throws IOException {
            out.write(bytes);
            written += bytes.length;
            return this;
        }

        Little int32(int n) throws IOException {
            for (int shift = 0; shift < 32; shift += 8) {
                out.write(n >> shift);
            }
            written += 4;
            return this;
        }

        Little int64(long n) throws IOException {
            return int32((int) n).int32((int) (n >>> 32));
        }

        Little string(String text) throws IOException {
            byte[] utf8 = text.getBytes(UTF_8);
            return int64(utf8.length).bytes(utf8);
        }

        Little pad() throws IOException {
            return bytes(new byte[(int) (aligned(written) - written)]);
        }

        void flush() throws IOException {
            out.flush();
        }
    }
}
