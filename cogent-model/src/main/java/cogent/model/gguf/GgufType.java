package cogent.model.gguf;

import cogent.model.tensor.DType;

/** What a GGUF file can be written as; {@link GgmlType} knows the blocks. */
public enum GgufType {
    F32(GgmlType.F32, 0),
    F16(GgmlType.F16, 1),
    BF16(GgmlType.BF16, 32),
    /** Blocks of 32 values as signed bytes behind one half-precision scale. */
    Q8_0(GgmlType.Q8_0, 7);

    private final GgmlType stored;
    private final int fileType;

    GgufType(GgmlType stored, int fileType) {
        this.stored = stored;
        this.fileType = fileType;
    }

    int code() {
        return stored.code();
    }

    /** What {@code general.file_type} says of a file that is mostly of this type. */
    int fileType() {
        return fileType;
    }

    /** Values of a block; a row must consist of whole blocks. */
    int block() {
        return stored.block();
    }

    long bytes(long values) {
        return stored.bytes(values);
    }

    /** The type of libtorch with the same bytes; Q8_0 has none. */
    DType plain() {
        if (this == Q8_0) {
            throw new IllegalStateException("blocks are no element type");
        }
        return stored.plain();
    }
}
