package cogent.train.loop;

import static org.assertj.core.api.Assertions.assertThat;

import cogent.model.decoder.LanguageModel;
import cogent.train.Tiny;
import cogent.train.optim.OptimiserSettings;
import cogent.train.rows.BatchSize;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A training process that is killed without warning and started again with the same command. */
class CrashTest {
    private static final int STEPS = 40;

    @TempDir
    Path folder;

    @Test
    void killed_processes_leave_nothing_that_changes_the_final_weights() throws Exception {
        Path straight = train(folder.resolve("straight"), _ -> {});
        Path killed = folder.resolve("killed");
        for (int afterStep : new int[] {7, 22}) {
            Process process = start(killed);
            try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
                while (Integer.parseInt(out.readLine()) < afterStep) {
                    // it runs on while this is read, so the kill falls anywhere, also into a checkpoint
                }
                process.destroyForcibly().waitFor();
            }
            assertThat(metrics(killed)).hasSizeLessThan(STEPS);
        }
        Process process = start(killed);
        List<String> steps = process.inputReader(StandardCharsets.UTF_8).lines().toList();
        assertThat(process.waitFor()).isZero();
        assertThat(Integer.parseInt(steps.getFirst())).as("it continued").isGreaterThan(20);
        Path end = killed.resolve("checkpoints").resolve(straight.getFileName());
        for (String file : List.of("weights.safetensors", "optimiser.safetensors")) {
            assertThat(end.resolve(file)).hasSameBinaryContentAs(straight.resolve(file));
        }
        assertThat(metrics(killed)).isEqualTo(metrics(folder.resolve("straight")));
    }

    private static Process start(Path run) throws IOException {
        return new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-cp",
                        System.getProperty("java.class.path"),
                        CrashTest.class.getName(),
                        run.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    /** The child: prints each step. */
    @SuppressWarnings("SystemOut") // the pipe to the test
    public static void main(String[] args) {
        train(Path.of(args[0]), progress -> {
            System.out.println(progress.step());
            System.out.flush();
        });
    }

    private static Path train(Path run, java.util.function.Consumer<TrainingProgress> progress) {
        TrainSettings settings = TrainSettings.sft()
                .withBatch(new BatchSize.Rows(6))
                .withMaxSteps(STEPS)
                .withOptimiser(OptimiserSettings.of(0.02))
                .withCheckpoints(2, 2);
        try (LanguageModel model = Tiny.model(true)) {
            return Sft.train(model, Tiny.rows(50), settings, TrainFiles.in(run), () -> false, progress)
                    .checkpoint();
        }
    }

    /** What each line says of the step, without its speed and memory. */
    private static List<String> metrics(Path run) throws IOException {
        return Files.readAllLines(run.resolve("metrics.jsonl")).stream()
                .map(line -> line.replaceAll(",\"(tokens_per_second|mfu|memory_mib|memory_peak_mib)\":[^,}]*", ""))
                .toList();
    }
}
