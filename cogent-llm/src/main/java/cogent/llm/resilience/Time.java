package cogent.llm.resilience;

import java.time.Duration;
import java.time.Instant;

/** Clock and waiting, so that tests of hours take no time. */
public interface Time {
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

    /** A span for people: {@code 1.5 s}, {@code 30 s}, {@code 5 min}. */
    static String seconds(Duration span) {
        return span.toSeconds() < 120
                ? span.toMillis() % 1000 == 0 ? span.toSeconds() + " s" : span.toMillis() / 1e3 + " s"
                : span.toMinutes() + " min";
    }
}
