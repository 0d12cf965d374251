package cogent.llm;

import cogent.llm.ChatException.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Several base URLs behind one model: each call goes to the one with the fewest calls outstanding. One that fails is
 * set aside, for as long as it asks or for 1 s, 2 s, … 60 s, so that a dead one, always idle, does not attract all.
 */
final class Balanced implements ChatModel {
    private static final class Base {
        final ChatModel model;
        int outstanding;
        int failures;
        long asideUntil;
        long calls;

        Base(ChatModel model, long now) {
            this.model = model;
            asideUntil = now;
        }
    }

    private final List<Base> bases = new ArrayList<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Time time;

    Balanced(List<? extends ChatModel> models, Time time) {
        this.time = time;
        models.forEach(model -> bases.add(new Base(model, time.nanos())));
    }

    @Override
    public ChatReply chat(ChatRequest request) {
        Base base = take();
        try {
            ChatReply reply = base.model.chat(request);
            release(base);
            return reply;
        } catch (ChatException e) {
            if (e.kind() != Kind.TRANSIENT) {
                release(base);
                throw e;
            }
            throw setAside(base, e) ? e.withoutRetryAfter() : e;
        } catch (RuntimeException | Error e) {
            release(base);
            throw e;
        }
    }

    private Base take() {
        lock.lock();
        try {
            long now = time.nanos();
            Base best = bases.getFirst();
            for (Base base : bases) {
                long behind = Math.max(0, base.asideUntil - now) - Math.max(0, best.asideUntil - now);
                if (behind < 0
                        || (behind == 0
                                && (base.outstanding < best.outstanding
                                        || (base.outstanding == best.outstanding && base.calls < best.calls)))) {
                    best = base;
                }
            }
            best.outstanding++;
            best.calls++;
            return best;
        } finally {
            lock.unlock();
        }
    }

    private void release(Base base) {
        lock.lock();
        try {
            base.outstanding--;
            base.failures = 0;
        } finally {
            lock.unlock();
        }
    }

    /** Whether another base may take the work meanwhile. */
    private boolean setAside(Base base, ChatException e) {
        lock.lock();
        try {
            base.outstanding--;
            long now = time.nanos();
            Duration backOff = Duration.ofSeconds(Math.min(60, 1L << Math.min(base.failures++, 6)));
            base.asideUntil = Math.max(
                    base.asideUntil, now + e.retryAfter().orElse(backOff).toNanos());
            return bases.stream().anyMatch(other -> other.asideUntil <= now);
        } finally {
            lock.unlock();
        }
    }
}
