package cogent.model.generate;

import cogent.data.Count;
import cogent.data.InputException;
import cogent.model.decoder.Decoder;
import cogent.model.generate.Generation.Completion;
import cogent.model.tensor.DeviceMemory;
import cogent.model.tensor.GradMode;
import cogent.model.tensor.Scope;
import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.Iterator;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * Generates many texts at once (continuous batching): every text has a slot of the key-value cache and its own position;
 * when one ends, the next takes its slot, or the batch is smaller by one. A prompt is computed once for all texts that
 * share it while they are under way. Tokens are drawn on the device and brought over in one read a step.
 */
public final class Generator {
    private static final long GPU_CACHE_BYTES = 4L << 30;

    private final Decoder decoder;
    private final int slots;
    private final long cacheBytes;
    private final boolean fixed;

    /**
     * With a quarter of the machine's memory for the key-value cache, on a GPU 4 GiB.
     *
     * @param slots how many texts are generated at the same time, at most
     */
    public Generator(Decoder decoder, int slots) {
        this(decoder, slots, onCpu(decoder) ? machineBytes() / 4 : GPU_CACHE_BYTES);
    }

    /**
     * @param slots how many texts are generated at the same time, at most
     * @param cacheBytes for the key-value cache; so few texts are begun together that it suffices for all of them at their
     *     longest, but one always is
     */
    public Generator(Decoder decoder, int slots, long cacheBytes) {
        this(decoder, slots, cacheBytes, !onCpu(decoder));
    }

    /** @param fixed whether steps have few shapes, for a device that records them, or are no larger than their texts */
    Generator(Decoder decoder, int slots, long cacheBytes, boolean fixed) {
        if (slots < 1) {
            throw new IllegalArgumentException("slots must be at least 1: " + slots);
        }
        this.decoder = decoder;
        this.slots = slots;
        this.cacheBytes = cacheBytes;
        this.fixed = fixed;
    }

    private static boolean onCpu(Decoder decoder) {
        return decoder.embedding().device().isCpu();
    }

    private static long machineBytes() {
        return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize();
    }

    /** All texts, in the order of their requests. */
    public List<Completion> generate(List<Generation> requests) {
        Completion[] done = new Completion[requests.size()];
        generate(
                requests.iterator(),
                new Generation.Listener() {
                    @Override
                    public void finished(int request, Completion completion) {
                        done[request] = completion;
                    }
                },
                () -> false);
        return List.of(done);
    }

    /**
     * Takes requests as slots become free and tells the listener of every token.
     *
     * @param stop asked before every step; texts under way are then cancelled and no new ones are taken
     * @throws InputException when a prompt is longer than the model's context, or holds ids that it has no rows for; when the memory of
     *     the GPU is full, with what takes less
     */
    public void generate(Iterator<Generation> requests, Generation.Listener listener, BooleanSupplier stop) {
        try (Scope _ = Scope.open();
                var _ = GradMode.off()) {
            DecodingStep step = fixed ? new FixedStep(decoder) : GrowingStep.of(decoder, machineBytes() / 8);
            new GenerationRun(decoder, step, slots, cacheBytes, requests, listener, stop).run();
        } catch (RuntimeException e) {
            throw DeviceMemory.wasFull(e) ? full(e) : e;
        }
    }

    private InputException full(RuntimeException error) {
        return new InputException(
                "the GPU's memory is full with %s written at once: set batch_size to %d (with serve --batch), or dtype to bf16 (%s)"
                        .formatted(
                                Count.of(slots, "text"),
                                Math.max(1, slots / 2),
                                String.valueOf(error.getMessage())
                                        .lines()
                                        .findFirst()
                                        .orElse("")),
                error);
    }
}
