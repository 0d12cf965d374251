package cogent.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import cogent.model.LanguageModel;
import cogent.tensor.LibTorch;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LongRunTest {
    private static final int STEPS = 1000;
    private static final int WARM = 300;

    @TempDir
    Path folder;

    @Test
    void memory_is_flat_over_a_thousand_steps() {
        assumeThat(ProcessMemory.mib()).containsKey("memory_mib");
        TrainSettings settings = TrainSettings.sft()
                .withBatch(new BatchSize.Rows(8))
                .withMaxSteps(STEPS)
                .withCheckpoints(500, 1);
        double[] memory = new double[STEPS + 1];
        long[] handles = new long[STEPS + 1];
        try (LanguageModel model = Tiny.model(true)) {
            Sft.train(
                    model,
                    Tiny.rows(40),
                    settings,
                    new TrainFiles(folder.resolve("checkpoints"), folder.resolve("metrics.jsonl")),
                    () -> false,
                    p -> {
                        memory[p.step()] = p.metrics().get("memory_mib");
                        handles[p.step()] = LibTorch.liveHandles();
                    });
        }
        assertThat(handles[STEPS - 1]).as("tensors alive").isLessThanOrEqualTo(handles[WARM]);
        // resident memory moves with the collector; a leak of one activation a step would be far above this
        assertThat(memory[STEPS - 1]).as("MiB").isLessThan(memory[WARM] + 96);
    }
}
