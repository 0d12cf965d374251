package cogent.model.gguf;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Against the rule that ggml states: d = max|x| / 127 kept as half precision, q = roundf(x · (1 / d)). */
class Q8Test {
    @Test
    void halves_are_rounded_away_from_zero_as_roundf_does() {
        float[] values = new float[32];
        float[] first = {127, 0.5f, -0.5f, 1.5f, -1.5f, -2.5f, 2.4999f, -127, 0};
        System.arraycopy(first, 0, values, 0, first.length);

        ByteBuffer block = Q8.blocks(values);

        assertThat(block.remaining()).isEqualTo(34);
        assertThat(Float.float16ToFloat(block.getShort())).isEqualTo(1f);
        byte[] steps = new byte[first.length];
        block.get(steps);
        assertThat(steps).containsExactly(127, 1, -1, 2, -2, -3, 2, -127, 0);
    }

    @Test
    void every_block_has_its_own_scale_and_zeros_stay_zero() {
        float[] values = new float[96];
        Random random = new Random(7);
        for (int i = 32; i < 64; i++) {
            values[i] = (float) random.nextGaussian();
        }
        Arrays.fill(values, 64, 96, -3e-3f);

        ByteBuffer blocks = Q8.blocks(values);

        assertThat(blocks.remaining()).isEqualTo(3 * 34);
        for (int at = 0; at < 96; at += 32) {
            float largest = 0;
            for (int i = at; i < at + 32; i++) {
                largest = Math.max(largest, Math.abs(values[i]));
            }
            float scale = largest / 127;
            assertThat(blocks.getShort()).isEqualTo(Float.floatToFloat16(scale));
            for (int i = at; i < at + 32; i++) {
                double exact = scale == 0 ? 0 : values[i] * (double) (1 / scale);
                assertThat((double) blocks.get()).isBetween(exact - 0.5001, exact + 0.5001);
            }
        }
    }
}
