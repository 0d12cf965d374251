package cogent.model.tensor;

import org.bytedeco.pytorch.global.torch.ScalarType;

/** Element types that Cogent computes with or stores. */
public enum DType {
    F32(4),
    F64(8),
    BF16(2),
    F16(2),
    I64(8),
    I32(4),
    U8(1),
    BOOL(1);

    private final int bytes;

    DType(int bytes) {
        this.bytes = bytes;
    }

    /** Size of one element in bytes. */
    public int bytes() {
        return bytes;
    }

    /** Its name in PyTorch and in a {@code config.json}, such as {@code bfloat16}. */
    public String torchName() {
        return switch (this) {
            case F32 -> "float32";
            case F64 -> "float64";
            case BF16 -> "bfloat16";
            case F16 -> "float16";
            case I64 -> "int64";
            case I32 -> "int32";
            case U8 -> "uint8";
            case BOOL -> "bool";
        };
    }

    ScalarType raw() {
        return switch (this) {
            case F32 -> ScalarType.Float;
            case F64 -> ScalarType.Double;
            case BF16 -> ScalarType.BFloat16;
            case F16 -> ScalarType.Half;
            case I64 -> ScalarType.Long;
            case I32 -> ScalarType.Int;
            case U8 -> ScalarType.Byte;
            case BOOL -> ScalarType.Bool;
        };
    }

    static DType of(ScalarType raw) {
        return switch (raw.intern()) {
            case Float -> F32;
            case Double -> F64;
            case BFloat16 -> BF16;
            case Half -> F16;
            case Long -> I64;
            case Int -> I32;
            case Byte -> U8;
            case Bool -> BOOL;
            default -> throw new IllegalStateException("a tensor of element type " + raw + " is not used here");
        };
    }
}
