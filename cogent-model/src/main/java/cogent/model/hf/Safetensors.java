package cogent.model.hf;

import cogent.data.InputException;
import cogent.model.tensor.DType;
import cogent.model.tensor.Memory;
import cogent.model.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * A safetensors file, memory-mapped: its tensors lie over the file without a copy, in pages private to this process, so
 * that writing into them never reaches the file. The file must not be truncated while they are in use.
 *
 * @see <a href="https://github.com/huggingface/safetensors#format">the format</a>
 */
public final class Safetensors {
    private static final ValueLayout.OfLong LENGTH = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final Map<String, DType> DTYPES = Map.of(
            "F32", DType.F32,
            "F64", DType.F64,
            "BF16", DType.BF16,
            "F16", DType.F16,
            "I64", DType.I64,
            "I32", DType.I32,
            "U8", DType.U8,
            "BOOL", DType.BOOL);

    private final Path file;
    private final SafetensorsHeader header;
    private final MemorySegment data;
    private final boolean writable;

    private Safetensors(Path file, SafetensorsHeader header, MemorySegment data, boolean writable) {
        this.file = file;
        this.header = header;
        this.data = data;
        this.writable = writable;
    }

    /**
     * Maps the file and checks every field of its header.
     *
     * @throws InputException when it is missing or not a well-formed safetensors file
     */
    public static Safetensors open(Path file) {
        try {
            try (var channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
                return open(file, channel.map(FileChannel.MapMode.PRIVATE, 0, channel.size(), Arena.ofAuto()), true);
            } catch (NoSuchFileException e) {
                throw new InputException("no file " + file, e);
            } catch (FileSystemException e) { // not ours to write, which private pages ask for
                try (var channel = FileChannel.open(file, StandardOpenOption.READ)) {
                    return open(
                            file, channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), Arena.ofAuto()), false);
                }
            }
        } catch (IOException e) {
            throw InputException.unreadable(file, e);
        }
    }

    /** Over the bytes of a file; its name is for messages. */
    static Safetensors open(Path file, MemorySegment all, boolean writable) {
        try {
            if (all.byteSize() < 8) {
                throw new InputException("only " + all.byteSize() + " bytes: the file is cut off");
            }
            long length = all.get(LENGTH, 0);
            if (length < 2 || length > SafetensorsHeader.MAX_BYTES) {
                throw new InputException("a header of " + Long.toUnsignedString(length)
                        + " bytes: this is not safetensors, or more than 100 MB");
            }
            if (length > all.byteSize() - 8) {
                throw new InputException("the header has " + length + " bytes, the file only " + (all.byteSize() - 8)
                        + " after the length: the file is cut off");
            }
            byte[] json = all.asSlice(8, length).toArray(ValueLayout.JAVA_BYTE);
            MemorySegment data = all.asSlice(8 + length);
            return new Safetensors(file, SafetensorsHeader.parse(json, data.byteSize()), data, writable);
        } catch (InputException e) {
            throw new InputException(file + ": " + e.getMessage(), e);
        }
    }

    /** All tensors by name, in the order of their bytes. */
    public SequencedMap<String, SafetensorsHeader.Entry> entries() {
        return header.entries();
    }

    /** The {@code __metadata__} of the file. */
    public Map<String, String> metadata() {
        return header.metadata();
    }

    /** The element type of an entry, or none if nothing here computes with it (F8 and the like). */
    public static @Nullable DType dtype(SafetensorsHeader.Entry entry) {
        return DTYPES.get(entry.dtype());
    }

    /**
     * A tensor over the file's own memory; a copy of it where the file could only be opened for reading.
     *
     * @throws InputException when there is none of this name, or its type cannot be computed with
     */
    public Tensor tensor(String name) {
        SafetensorsHeader.Entry entry = header.entries().get(name);
        if (entry == null) {
            throw new InputException(file + " has no tensor " + name);
        }
        DType dtype = dtype(entry);
        if (dtype == null) {
            throw new InputException(file + ": " + name + " is stored as " + entry.dtype()
                    + ", which is not supported; use BF16, F16 or F32");
        }
        Tensor mapped = Memory.view(bytes(entry), dtype, entry.shape());
        return writable ? mapped : mapped.copy();
    }

    /** Gives back the memory that reading an entry took, as long as nothing has written there; who reads on reads the file again. */
    void unload(SafetensorsHeader.Entry entry) {
        bytes(entry).unload();
    }

    /** The bytes of an entry, over the file's own memory. */
    MemorySegment bytes(SafetensorsHeader.Entry entry) {
        return data.asSlice(entry.begin(), entry.bytes());
    }
}
