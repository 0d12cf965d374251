package cogent.train.loop;

import static org.assertj.core.api.Assertions.assertThat;

import cogent.model.decoder.LanguageModel;
import cogent.model.tensor.LibTorch;
import cogent.train.Tiny;
import cogent.train.rows.BatchSize;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LongRunTest {
    private static final int STEPS = 1000;
    private static final int WARM = 300;
    /** The least of so many steps is taken: the JVM's compilers allocate as well while they are at work. */
    private static final int LOOK = 50;

    private static final long MIB = 1 << 20;
    /** What those compilers hold on to moves by up to 13 MiB over 3 000 steps; below 3 with the simple one alone. */
    private static final long COMPILERS = 32 * MIB;

    @TempDir
    Path folder;

    @Test
    void memory_is_flat_over_a_thousand_steps() {
        TrainSettings settings = TrainSettings.sft()
                .withBatch(new BatchSize.Rows(8))
                .withMaxSteps(STEPS)
                .withCheckpoints(500, 1);
        long[] allocated = new long[STEPS + 1];
        long[] heap = new long[STEPS + 1];
        long[] handles = new long[STEPS + 1];
        try (LanguageModel model = Tiny.model(true)) {
            Sft.train(model, Tiny.rows(40), settings, TrainFiles.in(folder), () -> false, p -> {
                allocated[p.step()] = Malloc.bytes();
                heap[p.step()] = p.step() == WARM || p.step() == STEPS ? live() : 0;
                handles[p.step()] = LibTorch.liveHandles();
            });
        }
        assertThat(handles[STEPS - 1]).as("tensors alive").isLessThanOrEqualTo(handles[WARM]);
        assertThat(least(allocated, STEPS)).as("native bytes").isLessThan(least(allocated, WARM) + COMPILERS);
        assertThat(heap[STEPS]).as("bytes of live objects").isLessThan(heap[WARM] + 8 * MIB);
    }

    private static long least(long[] values, int end) {
        return Arrays.stream(values, end - LOOK, end).min().orElseThrow();
    }

    private static long live() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
