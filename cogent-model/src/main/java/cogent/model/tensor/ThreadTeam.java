package cogent.model.tensor;

import static java.lang.System.nanoTime;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntConsumer;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/**
 * Threads that do equal parts of one short piece of work at the same time, the caller being one of them. Whoever is free
 * takes the next part, so that a thread that gets no core holds nothing up. Between two pieces they spin for a moment,
 * since waking a sleeping thread takes as long as a small product, and then sleep. In here operators use no threads of
 * their own and record no graph.
 */
public final class ThreadTeam {
    private static final long SPIN_NANOS = 100_000;
    private static @Nullable ThreadTeam current;

    private final int threads;
    private final ReentrantLock busy = new ReentrantLock();
    private final Thread[] others;
    /** The next part to take; as many as there are parts: none. */
    private final AtomicInteger next;

    private final AtomicInteger left = new AtomicInteger();
    /** Not replaced before all parts of it are done. */
    private volatile IntConsumer work = _ -> {};

    private volatile @Nullable Throwable failure;
    private volatile boolean over;

    private ThreadTeam(int threads) {
        this.threads = threads;
        next = new AtomicInteger(threads);
        others = new Thread[threads - 1];
        for (int i = 0; i < others.length; i++) {
            others[i] = Thread.ofPlatform().daemon().name("cogent-team-" + i).start(this::follow);
        }
    }

    /** As many threads as an operator may use; the threads of a team of another size end. */
    public static synchronized ThreadTeam now() {
        ThreadTeam team = current;
        int wanted = torch.get_num_threads();
        if (team == null || team.threads != wanted) {
            if (team != null) {
                team.end();
            }
            team = new ThreadTeam(wanted);
            current = team;
        }
        return team;
    }

    public int threads() {
        return threads;
    }

    /** Where a part begins of what all do together. */
    public int share(int all, int part) {
        return (int) share(all, part, threads);
    }

    /** Where one of so many parts begins. */
    static long share(long all, int part, int parts) {
        return all * part / parts;
    }

    /**
     * Runs the parts 0 to {@link #threads()} - 1 and waits for all of them; all one after the other on the caller while
     * another thread has the team.
     */
    public void run(IntConsumer part) {
        if (threads > 1 && busy.tryLock()) {
            try {
                if (!over) {
                    together(part);
                    return;
                }
            } finally {
                busy.unlock();
            }
        }
        for (int i = 0; i < threads; i++) {
            part.accept(i);
        }
    }

    private void together(IntConsumer part) {
        int before = OneThread.enter();
        failure = null;
        work = part;
        left.set(threads);
        next.set(0);
        for (Thread other : others) {
            LockSupport.unpark(other);
        }
        takeParts();
        long patience = nanoTime() + SPIN_NANOS;
        while (left.get() > 0) {
            if (nanoTime() < patience) {
                Thread.onSpinWait();
            } else {
                LockSupport.parkNanos(1); // the core is wanted by others
            }
        }
        OneThread.leave(before);
        switch (failure) {
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            case null, default -> {}
        }
    }

    private void follow() {
        OneThread.enter();
        org.bytedeco.pytorch.GradMode.set_enabled(false);
        while (!over) {
            long patience = nanoTime() + SPIN_NANOS;
            while (next.get() >= threads && !over) {
                if (nanoTime() < patience) {
                    Thread.onSpinWait();
                } else {
                    LockSupport.park(this);
                }
            }
            takeParts();
        }
    }

    private void takeParts() {
        for (int part = next.get(); part < threads; part = next.get()) {
            if (next.compareAndSet(part, part + 1)) {
                try {
                    work.accept(part);
                } catch (RuntimeException | Error e) {
                    failure = e; // the caller's to know, and no part may be missing or still at work when it does
                } finally {
                    left.decrementAndGet();
                }
            }
        }
    }

    /** Takes effect after the piece of work in progress. */
    private void end() {
        busy.lock();
        try {
            over = true;
            for (Thread other : others) {
                LockSupport.unpark(other);
            }
        } finally {
            busy.unlock();
        }
    }

    /**
     * Keeps the operators that the calling thread calls on that thread: OpenMP and MKL know a number of threads for each
     * caller. ({@code torch.set_num_threads} would also decide for threads that come later.)
     */
    private static final class OneThread {
        private static final MethodHandle OPENMP =
                LibTorch.withInt(LibTorch.ofTorch("libgomp.so.1"), "omp_set_num_threads");
        private static final MethodHandle BLAS = LibTorch.blas().equals("mkl")
                ? LibTorch.withInt(LibTorch.ofMkl(), "MKL_Set_Num_Threads_Local")
                : MethodHandles.empty(MethodType.methodType(void.class, int.class));

        private OneThread() {}

        /** @return for {@link #leave} */
        static int enter() {
            int before = torch.get_num_threads();
            LibTorch.call(OPENMP, 1);
            LibTorch.call(BLAS, 1);
            return before;
        }

        static void leave(int before) {
            LibTorch.call(OPENMP, before);
            LibTorch.call(BLAS, 0); // again as many as all have
        }
    }
}
