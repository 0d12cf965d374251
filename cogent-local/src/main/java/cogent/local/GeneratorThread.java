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
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The one thread that owns a model: it generates together what waits, and gives the place of a finished text to the next.
 */
final class GeneratorThread implements AutoCloseable {
    private final BlockingQueue<Calls> queue = new LinkedBlockingQueue<>();
    private final Thread thread;
    private volatile boolean closed;

    GeneratorThread(String name, Generator generator) {
        thread = Thread.ofPlatform()
                .daemon() // a program that forgets to close the model ends all the same
                .name(name + " generator")
                .start(() -> generate(generator));
    }

    /**
     * Calls that are generated one after the other as places become free.
     *
     * @param alone nothing else is generated beside them
     * @param givenUp whether nobody waits for any of them any more
     */
    private record Calls(List<Pending> all, boolean alone, BooleanSupplier givenUp) {}

    /** @throws ChatException when this was closed */
    void submit(Pending pending) {
        submit(new Calls(List.of(pending), false, () -> false));
    }

    /**
     * A list that is generated in its order and with nothing beside it.
     *
     * @param givenUp whether nobody waits for any of them any more
     * @throws ChatException when this was closed
     */
    void submit(List<Pending> listed, BooleanSupplier givenUp) {
        submit(new Calls(List.copyOf(listed), true, givenUp));
    }

    private void submit(Calls calls) {
        requireOpen();
        queue.add(calls);
        if (closed && queue.remove(calls)) {
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
                Calls calls = queue.take();
                var batch = new Batch(calls);
                try {
                    generator.generate(
                            batch, batch, () -> closed || calls.givenUp().getAsBoolean());
                    batch.fail(stopped()); // what was taken from the queue and not begun before the close
                } catch (RuntimeException | Error e) {
                    batch.fail(failure(e));
                }
            }
        } catch (InterruptedException e) {
            closed = true;
        }
        queue.forEach(calls -> calls.all().forEach(pending -> pending.failed(stopped())));
    }

    /** Calls and those that join them, one after the other, and where their tokens go; for the generating thread alone. */
    private final class Batch implements Iterator<Generation>, Generation.Listener {
        private final Map<Integer, Pending> underWay = new HashMap<>();
        private final boolean alone;
        private Iterator<Pending> calls;
        private @Nullable Pending next;
        private int taken;

        Batch(Calls first) {
            alone = first.alone();
            calls = first.all().iterator();
        }

        @Override
        public boolean hasNext() {
            if (next == null && !calls.hasNext() && !alone) {
                join();
            }
            next = next == null && calls.hasNext() ? calls.next() : next;
            return next != null;
        }

        private void join() {
            Calls waiting = queue.peek();
            if (waiting != null && !waiting.alone() && queue.remove(waiting)) {
                calls = waiting.all().iterator();
            }
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
            calls.forEachRemaining(pending -> pending.failed(why));
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
