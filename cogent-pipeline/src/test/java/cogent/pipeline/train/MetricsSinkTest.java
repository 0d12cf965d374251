package cogent.pipeline.train;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import cogent.pipeline.recipe.Recipe;
import cogent.pipeline.recipe.RecipeReader;
import cogent.pipeline.recipe.TrainingConfig.Tracker;
import cogent.pipeline.run.RunDirectory;
import cogent.train.loop.TrainingOutcome;
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
import java.util.OptionalInt;
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
        Recipe recipe = RecipeReader.defaults(
                List.of("name=mine", "runs=" + folder, "student.model=playground", "align.weight_decay=0.5"));
        try (MetricsSink sink =
                MetricsSink.of(List.of(Tracker.TENSORBOARD), recipe, run, AlignStage.of(recipe, run), _ -> {})) {
            sink.accept(new TrainingProgress(2, 3, Map.of("step", 2.0, "loss", 0.5), ""));
            sink.accept(new TrainingProgress(3, 3, Map.of("step", 3.0, "loss", 0.25), ""));
            sink.ended(new TrainingOutcome(false, 3, 3, 0.25, folder, OptionalInt.empty(), 0));
        }
        List<String> events = events(folder.resolve("mine/tensorboard/align"));
        assertThat(events).hasSize(7);
        assertThat(events.getFirst()).contains("brain.Event:2");
        assertThat(events.get(1)).contains("_hparams_/experiment", "align.weight_decay", "seed");
        // SessionStartInfo.hparams["align.weight_decay"] = Value {number_value: 0.5}, protobuf by hand
        assertThat(HexFormat.of().formatHex(events.get(2).getBytes(ISO_8859_1)))
                .contains(HexFormat.of().formatHex("align.weight_decay".getBytes(ISO_8859_1)) + "1209" + "11"
                        + "000000000000e03f");
        assertThat(events.get(4)).contains("rewards/margins");
        assertThat(events.getLast()).contains("_hparams_/session_end_info");
        // step 2; then a value: its length, tag "loss", 0.5 as a float
        assertThat(HexFormat.of().formatHex(events.get(4).getBytes(ISO_8859_1)))
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
