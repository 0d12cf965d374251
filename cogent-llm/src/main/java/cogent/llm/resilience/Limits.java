package cogent.llm.resilience;

import cogent.data.InputException;
import java.time.Duration;

/**
 * How hard an endpoint may be driven. One set holds for all calls to it together.
 *
 * @param concurrency calls in flight at most; fewer while the endpoint says it is overloaded
 * @param requestsPerMinute 0: no limit of ours
 * @param tokensPerMinute prompt and completion tokens together; 0: no limit of ours
 * @param deadline over one whole call, headers and body
 * @param tries how often one request is sent before it is given up; waiting for a rate limit does not count
 * @param patience how long an endpoint that answered before may give no reply at all before the run stops
 */
public record Limits(
        int concurrency,
        double requestsPerMinute,
        double tokensPerMinute,
        Duration deadline,
        int tries,
        Duration patience) {
    /**
     * 64 in flight suits a single vLLM server; 30 minutes let a slow server finish 32k tokens of thinking; ten tries
     * survive three failures in ten with less than one request in 100 000 given up.
     */
    public static final Limits DEFAULT = new Limits(64, 0, 0, Duration.ofMinutes(30), 10, Duration.ofMinutes(10));

    public Limits {
        if (concurrency < 1 || tries < 1) {
            throw new InputException("concurrency and tries must be at least 1");
        }
        if (!(requestsPerMinute >= 0) || !(tokensPerMinute >= 0)) {
            throw new InputException("requests and tokens per minute must be 0 (no limit) or more");
        }
        if (!deadline.isPositive() || !patience.isPositive()) {
            throw new InputException("deadline and patience must be longer than nothing");
        }
    }

    public Limits withConcurrency(int value) {
        return new Limits(value, requestsPerMinute, tokensPerMinute, deadline, tries, patience);
    }

    public Limits withDeadline(Duration value) {
        return new Limits(concurrency, requestsPerMinute, tokensPerMinute, value, tries, patience);
    }
}
