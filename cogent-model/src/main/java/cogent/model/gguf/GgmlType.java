package cogent.model.gguf;

import cogent.data.InputException;
import cogent.model.tensor.DType;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.stream.Collectors;

/** The element types of GGUF files that can be read, with ggml's numbers and blocks. */
enum GgmlType {
    F32(0, 1, 4),
    F16(1, 1, 2),
    BF16(30, 1, 2),
    Q4_0(2, 32, 18),
    Q4_1(3, 32, 20),
    Q5_0(6, 32, 22),
    Q5_1(7, 32, 24),
    Q8_0(8, 32, 34),
    Q2_K(10, 256, 84),
    Q3_K(11, 256, 110),
    Q4_K(12, 256, 144),
    Q5_K(13, 256, 176),
    Q6_K(14, 256, 210),
    IQ4_NL(20, 32, 18),
    IQ4_XS(23, 256, 136);

    private final int code;
    private final int block;
    private final int blockBytes;

    GgmlType(int code, int block, int blockBytes) {
        this.code = code;
        this.block = block;
        this.blockBytes = blockBytes;
    }

    /** @throws InputException when it is none that can be read */
    static GgmlType of(int code, String tensor) {
        return Arrays.stream(values())
                .filter(type -> type.code == code)
                .findFirst()
                .orElseThrow(() -> new InputException("tensor " + tensor + " is of ggml's type "
                        + Integer.toUnsignedString(code) + ", which is not read here; read are "
                        + Arrays.stream(values()).map(Enum::name).collect(Collectors.joining(", "))));
    }

    int code() {
        return code;
    }

    /** Values of a block; a row consists of whole blocks. */
    int block() {
        return block;
    }

    long bytes(long values) {
        return values / block * blockBytes;
    }

    /** How the values are kept where they are not quantised; what was quantised is kept in single precision. */
    DType plain() {
        return switch (this) {
            case F16 -> DType.F16;
            case BF16 -> DType.BF16;
            default -> DType.F32;
        };
    }

    /** The values of a row, as ggml computes them. */
    float[] dequantised(ByteBuffer row, int columns) {
        float[] out = new float[columns];
        for (int at = 0; at < columns; at += block) {
            block(row, out, at);
        }
        return out;
    }

    private void block(ByteBuffer in, float[] out, int at) {
        switch (this) {
            case F32 -> out[at] = in.getFloat();
            case F16 -> out[at] = Blocks.half(in);
            case BF16 -> out[at] = Float.intBitsToFloat(in.getShort() << 16);
            case Q4_0 -> Blocks.q40(in, out, at);
            case Q4_1 -> Blocks.q41(in, out, at);
            case Q5_0 -> Blocks.q50(in, out, at);
            case Q5_1 -> Blocks.q51(in, out, at);
            case Q8_0 -> Blocks.q80(in, out, at);
            case Q2_K -> SuperBlocks.q2(in, out, at);
            case Q3_K -> SuperBlocks.q3(in, out, at);
            case Q4_K -> SuperBlocks.q4(in, out, at);
            case Q5_K -> SuperBlocks.q5(in, out, at);
            case Q6_K -> SuperBlocks.q6(in, out, at);
            case IQ4_NL -> Blocks.iq4(in, out, at);
            case IQ4_XS -> SuperBlocks.iq4(in, out, at);
        }
    }
}
