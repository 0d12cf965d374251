package cogent.train.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import cogent.model.decoder.LanguageModel;
import cogent.train.Tiny;
import cogent.train.optim.OptimiserSettings;
import cogent.train.rows.BatchSize;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A checkpoint that finds no room; the system's limit on the size of a file stands for a full disk. */
class FullDiskTest {
    private static final TrainSettings SETTINGS = TrainSettings.sft()
            .withBatch(new BatchSize.Rows(6))
            .withMaxSteps(12)
            .withOptimiser(OptimiserSettings.of(0.02))
            .withCheckpoints(4, 2);

    private static final Path PRLIMIT = Path.of("/usr/bin/prlimit");

    @TempDir
    Path folder;

    @Test
    void training_stops_with_the_last_good_checkpoint_intact_and_continues_when_there_is_room() throws Exception {
        assumeTrue(Files.isExecutable(PRLIMIT), "prlimit of util-linux sets the limit");
        Path run = folder.resolve("run");
        int[] steps = {0};
        try (LanguageModel model = Tiny.model(true)) {
            Sft.train(model, Tiny.rows(30), SETTINGS, files(run), () -> steps[0] == 4, p -> steps[0] = p.step());
        }
        Process process = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-cp",
                        System.getProperty("java.class.path"),
                        FullDiskTest.class.getName(),
                        run.toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isEqualTo(3);
        assertThat(said)
                .contains("step-00000008 could not be written")
                .contains("the last good one is")
                .contains("step-00000004: the same command continues there");
        assertThat(checkpoints(run)).containsExactly("step-00000004");

        LanguageModel last = Tiny.model(true);
        Sft.train(last, Tiny.rows(30), SETTINGS, files(run), () -> false, _ -> {});
        LanguageModel straight = Tiny.model(true);
        Sft.train(straight, Tiny.rows(30), SETTINGS, files(folder.resolve("straight")), () -> false, _ -> {});
        Tiny.values(last)
                .forEach((name, values) -> assertThat(values)
                        .isEqualTo(straight.parameters().get(name).toFloats()));
    }

    /** The child. */
    @SuppressWarnings("SystemOut") // the pipe to the test
    public static void main(String[] args) throws Exception {
        try (LanguageModel model = Tiny.model(true)) {
            String self = String.valueOf(ProcessHandle.current().pid());
            // below the size of a file of weights
            new ProcessBuilder(PRLIMIT.toString(), "--pid", self, "--fsize=6144:6144")
                    .start()
                    .waitFor();
            Sft.train(model, Tiny.rows(30), SETTINGS, files(Path.of(args[0])), () -> false, _ -> {});
        } catch (UncheckedIOException e) {
            System.out.println(e.getMessage());
            System.exit(3);
        }
    }

    private static TrainFiles files(Path run) {
        return TrainFiles.in(run);
    }

    private static List<String> checkpoints(Path run) throws IOException {
        try (Stream<Path> all = Files.list(run.resolve("checkpoints"))) {
            return all.map(path -> path.getFileName().toString()).sorted().toList();
        }
    }
}
