package cogent.model.tensor;

import java.util.function.Supplier;
import org.bytedeco.javacpp.PointerScope;
import org.jspecify.annotations.Nullable;

/**
 * The lifetime of tensors: every tensor that is made on this thread belongs to the innermost open scope and is freed
 * when that closes, unless it was {@linkplain #keep kept}. The garbage collector sees eight bytes for a tensor of any
 * size, so it cannot do this.
 *
 * <p>Scopes nest and belong to the thread that opened them:
 *
 * <pre>{@code
 * try (Scope step = Scope.open()) {
 *     Tensor x = Scope.of(() -> layer(input));   // temporaries of the layer are gone here, x belongs to step
 * }
 * }</pre>
 */
public final class Scope implements AutoCloseable {
    static {
        LibTorch.load();
    }

    private static final ThreadLocal<@Nullable Scope> INNERMOST = new ThreadLocal<>();

    private final @Nullable Scope parent = INNERMOST.get();
    private final Thread thread = Thread.currentThread();
    private final PointerScope handles;

    private Scope() {
        LibTorch.requirePlatformThread();
        handles = new PointerScope();
        INNERMOST.set(this);
    }

    /** Opens a scope inside the innermost one of this thread; close it with try-with-resources. */
    public static Scope open() {
        return new Scope();
    }

    /** Runs the work in a scope of its own. */
    public static void run(Runnable work) {
        try (Scope _ = open()) {
            work.run();
        }
    }

    /**
     * Runs the work in a scope of its own and keeps its result in the enclosing scope.
     *
     * @throws IllegalStateException when no scope encloses this one
     */
    public static Tensor of(Supplier<Tensor> work) {
        try (Scope scope = open()) {
            return scope.keep(work.get());
        }
    }

    /**
     * Lets a tensor of this scope live on in the enclosing scope. Tensors of outer scopes and long-lived ones are left
     * as they are.
     *
     * @return the same tensor
     * @throws IllegalStateException when no scope encloses this one: make the tensor {@link Tensor#retained()}
     */
    public Tensor keep(Tensor tensor) {
        requireInnermost();
        if (tensor.scope() == this) {
            if (parent == null) {
                throw new IllegalStateException("no enclosing scope to keep the tensor in: use retained()");
            }
            parent.handles.attach(tensor.raw());
            tensor.moveTo(parent);
        }
        return tensor;
    }

    /**
     * Frees the tensors that were made in this scope.
     *
     * @throws IllegalStateException on another thread, while an inner scope is open, or when already closed
     */
    @Override
    public void close() {
        requireInnermost();
        INNERMOST.set(parent);
        handles.close();
    }

    private void requireInnermost() {
        if (Thread.currentThread() != thread) {
            throw new IllegalStateException("a scope of thread " + thread.getName() + " was used on thread "
                    + Thread.currentThread().getName());
        }
        if (INNERMOST.get() != this) {
            throw new IllegalStateException("not the innermost open scope of this thread");
        }
    }

    boolean isOfThisThread() {
        return Thread.currentThread() == thread;
    }

    static Scope innermost() {
        Scope scope = INNERMOST.get();
        if (scope == null) {
            throw new IllegalStateException("no open scope on this thread: tensors are made inside Scope.open()");
        }
        return scope;
    }
}
