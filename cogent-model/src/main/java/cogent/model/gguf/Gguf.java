package cogent.model.gguf;

import static java.nio.charset.StandardCharsets.UTF_8;

import cogent.data.InputException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * A GGUF file of version 2 or 3, memory-mapped and read to the letter of its
 * <a href="https://github.com/ggml-org/ggml/blob/master/docs/gguf.md">specification</a>.
 */
final class Gguf {
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final int MAGIC = 0x46554747; // "GGUF"
    private static final int MOST_DIMENSIONS = 4;
    private static final int DEEPEST_ARRAY = 4;

    /**
     * A tensor of the file.
     *
     * @param shape as PyTorch counts dimensions, the innermost last
     * @param in the bytes of its file
     * @param at where its own begin there
     */
    @SuppressWarnings("ArrayRecordComponent") // shapes are arrays everywhere here, and nobody compares two entries
    record Entry(GgmlType type, long[] shape, MemorySegment in, long at) {
        long columns() {
            return shape[shape.length - 1];
        }

        long rows() {
            long rows = 1;
            for (int i = 0; i < shape.length - 1; i++) {
                rows *= shape[i];
            }
            return rows;
        }

        long rowBytes() {
            return type.bytes(columns());
        }

        /** The bytes of a row, little-endian. */
        ByteBuffer row(long row) {
            return in.asSlice(at + row * rowBytes(), rowBytes()).asByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
        }
    }

    private final Path file;
    private final MemorySegment all;
    private final SequencedMap<String, Object> metadata = new LinkedHashMap<>();
    private final SequencedMap<String, Entry> tensors = new LinkedHashMap<>();
    private long at;

    private Gguf(Path file, MemorySegment all) {
        this.file = file;
        this.all = all;
    }

    /**
     * A file, or all pieces of the model that it is one of.
     *
     * @throws InputException when one is missing, damaged, none of the same model, or holds types that are not known here
     */
    static Gguf open(Path file) {
        List<Path> pieces = Pieces.of(file);
        Gguf whole = openOne(pieces.getFirst(), pieces.size());
        whole.requirePiece(0, pieces.size());
        for (int i = 1; i < pieces.size(); i++) {
            Gguf piece = openOne(pieces.get(i), pieces.size());
            piece.requirePiece(i, pieces.size());
            piece.tensors.forEach((name, entry) -> {
                if (whole.tensors.put(name, entry) != null) {
                    throw new InputException(piece.file + ": tensor " + name
                            + " stands in another piece too: they are not of one model");
                }
            });
        }
        long announced = whole.whole("split.tensors.count").orElse((long) whole.tensors.size());
        if (announced != whole.tensors.size()) {
            throw new InputException(whole.file + ": its pieces hold " + whole.tensors.size() + " tensors, not the "
                    + announced + " that it announces: they are not of one model");
        }
        return whole;
    }

    private void requirePiece(int piece, int of) {
        long count = whole("split.count").orElse(1L);
        long number = whole("split.no").orElse(0L);
        if (of == 1 && count > 1) {
            throw new InputException(
                    file + ": one of " + count + " pieces, which are found by their names: give them back the"
                            + " ends -00001-of-%05d.gguf and so on, or join them by llama.cpp's `llama-gguf-split --merge`"
                                    .formatted(count));
        }
        if (count != of || number != piece) {
            throw new InputException("%s: piece %d of %d by its name, %d of %d by its contents: fetch it again"
                    .formatted(file, piece + 1, of, number + 1, count));
        }
    }

    private static Gguf openOne(Path file, int pieces) {
        if (Files.isDirectory(file)) {
            throw new InputException(file + " is a directory, not a GGUF file"
                    + (Files.exists(file.resolve("config.json")) ? ": it is a model as it is" : ""));
        }
        try (var channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return open(file, channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), Arena.ofAuto()));
        } catch (NoSuchFileException e) {
            throw new InputException(
                    "no file " + file
                            + (pieces == 1 ? "" : ": the " + pieces + " pieces of a model must lie side by side"),
                    e);
        } catch (IOException e) {
            throw InputException.unreadable(file, e);
        }
    }

    /** Over the bytes of a file; its name is for messages. */
    static Gguf open(Path file, MemorySegment all) {
        Gguf gguf = new Gguf(file, all);
        try {
            gguf.read();
        } catch (InputException e) {
            throw new InputException(file + ": " + e.getMessage(), e);
        }
        return gguf;
    }

    Path file() {
        return file;
    }

    /** Values are String, Long, Double, Boolean, or a List of them. */
    SequencedMap<String, Object> metadata() {
        return Collections.unmodifiableSequencedMap(metadata);
    }

    /** In the file's order. */
    SequencedMap<String, Entry> tensors() {
        return Collections.unmodifiableSequencedMap(tensors);
    }

    Optional<String> text(String key) {
        return value(key, String.class, "a text");
    }

    Optional<Long> whole(String key) {
        return value(key, Long.class, "a whole number");
    }

    Optional<Double> number(String key) {
        return metadata.get(key) instanceof Long n ? Optional.of((double) n) : value(key, Double.class, "a number");
    }

    Optional<Boolean> flag(String key) {
        return value(key, Boolean.class, "true or false");
    }

    /** @throws InputException when it is missing or holds something else */
    <T> List<T> list(String key, Class<T> of) {
        List<?> values =
                value(key, List.class, "a list").orElseThrow(() -> new InputException(file + " has no " + key));
        for (Object one : values) {
            if (!of.isInstance(one)) {
                throw new InputException(file + ": " + key + " holds " + one + ", not what belongs there");
            }
        }
        return values.stream().map(of::cast).toList();
    }

    private <T> Optional<T> value(String key, Class<T> type, String what) {
        Object value = metadata.get(key);
        if (value != null && !type.isInstance(value)) {
            throw new InputException(file + ": " + key + " is not " + what);
        }
        return Optional.ofNullable(value).map(type::cast);
    }

    private void read() {
        if (all.byteSize() < 24 || int32() != MAGIC) {
            throw new InputException("this is no GGUF file");
        }
        int version = int32();
        if (version != 2 && version != 3) {
            throw new InputException(
                    Integer.reverseBytes(version) == 3
                            ? "a big-endian GGUF file; little-endian ones are read. llama.cpp's gguf_convert_endian.py turns it"
                            : "GGUF of version " + Integer.toUnsignedString(version) + "; 2 and 3 are read");
        }
        long tensorCount = count(12);
        long valueCount = count(12);
        for (long i = 0; i < valueCount; i++) {
            String key = string();
            if (metadata.put(key, value(int32(), 0)) != null) {
                throw new InputException(key + " stands twice");
            }
        }
        describeTensors(tensorCount);
    }

    private void describeTensors(long count) {
        SequencedMap<String, Entry> relative = new LinkedHashMap<>();
        for (long i = 0; i < count; i++) {
            String name = string();
            if (relative.put(name, description(name)) != null) {
                throw new InputException("tensor " + name + " stands twice");
            }
        }
        long alignment = whole("general.alignment").orElse((long) GgufFile.ALIGNMENT);
        if (alignment < 1 || Long.bitCount(alignment) != 1 || alignment > 1 << 20) {
            throw new InputException("general.alignment is " + alignment + ", not a power of two");
        }
        long data = Math.ceilDiv(at, alignment) * alignment;
        relative.forEach((name, entry) -> {
            long bytes = entry.rows() * entry.rowBytes();
            if (entry.at % alignment != 0
                    || entry.at > all.byteSize() - data
                    || bytes > all.byteSize() - data - entry.at) {
                throw new InputException("tensor " + name + " lies outside the file: it is cut off");
            }
            tensors.put(name, new Entry(entry.type, entry.shape, all, data + entry.at));
        });
    }

    private Entry description(String name) {
        int dimensions = int32();
        if (dimensions < 1 || dimensions > MOST_DIMENSIONS) {
            throw new InputException("tensor " + name + " has " + Integer.toUnsignedString(dimensions) + " dimensions");
        }
        long[] shape = new long[dimensions];
        long values = 1;
        for (int i = dimensions - 1; i >= 0; i--) { // ggml counts dimensions from the innermost
            shape[i] = int64();
            if (shape[i] < 1 || shape[i] > Long.MAX_VALUE / 8 / values) {
                throw new InputException("tensor " + name + " has an impossible size");
            }
            values *= shape[i];
        }
        GgmlType type = GgmlType.of(int32(), name);
        if (shape[dimensions - 1] % type.block() != 0) {
            throw new InputException(
                    "tensor " + name + ": rows of " + shape[dimensions - 1] + " are no whole blocks of " + type);
        }
        long offset = int64();
        if (offset < 0) {
            throw new InputException("tensor " + name + " lies outside the file");
        }
        return new Entry(type, shape, all, offset);
    }

    private Object value(int type, int depth) {
        return switch (type) {
            case 0 -> (long) Byte.toUnsignedInt(int8());
            case 1 -> (long) int8();
            case 2 -> (long) Short.toUnsignedInt(int16());
            case 3 -> (long) int16();
            case 4 -> Integer.toUnsignedLong(int32());
            case 5 -> (long) int32();
            case 6 -> (double) Float.intBitsToFloat(int32());
            case 7 -> int8() != 0;
            case 8 -> string();
            case 9 -> array(depth);
            case 10, 11 -> int64();
            case 12 -> Double.longBitsToDouble(int64());
            default -> throw new InputException("a value of the unknown type " + Integer.toUnsignedString(type));
        };
    }

    private List<Object> array(int depth) {
        if (depth == DEEPEST_ARRAY) {
            throw new InputException("lists within lists without end");
        }
        int of = int32();
        long length = count(1);
        List<Object> values = new ArrayList<>();
        for (long i = 0; i < length; i++) {
            values.add(value(of, depth + 1));
        }
        return values;
    }

    private String string() {
        long length = count(1);
        byte[] bytes = take(length).toArray(ValueLayout.JAVA_BYTE);
        return new String(bytes, UTF_8);
    }

    /** How many things follow, each of at least so many bytes: no more than the rest of the file can hold. */
    private long count(int bytesEach) {
        long count = int64();
        if (count < 0 || count > (all.byteSize() - at) / bytesEach) {
            throw new InputException("the file is cut off or damaged: " + Long.toUnsignedString(count)
                    + " things are announced where " + (all.byteSize() - at) + " bytes are left");
        }
        return count;
    }

    private MemorySegment take(long bytes) {
        if (bytes > all.byteSize() - at) {
            throw new InputException("the file is cut off after " + all.byteSize() + " bytes");
        }
        MemorySegment taken = all.asSlice(at, bytes);
        at += bytes;
        return taken;
    }

    private byte int8() {
        return take(1).get(ValueLayout.JAVA_BYTE, 0);
    }

    private short int16() {
        return take(2).get(SHORT, 0);
    }

    private int int32() {
        return take(4).get(INT, 0);
    }

    private long int64() {
        return take(8).get(LONG, 0);
    }
}
