package cogent.pipeline.train;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

/**
 * A TensorBoard event file: TFRecords (length, its masked CRC-32C, data, its masked CRC-32C, little-endian) of the protobuf
 * message {@code Event {double wall_time = 1; int64 step = 2; string file_version = 3; Summary summary = 5}} with
 * {@code Summary {repeated Value {string tag = 1; float simple_value = 2} value = 1}}.
 */
final class TensorBoardFile implements MetricsFormat {
    private static final int VARINT = 0;
    private static final int FIXED64 = 1;
    private static final int BYTES = 2;
    private static final int FIXED32 = 5;

    private final Path file;
    private final OutputStream out;

    private TensorBoardFile(Path file, OutputStream out) {
        this.file = file;
        this.out = out;
    }

    /** A new file in the folder in place of an earlier one. */
    static TensorBoardFile of(Path folder) {
        Path file = folder.resolve("events.out.tfevents.%d.cogent".formatted(System.currentTimeMillis() / 1000));
        try {
            Files.createDirectories(folder);
            try (Stream<Path> earlier = Files.list(folder)) {
                for (Path old : earlier.toList()) {
                    Files.delete(old);
                }
            }
            TensorBoardFile made = new TensorBoardFile(file, new BufferedOutputStream(Files.newOutputStream(file)));
            made.record(made.event().bytes(3, "brain.Event:2".getBytes(UTF_8)));
            return made;
        } catch (IOException e) {
            throw new UncheckedIOException(file.toString(), e);
        }
    }

    @Override
    public void write(long step, Map<String, Double> metrics) {
        Message summary = new Message();
        metrics.forEach((name, value) -> summary.bytes(
                1,
                new Message()
                        .bytes(1, name.getBytes(UTF_8))
                        .fixed32(2, value.floatValue())
                        .bytes()));
        record(event().varint(2, step).bytes(5, summary.bytes()));
    }

    private Message event() {
        return new Message().fixed64(1, System.currentTimeMillis() / 1e3);
    }

    private void record(Message message) {
        byte[] data = message.bytes();
        ByteBuffer head = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(data.length);
        try {
            out.write(head.array());
            out.write(crc(head.array()));
            out.write(data);
            out.write(crc(data));
            out.flush(); // dashboards look at it while training goes on
        } catch (IOException e) {
            throw new UncheckedIOException(file.toString(), e);
        }
    }

    private static byte[] crc(byte[] data) {
        CRC32C crc = new CRC32C();
        crc.update(data);
        int value = (int) crc.getValue();
        int masked = Integer.rotateRight(value, 15) + 0xa282ead8;
        return ByteBuffer.allocate(4)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(masked)
                .array();
    }

    @Override
    public void close() {
        try {
            out.close();
        } catch (IOException e) {
            throw new UncheckedIOException(file.toString(), e);
        }
    }

    /** A protobuf message as it grows. */
    private static final class Message {
        private final ByteArrayOutputStream out = new ByteArrayOutputStream();

        Message varint(int field, long value) {
            tag(field, VARINT);
            plain(value);
            return this;
        }

        Message fixed64(int field, double value) {
            tag(field, FIXED64);
            out.writeBytes(ByteBuffer.allocate(8)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putDouble(value)
                    .array());
            return this;
        }

        Message fixed32(int field, float value) {
            tag(field, FIXED32);
            out.writeBytes(ByteBuffer.allocate(4)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putFloat(value)
                    .array());
            return this;
        }

        Message bytes(int field, byte[] value) {
            tag(field, BYTES);
            plain(value.length);
            out.writeBytes(value);
            return this;
        }

        byte[] bytes() {
            return out.toByteArray();
        }

        private void tag(int field, int type) {
            plain(((long) field << 3) | type);
        }

        private void plain(long value) {
            long rest = value;
            while ((rest & ~0x7fL) != 0) {
                out.write((int) ((rest & 0x7f) | 0x80));
                rest >>>= 7;
            }
            out.write((int) rest);
        }
    }
}
