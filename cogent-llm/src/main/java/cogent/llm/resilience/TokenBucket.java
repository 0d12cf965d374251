package cogent.llm.resilience;

/**
 * A token bucket that may go into debt: whoever finds it above zero passes and takes its whole cost, so one cost larger
 * than the bucket passes too and is paid off by those after it. It holds one second's worth. Not thread-safe.
 */
final class TokenBucket {
    private final double perNano;
    private final double capacity;
    private double level;
    private long filled;

    /** @param perMinute 0: no limit */
    TokenBucket(double perMinute, long now) {
        perNano = perMinute / 60e9;
        capacity = perMinute / 60;
        level = capacity;
        filled = now;
    }

    /** Nanoseconds until the next may pass; 0: now. */
    long waitNanos(long now) {
        if (perNano == 0) {
            return 0;
        }
        level = Math.min(capacity, level + (now - filled) * perNano);
        filled = now;
        return level > 0 ? 0 : 1 + (long) Math.ceil(-level / perNano);
    }

    /** Takes a cost; a negative one gives back what was taken too much. */
    void take(long cost) {
        level -= cost;
    }
}
