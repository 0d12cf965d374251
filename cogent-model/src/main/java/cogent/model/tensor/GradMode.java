package cogent.model.tensor;

/**
 * Whether operators record what autograd needs, on this thread, until closed. A new thread starts with it on.
 *
 * <pre>{@code try (var _ = GradMode.off()) { … } }</pre>
 */
public final class GradMode implements AutoCloseable {
    static {
        LibTorch.load();
    }

    private static final ThreadLocal<Integer> DEPTH = ThreadLocal.withInitial(() -> 0);

    private final Thread thread = Thread.currentThread();
    private final int depth = DEPTH.get() + 1;
    private final boolean before = isOn();

    private GradMode(boolean enabled) {
        LibTorch.requirePlatformThread();
        DEPTH.set(depth);
        org.bytedeco.pytorch.GradMode.set_enabled(enabled);
    }

    public static GradMode off() {
        return new GradMode(false);
    }

    /** Records again inside {@link #off()}, for recomputation. */
    public static GradMode on() {
        return new GradMode(true);
    }

    public static boolean isOn() {
        return org.bytedeco.pytorch.GradMode.is_enabled();
    }

    /** @throws IllegalStateException on another thread, out of order, or when already closed */
    @Override
    public void close() {
        if (Thread.currentThread() != thread || DEPTH.get() != depth) {
            throw new IllegalStateException("a grad mode must be closed on its thread, innermost first, once");
        }
        DEPTH.set(depth - 1);
        org.bytedeco.pytorch.GradMode.set_enabled(before);
    }
}
