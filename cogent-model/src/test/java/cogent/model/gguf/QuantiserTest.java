package cogent.model.gguf;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class QuantiserTest {
    /** What ggml made of values of every kind: {@code tools/oracles/gguf_quants.py}. */
    @Test
    void every_block_is_bit_for_bit_ggmls() throws IOException {
        ByteBuffer file = ByteBuffer.wrap(Files.readAllBytes(Path.of("src/test/resources/gguf/quants.bin")))
                .order(ByteOrder.LITTLE_ENDIAN);
        float[] values = new float[file.getInt()];
        file.asFloatBuffer().get(values);
        file.position(file.position() + values.length * Float.BYTES);
        List<GgmlType> types = new ArrayList<>();
        while (file.hasRemaining()) {
            GgmlType type = GgmlType.valueOf(new String(bytes(file, file.get()), StandardCharsets.US_ASCII));
            byte[] theirs = bytes(file, file.getInt());
            assertThat(Quantiser.blocks(type, values).array()).as(type.name()).isEqualTo(theirs);
            types.add(type);
        }
        assertThat(types)
                .containsExactly(
                        GgmlType.Q8_0, GgmlType.Q5_0, GgmlType.Q5_1, GgmlType.Q4_K, GgmlType.Q5_K, GgmlType.Q6_K);
    }

    @Test
    void halves_are_rounded_away_from_zero_as_roundf_does() {
        float[] values = new float[32];
        float[] first = {127, 0.5f, -0.5f, 1.5f, -1.5f, -2.5f, 2.4999f, -127, 0};
        System.arraycopy(first, 0, values, 0, first.length);
        ByteBuffer block = Quantiser.blocks(GgmlType.Q8_0, values);
        assertThat(Float.float16ToFloat(block.getShort())).isEqualTo(1f);
        assertThat(bytes(block, first.length)).containsExactly(127, 1, -1, 2, -2, -3, 2, -127, 0);
    }

    private static byte[] bytes(ByteBuffer from, int count) {
        byte[] bytes = new byte[count];
        from.get(bytes);
        return bytes;
    }
}
