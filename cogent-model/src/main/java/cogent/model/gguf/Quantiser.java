package cogent.model.gguf;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.stream.IntStream;

/**
 * Values to ggml's blocks, bit for bit as ggml makes them without an importance matrix ({@code quantize_row_*_ref} of
 * ggml-quants.c): the same searches in the same order of single-precision sums.
 */
final class Quantiser {
    private static final int HALF = 16;

    private Quantiser() {}

    /** One block of the values from {@code at} on, to where the buffer stands. */
    private interface Block {
        void write(float[] values, int at, ByteBuffer out);
    }

    /** How many steps above the lowest a value of a block lies, a half added. */
    private interface Steps {
        float of(int value);
    }

    /**
     * @param type Q8_0, Q5_0, Q5_1, Q4_K, Q5_K or Q6_K
     * @param values whole blocks
     */
    static ByteBuffer blocks(GgmlType type, float[] values) {
        Block block = switch (type) {
            case Q8_0 -> Quantiser::q80;
            case Q5_0 -> Quantiser::q50;
            case Q5_1 -> Quantiser::q51;
            case Q4_K -> KQuants::q4;
            case Q5_K -> KQuants::q5;
            case Q6_K -> KQuants::q6;
            default -> throw new IllegalArgumentException("nothing quantises to " + type);
        };
        int bytes = Math.toIntExact(type.bytes(type.block()));
        ByteBuffer out =
                ByteBuffer.allocate(Math.toIntExact(type.bytes(values.length))).order(ByteOrder.LITTLE_ENDIAN);
        IntStream.range(0, values.length / type.block())
                .parallel()
                .forEach(i -> block.write(
                        values, i * type.block(), out.slice(i * bytes, bytes).order(ByteOrder.LITTLE_ENDIAN)));
        return out;
    }

    /** 32 values as signed bytes; they share the scale max|x| / 127. */
    private static void q80(float[] values, int at, ByteBuffer out) {
        float largest = 0;
        for (int i = at; i < at + 2 * HALF; i++) {
            largest = Math.max(largest, Math.abs(values[i]));
        }
        float scale = largest / 127;
        float inverse = scale == 0 ? 0 : 1 / scale;
        out.putShort(Float.floatToFloat16(scale));
        for (int i = at; i < at + 2 * HALF; i++) {
            float steps = values[i] * inverse;
            // halves away from zero, as C's roundf; of values too small for an inverse C makes 0
            out.put(Float.isFinite(steps) ? (byte) (Math.signum(steps) * Math.round(Math.abs(steps))) : 0);
        }
    }

    /** 32 values of 5 bits; the one farthest from zero is -16 steps. */
    private static void q50(float[] values, int at, ByteBuffer out) {
        float farthest = 0;
        for (int i = at; i < at + 2 * HALF; i++) {
            farthest = Math.abs(values[i]) > Math.abs(farthest) ? values[i] : farthest;
        }
        float scale = farthest / -HALF;
        float inverse = scale == 0 ? 0 : 1 / scale;
        out.putShort(Float.floatToFloat16(scale));
        fiveBits(i -> values[at + i] * inverse + 16.5f, out);
    }

    /** 32 values of 5 bits, steps from the least up. */
    private static void q51(float[] values, int at, ByteBuffer out) {
        float least = values[at];
        float largest = values[at];
        for (int i = at; i < at + 2 * HALF; i++) {
            least = values[i] < least ? values[i] : least; // of two zeros the first, as in C
            largest = Math.max(largest, values[i]);
        }
        float lowest = least;
        float scale = (largest - least) / 31;
        float inverse = scale == 0 ? 0 : 1 / scale;
        out.putShort(Float.floatToFloat16(scale)).putShort(Float.floatToFloat16(least));
        fiveBits(i -> (values[at + i] - lowest) * inverse + 0.5f, out);
    }

    private static void fiveBits(Steps steps, ByteBuffer out) {
        int fifths = 0;
        byte[] quants = new byte[HALF];
        for (int i = 0; i < HALF; i++) {
            int low = whole(steps.of(i));
            int high = whole(steps.of(HALF + i));
            quants[i] = (byte) ((low & 15) | (high & 15) << 4);
            fifths |= (low >> 4) << i | (high >> 4) << (i + HALF);
        }
        out.putInt(fifths).put(quants);
    }

    private static int whole(float steps) {
        return Float.isFinite(steps) ? Math.min(31, (int) steps) : 0;
    }
}
