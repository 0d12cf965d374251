package cogent.pipeline.train;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import cogent.pipeline.recipe.TrainingConfig.Tracker;
import cogent.pipeline.run.RunDirectory;
import cogent.train.loop.TrainingProgress;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MetricsSinkTest {
    @TempDir
    Path folder;

    @Test
    void dashboards_begin_with_the_steps_before_an_interruption() throws IOException {
        RunDirectory run = new RunDirectory(folder.resolve("mine"));
        Files.createDirectories(run.metrics("align").getParent());
        Files.writeString(run.metrics("align"), """
                {"step":1.0,"loss":0.69,"rewards/margins":0.0,"rewards/margins/small":0.1}
                {"step":2.0,"loss":0.5,"rewards/margins":1.5,"rewards/margins/small":0.2}
                """);
        try (MetricsSink sink = MetricsSink.of(List.of(Tracker.TENSORBOARD, Tracker.MLFLOW), run, "align")) {
            sink.accept(new TrainingProgress(2, 3, Map.of("step", 2.0, "loss", 0.5), ""));
            sink.accept(new TrainingProgress(3, 3, Map.of("step", 3.0, "loss", 0.25), ""));
        }
        Path runs = folder.resolve("mine/mlruns/1");
        assertThat(runs.resolve("meta.yaml")).content().contains("name: 'mine'");
        Path metrics;
        try (Stream<Path> found = Files.list(runs)) {
            metrics = found.filter(Files::isDirectory).findFirst().orElseThrow();
        }
        assertThat(metrics.resolve("meta.yaml")).content().contains("run_name: 'align'", "status: 3");
        assertThat(Files.readAllLines(metrics.resolve("metrics/loss")).stream()
                        .map(line -> line.substring(line.indexOf(' ') + 1)))
                .containsExactly("0.69 1", "0.5 2", "0.25 3");
        assertThat(metrics.resolve("metrics/rewards/margins.small")).content().contains(" 0.2 2");

        List<String> events = events(folder.resolve("mine/tensorboard/align"));
        assertThat(events).hasSize(4);
        assertThat(events.getFirst()).contains("brain.Event:2");
        assertThat(events.get(2)).contains("rewards/margins");
        // step 2; then a value: its length, tag "loss", 0.5 as a float
        assertThat(HexFormat.of().formatHex(events.get(2).getBytes(ISO_8859_1)))
                .contains("1002", "0a046c6f7373" + "15" + "0000003f");
    }

    /** The data of TFRecords. */
    private static List<String> events(Path folder) throws IOException {
        Path file;
        try (Stream<Path> files = Files.list(folder)) {
            file = files.findFirst().orElseThrow();
        }
        ByteBuffer in = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        List<String> events = new ArrayList<>();
        while (in.hasRemaining()) {
            byte[] data = new byte[(int) in.getLong()];
            in.getInt();
            in.get(data);
            assertThat(in.getInt()).isEqualTo(masked(data));
            events.add(new String(data, ISO_8859_1));
        }
        return events;
    }

    /** CRC-32C bit by bit, masked as TensorFlow's record_writer documents it. */
    private static int masked(byte[] data) {
        int crc = -1;
        for (byte b : data) {
            crc ^= b & 0xff;
            for (int i = 0; i < 8; i++) {
                crc = (crc >>> 1) ^ ((crc & 1) * 0x82f63b78);
            }
        }
        crc = ~crc;
        return ((crc >>> 15) | (crc << 17)) + 0xa282ead8;
    }
}
