package cogent.llm.openai;

import cogent.llm.ChatException;
import cogent.llm.resilience.Time;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

/**
 * Several base URLs of one model, shared by all who ask it: each call goes to the one with the fewest calls outstanding. One
 * that fails is set aside, for as long as it asks or for 1 s, 2 s, … 60 s, so that a dead one, always idle, does not attract
 * all.
 */
public final class LoadBalancer {
    /** A server may ask to be left alone until the year 9999. */
    private static final Duration LONGEST = Duration.ofDays(1);

    private static final class Base {
        int outstanding;
        int failures;
        long asideUntil;
        long calls;
    }

    private final Base[] all;
    private final ReentrantLock lock = new ReentrantLock();
    private final Time time;

    public LoadBalancer(int count, Time time) {
        this.time = time;
        all = Stream.generate(Base::new).limit(count).toArray(Base[]::new);
        for (Base base : all) {
            base.asideUntil = time.nanos();
        }
    }

    /** The one that gets the next call. */
    int take() {
        lock.lock();
        try {
            long now = time.nanos();
            int best = 0;
            for (int i = 1; i < all.length; i++) {
                if (before(all[i], all[best], now)) {
                    best = i;
                }
            }
            all[best].outstanding++;
            all[best].calls++;
            return best;
        } finally {
            lock.unlock();
        }
    }

    private static boolean before(Base a, Base b, long now) {
        long behind = Math.max(0, a.asideUntil - now) - Math.max(0, b.asideUntil - now);
        if (behind != 0) {
            return behind < 0;
        }
        return a.outstanding == b.outstanding ? a.calls < b.calls : a.outstanding < b.outstanding;
    }

    /** Its call has ended, and said nothing against it. */
    void release(int base) {
        lock.lock();
        try {
            all[base].outstanding--;
            all[base].failures = 0;
        } finally {
            lock.unlock();
        }
    }

    /** Its call has failed; tells whether another base may take the work meanwhile. */
    boolean setAside(int failed, ChatException e) {
        lock.lock();
        try {
            Base base = all[failed];
            base.outstanding--;
            long now = time.nanos();
            Duration backOff = Duration.ofSeconds(Math.min(60, 1L << Math.min(base.failures++, 6)));
            Duration wait = e.retryAfter().orElse(backOff);
            base.asideUntil = Math.max(base.asideUntil, now + (wait.compareTo(LONGEST) < 0 ? wait : LONGEST).toNanos());
            return Stream.of(all).anyMatch(other -> other.asideUntil <= now);
        } finally {
            lock.unlock();
        }
    }
}
