package cogent.model.gguf;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The Q8_0 quantisation of ggml: 32 values share the scale max|x| / 127. */
final class Q8 {
    private Q8() {}

    /** @param values whole blocks */
    static ByteBuffer blocks(float[] values) {
        int block = GgufType.Q8_0.block();
        ByteBuffer out = ByteBuffer.allocate(Math.toIntExact(GgufType.Q8_0.bytes(values.length)))
                .order(ByteOrder.LITTLE_ENDIAN);
        for (int at = 0; at < values.length; at += block) {
            float largest = 0;
            for (int i = at; i < at + block; i++) {
                largest = Math.max(largest, Math.abs(values[i]));
            }
            float scale = largest / 127;
            float inverse = scale == 0 ? 0 : 1 / scale;
            out.putShort(Float.floatToFloat16(scale));
            for (int i = at; i < at + block; i++) {
                float steps = values[i] * inverse;
                out.put((byte)
                        (Math.signum(steps) * Math.round(Math.abs(steps)))); // halves away from zero, as C's roundf
            }
        }
        return out.flip();
    }
}
