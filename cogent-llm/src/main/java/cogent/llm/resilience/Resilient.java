package cogent.llm.resilience;

import cogent.data.Count;
import cogent.llm.ChatException;
import cogent.llm.ChatException.Kind;
import cogent.llm.ChatException.Trouble;
import cogent.llm.ChatModel;
import cogent.llm.ChatReply;
import cogent.llm.ChatRequest;
import cogent.llm.meter.Meter;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends again what may go through later, through the endpoint's {@link Throttle}: exponential back-off with full jitter
 * (from 1 s to 60 s), holding no place in it meanwhile. A refusal for the rate limit costs none of the request's
 * tries, nor, while the breaker is open, an endpoint that cannot be reached or is overloaded.
 */
public final class Resilient implements ChatModel {
    private static final Logger LOG = LoggerFactory.getLogger(Resilient.class);
    /** Against a request that alone exceeds the rate limit and would be refused for ever. */
    private static final int RATE_LIMITED_TRIES = 100;

    /** Of one request with nothing but empty replies, which are paid for. */
    private static final int EMPTY_TRIES = 5;

    private final ChatModel inner;
    private final Throttle throttle;
    private final int tries;
    private final AtomicLong usualCompletion = new AtomicLong(1000);

    public Resilient(ChatModel inner, Throttle throttle, int tries) {
        this.inner = inner;
        this.throttle = throttle;
        this.tries = tries;
    }

    @Override
    public ChatReply chat(ChatRequest request) {
        int failures = 0;
        int free = 0;
        int empty = 0;
        while (true) {
            Throttle.Permit permit = throttle.enter(Meter.promptEstimate(request) + usualCompletion.get());
            try {
                ChatReply reply = inner.chat(request);
                long completion = reply.usage().completionTokens();
                throttle.leave(permit, reply.usage().promptTokens() + completion);
                usualCompletion.updateAndGet(usual -> (usual * 15 + completion) / 16);
                return reply;
            } catch (ChatException e) {
                throttle.leave(permit, e);
                if (e.kind() != Kind.TRANSIENT || Thread.currentThread().isInterrupted()) {
                    throw e;
                }
                if (isFree(e.trouble(), permit.probe())) {
                    free++;
                } else {
                    failures++;
                }
                empty += e.trouble() == Trouble.EMPTY ? 1 : 0;
                if (failures >= tries || empty >= EMPTY_TRIES || free >= RATE_LIMITED_TRIES || throttle.givesUp()) {
                    throw e.retold(
                            Kind.TRANSIENT,
                            e.getMessage() + " Given up after " + Count.of(failures + free, "try.", "tries."));
                }
                LOG.debug("{} try {}: {}", request.agent(), failures + free, e.getMessage());
                throttle.rest(backOff(failures + free));
            } catch (RuntimeException | Error e) {
                throttle.leave(permit);
                throw e;
            }
        }
    }

    private static boolean isFree(Trouble trouble, boolean probe) {
        return switch (trouble) {
            case RATE_LIMITED -> true;
            case OVERLOADED, UNREACHABLE, WEB_PAGE -> probe;
            case LOST, EMPTY, UNREADABLE, OTHER ->
                false; // the server failed on this very request: a poisoned one must come to its end
        };
    }

    private static Duration backOff(int times) {
        long most = Math.min(60_000, 1000L << Math.min(times - 1, 6));
        return Duration.ofMillis(ThreadLocalRandom.current().nextLong(most + 1));
    }
}
