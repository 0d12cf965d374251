package cogent.llm.resilience;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** Clocks for tests. */
public final class TestTime {
    static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private TestTime() {}

    /** For tests with one thread: sleeping moves the clock and takes no time. */
    public static final class Jumping implements Time {
        final AtomicLong nanos = new AtomicLong();
        final List<Duration> sleeps = new ArrayList<>();

        @Override
        public Instant now() {
            return START.plusNanos(nanos.get());
        }

        @Override
        public long nanos() {
            return nanos.get();
        }

        @Override
        public void sleep(Duration duration) {
            sleeps.add(duration);
            nanos.addAndGet(duration.toNanos());
        }
    }

    /** For tests with many threads: the same order of things, so many times faster. */
    public record Hurried(int times) implements Time {
        @Override
        public Instant now() {
            return START.plusNanos(nanos());
        }

        @Override
        public long nanos() {
            return System.nanoTime() * times;
        }

        @Override
        public void sleep(Duration duration) throws InterruptedException {
            Thread.sleep(duration.dividedBy(times));
        }
    }
}
