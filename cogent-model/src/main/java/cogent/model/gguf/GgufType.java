package cogent.model.gguf;

import cogent.model.tensor.DType;

/** Element types of a GGUF file, with the numbers that its specification gives them. */
public enum GgufType {
    F32(0, 0, 1, 4),
    F16(1, 1, 1, 2),
    BF16(30, 32, 1, 2),
    /** Blocks of 32 values as signed bytes behind one half-precision scale. */
    Q8_0(8, 7, 32, 34);

    private final int code;
    private final int fileType;
    private final int block;
    private final int blockBytes;

    GgufType(int code, int fileType, int block, int blockBytes) {
        this.code = code;
        this.fileType = fileType;
        this.block = block;
        this.blockBytes = blockBytes;
    }

    int code() {
        return code;
    }

    /** What {@code general.file_type} says of a file that is mostly of this type. */
    int fileType() {
        return fileType;
    }

    /** Values of a block; a row must consist of whole blocks. */
    int block() {
        return block;
    }

    long bytes(long values) {
        return values / block * blockBytes;
    }

    /** The type of libtorch with the same bytes; Q8_0 has none. */
    DType plain() {
        return switch (this) {
            case F32 -> DType.F32;
            case F16 -> DType.F16;
            case BF16 -> DType.BF16;
            case Q8_0 -> throw new IllegalStateException("blocks are no element type");
        };
    }
}
