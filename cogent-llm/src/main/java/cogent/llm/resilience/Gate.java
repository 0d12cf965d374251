package cogent.llm.resilience;

import java.time.Duration;

/** What holds back the calls of several processes to one endpoint, all of them together. */
public interface Gate {
    /** For a process that is alone: its own {@link Throttle} holds back all there is. */
    Gate OPEN = new Gate() {
        @Override
        public Duration enter(int allowed, long tokens) {
            return Duration.ZERO;
        }

        @Override
        public void leave(long tokens) {}

        @Override
        public void pause(Duration wait) {}
    };

    /**
     * Lets one call in, if the others leave room.
     *
     * @param allowed how many calls this process would have in flight at once just now, of all processes
     * @param tokens as estimated
     * @return zero when it is in, and is to {@link #leave}; else how long to wait before asking again
     */
    Duration enter(int allowed, long tokens);

    /** @param tokens used beyond the estimate; negative where it was too high */
    void leave(long tokens);

    /** Lets nobody in for a while. */
    void pause(Duration wait);
}
