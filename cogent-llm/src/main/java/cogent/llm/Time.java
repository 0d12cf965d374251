package cogent.llm;

import java.time.Duration;
import java.time.Instant;

/** Clock and waiting, so that tests of hours take no time. */
interface Time {
    Time SYSTEM = new Time() {
        @Override
        public Instant now() {
            return Instant.now();
        }

        @Override
        public long nanos() {
            return System.nanoTime();
        }

        @Override
        public void sleep(Duration duration) throws InterruptedException {
            Thread.sleep(duration);
        }
    };

    /** The calendar's time, for {@code Retry-After} dates. */
    Instant now();

    /** Monotonic, as {@link System#nanoTime()}. */
    long nanos();

    void sleep(Duration duration) throws InterruptedException;
}
