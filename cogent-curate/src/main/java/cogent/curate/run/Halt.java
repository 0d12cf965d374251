package cogent.curate.run;

import cogent.curate.agent.Agent;
import cogent.llm.ChatException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * What ends a run over many pieces of work before its end: the wish to stop, a failure that concerns all of them, or many
 * in a row that no endpoint answered. Nobody waits for the threads of single pieces, so that what they throw is kept here.
 */
final class Halt {
    /**
     * So many without an answer one after the other, and the run stops: more would only burn retries. Those that are on their
     * way at the same time fail before any of them can be through, and so count as many as they are.
     */
    private static final int HOPELESS = 50;

    private final String pieces;
    private final int hopeless;
    private final BooleanSupplier wished;
    private final AtomicReference<RuntimeException> failure = new AtomicReference<>();
    private volatile boolean interrupted;
    private int unansweredInARow;

    /**
     * @param pieces what they are called, such as {@code samples}
     * @param inFlight how many are on their way at once
     * @param wished asked before every call to an agent: true stops the run
     */
    Halt(String pieces, int inFlight, BooleanSupplier wished) {
        this.pieces = pieces;
        this.hopeless = Math.max(HOPELESS, inFlight);
        this.wished = wished;
    }

    /** By the caller, or by an interrupt of its thread, which comes to those of the pieces too. */
    boolean isWished() {
        interrupted |= Thread.currentThread().isInterrupted();
        return interrupted || wished.getAsBoolean();
    }

    /** Waits for so many places of a window; false where an interrupt, which stays with the thread, comes first. */
    boolean hasPlaces(Semaphore window, int places) {
        try {
            window.acquire(places);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    boolean isNear() {
        return failure.get() != null || isWished();
    }

    /** @throws RuntimeException the first failure that concerns all */
    void rethrow() {
        RuntimeException first = failure.get();
        if (first != null) {
            throw first;
        }
    }

    /**
     * Does one piece of work on the calling thread; nothing comes of it when the run halts.
     *
     * @param id names it where it fails for a reason of its own
     * @param unanswered told when no endpoint answered it, or its reply is still to come
     */
    void within(String id, Runnable work, Consumer<ChatException> unanswered) {
        try {
            try {
                ScopedValue.where(Agent.STOP, this::isNear).run(work);
                answered();
            } catch (Agent.Stopped e) {
                return; // its finished calls are stored; the next run goes on from there
            } catch (ChatException e) {
                if (isWished()) {
                    return; // stopped as well: the wish ended a call that was still waiting to be sent
                }
                if (e.kind() == ChatException.Kind.FATAL) {
                    throw e;
                }
                unanswered.accept(e);
                count(e);
            }
        } catch (RuntimeException e) {
            failure.compareAndSet(null, e);
        } catch (Throwable e) { // an error, or what Kotlin's chat models throw undeclared
            failure.compareAndSet(null, new IllegalStateException(id + ": " + e, e));
        }
    }

    synchronized void answered() {
        unansweredInARow = 0;
    }

    private synchronized void count(ChatException e) {
        if (e.kind() != ChatException.Kind.PENDING && ++unansweredInARow >= hopeless) {
            throw new ChatException(
                    ChatException.Kind.FATAL,
                    "the last " + unansweredInARow + " " + pieces + " got no answer, the last of them: "
                            + e.getMessage(),
                    e);
        }
    }
}
