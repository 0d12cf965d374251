package cogent.model.gguf;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads GGUF as its specification says, sharing nothing with the writer, and asserts what the specification demands. */
final class GgufReader {
    final Map<String, Object> metadata = new LinkedHashMap<>();
    final Map<String, Info> tensors = new LinkedHashMap<>();
    private final ByteBuffer file;
    private int dataAt;

    /** Dimensions as ggml has them, the innermost first. */
    record Info(List<Long> dims, int type, long offset) {
        long values() {
            return dims.stream().reduce(1L, (a, b) -> a * b);
        }
    }

    GgufReader(Path path) throws IOException {
        file = ByteBuffer.wrap(Files.readAllBytes(path)).order(ByteOrder.LITTLE_ENDIAN);
        byte[] magic = new byte[4];
        file.get(magic);
        assertThat(new String(magic, StandardCharsets.US_ASCII)).isEqualTo("GGUF");
        assertThat(file.getInt()).isEqualTo(3);
        long count = file.getLong();
        long pairs = file.getLong();
        for (long i = 0; i < pairs; i++) {
            String key = string();
            assertThat(key).matches("[a-z0-9_]+(\\.[a-z0-9_]+)*").doesNotStartWith(".");
            assertThat(metadata.put(key, value(file.getInt()))).as(key).isNull();
        }
        for (long i = 0; i < count; i++) {
            String name = string();
            assertThat(name.length()).isLessThanOrEqualTo(64);
            List<Long> dims = new ArrayList<>();
            for (int n = file.getInt(); n > 0; n--) {
                dims.add(file.getLong());
            }
            assertThat(tensors.put(name, new Info(dims, file.getInt(), file.getLong())))
                    .as(name)
                    .isNull();
        }
        int alignment = (int) metadata.getOrDefault("general.alignment", 32);
        dataAt = Math.ceilDiv(file.position(), alignment) * alignment;
        long end = 0;
        for (Info info : tensors.values()) {
            assertThat(info.offset % alignment).isZero();
            assertThat(info.offset).isEqualTo(Math.ceilDiv(end, alignment) * alignment);
            end = info.offset + bytes(info);
        }
        assertThat((long) file.capacity()).isEqualTo(dataAt + Math.ceilDiv(end, alignment) * alignment);
    }

    private static long bytes(Info info) {
        return switch (info.type) {
            case 0 -> 4 * info.values();
            case 1, 30 -> 2 * info.values();
            case 8 -> {
                assertThat(info.dims.getFirst() % 32).isZero();
                yield info.values() / 32 * 34;
            }
            default -> throw new AssertionError("type " + info.type);
        };
    }

    /** The values, dequantised, row by row. */
    float[] values(String name) {
        Info info = tensors.get(name);
        float[] values = new float[(int) info.values()];
        int at = (int) (dataAt + info.offset);
        for (int i = 0; i < values.length; i++) {
            values[i] = switch (info.type) {
                case 0 -> file.getFloat(at + 4 * i);
                case 1 -> Float.float16ToFloat(file.getShort(at + 2 * i));
                case 30 -> Float.intBitsToFloat(file.getShort(at + 2 * i) << 16);
                default -> {
                    int block = at + i / 32 * 34;
                    yield Float.float16ToFloat(file.getShort(block)) * file.get(block + 2 + i % 32);
                }
            };
        }
        return values;
    }

    private Object value(int type) {
        return switch (type) {
            case 4, 5 -> file.getInt();
            case 6 -> file.getFloat();
            case 7 -> {
                byte b = file.get();
                assertThat(b).isBetween((byte) 0, (byte) 1);
                yield b == 1;
            }
            case 8 -> string();
            case 9 -> {
                int of = file.getInt();
                List<Object> all = new ArrayList<>();
                for (long n = file.getLong(); n > 0; n--) {
                    all.add(value(of));
                }
                yield all;
            }
            default -> throw new AssertionError("value type " + type);
        };
    }

    private String string() {
        byte[] bytes = new byte[(int) file.getLong()];
        file.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
