package cogent.local;

import cogent.data.InputException;
import cogent.llm.ChatException;
import cogent.model.generate.Generation;
import cogent.model.generate.Generation.Completion;
import cogent.model.generate.Generator;
import cogent.model.generate.TokenScore;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * The one thread that owns a model: it generates together what waits, and gives the place of a finished text to the next.
 */
final class GeneratorThread implements AutoCloseable {
    private final BlockingQueue<Pending> queue = new LinkedBlockingQueue<>();
    private final Thread thread;
    private volatile boolean closed;

    GeneratorThread(String name, Generator generator) {
        thread = Thread.ofPlatform().name(name + " generator").start(() -> generate(generator));
    }

    /** @throws ChatException when this was closed */
    void submit(Pending pending) {
        requireOpen();
        queue.add(pending);
        if (closed && queue.remove(pending)) {
            throw stopped();
        }
    }

    void requireOpen() {
        if (closed) {
            throw stopped();
        }
    }

    static ChatException stopped() {
        return new ChatException(ChatException.Kind.FATAL, "the model was stopped");
    }

    private static ChatException failure(Throwable e) {
        return switch (e) {
            case ChatException chat -> chat;
            case InputException wrong ->
                new ChatException(ChatException.Kind.REQUEST, String.valueOf(wrong.getMessage()), wrong);
            default -> new ChatException(ChatException.Kind.FATAL, "generation failed: " + e.getMessage(), e);
        };
    }

    /** Runs until closed: waits for a call, then generates as long as calls keep coming. */
    private void generate(Generator generator) {
        try {
            while (!closed) {
                var batch = new Batch(queue.take());
                try {
                    generator.generate(batch, batch, () -> closed);
                    batch.fail(stopped()); // what was taken from the queue and not begun before the close
                } catch (RuntimeException | Error e) {
                    batch.fail(failure(e));
                }
            }
        } catch (InterruptedException e) {
            closed = true;
        }
        queue.forEach(pending -> pending.failed(stopped()));
    }

    /** The calls that wait, one after the other, and where their tokens go; for the generating thread alone. */
    private final class Batch implements Iterator<Generation>, Generation.Listener {
        private final Map<Integer, Pending> underWay = new HashMap<>();
        private @Nullable Pending next;
        private int taken;

        Batch(Pending first) {
            next = first;
        }

        @Override
        public boolean hasNext() {
            next = next == null ? queue.poll() : next;
            return next != null;
        }

        @Override
        public Generation next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            Pending pending = Objects.requireNonNull(next);
            next = null;
            underWay.put(taken++, pending);
            return pending.generation();
        }

        @Override
        public void promptScored(int request, List<TokenScore> scores) {
            Objects.requireNonNull(underWay.get(request)).promptScored(scores);
        }

        @Override
        public void scored(int request, TokenScore score) {
            Objects.requireNonNull(underWay.get(request)).scored(score);
        }

        @Override
        public boolean token(int request, int id) {
            return Objects.requireNonNull(underWay.get(request)).token(id);
        }

        @Override
        public void finished(int request, Completion completion) {
            Objects.requireNonNull(underWay.remove(request)).finished(completion);
        }

        void fail(ChatException why) {
            underWay.values().forEach(pending -> pending.failed(why));
            if (next != null) {
                next.failed(why);
            }
        }
    }

    /** Stops generating: calls under way fail. */
    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true; // the model must not be freed while its thread computes
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
