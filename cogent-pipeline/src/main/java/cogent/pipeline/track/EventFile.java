package cogent.pipeline.track;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.zip.CRC32C;

/**
 * A TensorBoard event file: TFRecords (length, its masked CRC-32C, data, its masked CRC-32C, little-endian) of the protobuf
 * message {@code Event {double wall_time = 1; int64 step = 2; string file_version = 3; Summary summary = 5}} with
 * {@code Summary {repeated Value {string tag = 1; float simple_value = 2; SummaryMetadata metadata = 9} value = 1}}. The
 * training's settings are in it as TensorBoard's HPARAMS has them (the messages of its {@code plugins/hparams/api.proto}).
 */
final class EventFile implements TrackedRun {
    private static final int SUCCESS = 1;
    private static final int FAILURE = 2;
    private static final double MILLIS = 1e3;

    private final Path file;
    private final OutputStream out;
    private boolean finished;

    private EventFile(Path file, OutputStream out) {
        this.file = file;
        this.out = out;
    }

    static EventFile create(Path folder, TrackedTraining training) throws IOException {
        Path file = folder.resolve("events.out.tfevents." + System.currentTimeMillis() / 1000 + ".cogent");
        EventFile events = new EventFile(file, new BufferedOutputStream(Files.newOutputStream(file)));
        events.record(event().text(3, "brain.Event:2"));
        events.settings(training);
        return events;
    }

    private void settings(TrackedTraining training) {
        Protobuf experiment = new Protobuf().text(6, "cogent");
        Protobuf session = new Protobuf();
        training.params().forEach((name, value) -> {
            boolean isNumber = isNumber(value);
            experiment.message(4, new Protobuf().text(1, name).varint(4, isNumber ? 3 : 1));
            session.message(
                    1,
                    new Protobuf()
                            .text(1, name)
                            .message(
                                    2,
                                    isNumber
                                            ? new Protobuf().fixed64(2, Double.parseDouble(value))
                                            : new Protobuf().text(3, value)));
        });
        experiment.message(5, new Protobuf().message(1, new Protobuf().text(2, "loss")));
        session.text(4, training.runName() + "/" + training.stage()).fixed64(5, System.currentTimeMillis() / MILLIS);
        hparams("_hparams_/experiment", 2, experiment);
        hparams("_hparams_/session_start_info", 3, session);
    }

    private static boolean isNumber(String value) {
        return value.matches("-?\\d+(\\.\\d+)?([eE]-?\\d+)?");
    }

    /** @param field of {@code HParamsPluginData} that holds the message */
    private void hparams(String tag, int field, Protobuf message) {
        Protobuf plugin = new Protobuf()
                .text(1, "hparams")
                .message(2, new Protobuf().varint(1, 0).message(field, message));
        record(event().message(
                        5,
                        new Protobuf()
                                .message(
                                        1, new Protobuf().text(1, tag).message(9, new Protobuf().message(1, plugin)))));
    }

    @Override
    public void log(long step, Map<String, Double> metrics) {
        Protobuf summary = new Protobuf();
        metrics.forEach(
                (name, value) -> summary.message(1, new Protobuf().text(1, name).fixed32(2, value.floatValue())));
        record(event().varint(2, step).message(5, summary));
    }

    private static Protobuf event() {
        return new Protobuf().fixed64(1, System.currentTimeMillis() / MILLIS);
    }

    private void record(Protobuf message) {
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
    public void finish() {
        finished = true;
    }

    @Override
    public void close() {
        hparams(
                "_hparams_/session_end_info",
                4,
                new Protobuf().varint(1, finished ? SUCCESS : FAILURE).fixed64(2, System.currentTimeMillis() / MILLIS));
        try {
            out.close();
        } catch (IOException e) {
            throw new UncheckedIOException(file.toString(), e);
        }
    }
}
