package cogent.llm.resilience;

import cogent.llm.ChatException;
import cogent.llm.ChatException.Kind;
import cogent.llm.ChatException.Trouble;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What holds back the calls to one endpoint, all of them together: requests and tokens per minute, pauses that the endpoint asks
 * for, concurrency that backs off and recovers (additive increase, multiplicative decrease: Chiu and Jain 1989), and a
 * circuit breaker. Calls enter in the order they came; only the first in line watches the clock.
 *
 * <p>The breaker: after 20 failures in a row only one call at a time goes through, each after a longer pause, until one
 * is answered. When nothing was answered for the endpoint's patience (ten seconds, if it never answered at all or but with
 * web pages), the throttle closes for good, and every waiting call is told why. Only where a server does answer, but with
 * failures, the calls may be to blame rather than the endpoint: it stays open, and each is given up when it fails. It also
 * closes when the first ten requests were all refused for another reason than their text, or the first twenty answers held no reply.
 */
public final class Throttle {
    /** With three failures in ten at random, 20 in a row come once in 10^10 calls. */
    private static final int STREAK = 20;

    /** Requests refused one after the other, with none answered ever, that tell of a setting. */
    private static final int REFUSALS = 10;

    private static final Duration FIRST_CONTACT = Duration.ofSeconds(10);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);
    /** Between calls that are given up when they fail. */
    private static final Duration PAUSE_OF_THE_GIVEN_UP = Duration.ofMillis(200);

    /** The longest sleep in one piece, so that a closing meanwhile is noticed. */
    private static final Duration NAP = Duration.ofSeconds(1);

    private final Limits limits;
    private final Gate gate;
    private final Time time;
    private final TokenBucket requests;
    private final TokenBucket tokens;
    private final ReentrantLock order = new ReentrantLock(true);
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition left = lock.newCondition();

    private double allowed;
    private int inFlight;
    private long opensAt;
    private long lastCut;
    private boolean answered;
    private boolean replied;
    private int refused;
    private int without;
    private int streak;
    private long streakSince;
    private long brokenSince;
    private int probes;
    private String lastFailure = "";
    private boolean patienceOver;
    private @Nullable ChatException closed;

    public Throttle(Limits limits, Time time) {
        this(limits, time, Gate.OPEN);
    }

    /** @param gate the same limits for other processes too */
    public Throttle(Limits limits, Time time, Gate gate) {
        this.gate = gate;
        this.limits = limits;
        this.time = time;
        long now = time.nanos();
        requests = new TokenBucket(limits.requestsPerMinute(), now);
        tokens = new TokenBucket(limits.tokensPerMinute(), now);
        allowed = limits.concurrency();
        opensAt = now;
        lastCut = now;
    }

    /**
     * What a call got on entering.
     *
     * @param at when, in the clock's nanoseconds
     * @param tokens as estimated on entering
     * @param probe whether the breaker was open, so that a failure to be heard at all says nothing about this request
     */
    record Permit(long at, long tokens, boolean probe) {}

    /**
     * Waits until a call may be sent. Each permit must be handed back by one of the {@code leave} methods.
     *
     * @throws ChatException when the throttle is closed for good, or the thread was interrupted
     */
    Permit enter(long estimatedTokens) {
        try {
            order.lockInterruptibly();
            try {
                while (true) {
                    long wait = waitForPlace();
                    if (wait == 0) {
                        wait = gate.enter(allowed(), estimatedTokens).toNanos();
                    }
                    if (wait == 0) {
                        return admit(estimatedTokens);
                    }
                    time.sleep(Duration.ofNanos(Math.min(wait, NAP.toNanos())));
                }
            } finally {
                order.unlock();
            }
        } catch (InterruptedException e) {
            throw ChatException.interrupted(e);
        }
    }

    /** The call was answered. */
    void leave(Permit permit, long usedTokens) {
        gate.leave(usedTokens - permit.tokens);
        lock.lock();
        try {
            inFlight--;
            tokens.take(usedTokens - permit.tokens);
            allowed = Math.min(limits.concurrency(), allowed + 1 / allowed);
            replied = true;
            alive();
            left.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** The call failed. */
    void leave(Permit permit, ChatException failure) {
        gate.leave(-permit.tokens);
        failure.retryAfter()
                .filter(wait -> wait.compareTo(limits.patience()) <= 0)
                .ifPresent(gate::pause);
        lock.lock();
        try {
            inFlight--;
            tokens.take(-permit.tokens);
            long now = time.nanos();
            failure.retryAfter().ifPresent(wait -> pauseUntil(now, wait));
            switch (failure.kind()) {
                case FATAL -> closed = closed == null ? failure : closed;
                case REFUSED -> refused(failure);
                case REQUEST, PENDING -> alive();
                case TRANSIENT -> failed(permit, failure, now);
            }
            left.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** The call ended in a way that says nothing about the endpoint. */
    void leave(Permit permit) {
        gate.leave(-permit.tokens);
        lock.lock();
        try {
            inFlight--;
            tokens.take(-permit.tokens);
            left.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Lets nobody in for a while; calls that are out already go on. */
    public void pause(Duration wait) {
        if (wait.compareTo(limits.patience()) <= 0) {
            gate.pause(wait);
        }
        lock.lock();
        try {
            pauseUntil(time.nanos(), wait);
        } finally {
            lock.unlock();
        }
    }

    /** Lets nobody in any more; calls that are out already go on. */
    public void close(ChatException why) {
        lock.lock();
        try {
            closed = closed == null ? why : closed;
            left.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Waits between two tries of a call, holding no place; ends early when the throttle closes for good. */
    void rest(Duration wait) {
        try {
            long end = time.nanos() + wait.toNanos();
            for (long rest = wait.toNanos(); rest > 0 && !isClosed(); rest = end - time.nanos()) {
                time.sleep(Duration.ofNanos(Math.min(rest, NAP.toNanos())));
            }
        } catch (InterruptedException e) {
            throw ChatException.interrupted(e);
        }
    }

    /** Whether a call that failed is to be given up: the patience with failures of its kind is over. */
    boolean givesUp() {
        lock.lock();
        try {
            return patienceOver;
        } finally {
            lock.unlock();
        }
    }

    private boolean isClosed() {
        lock.lock();
        try {
            return closed != null;
        } finally {
            lock.unlock();
        }
    }

    /** How many calls may be in flight at once just now. */
    int allowed() {
        lock.lock();
        try {
            return streak >= STREAK ? 1 : (int) allowed;
        } finally {
            lock.unlock();
        }
    }

    /**
     * What to tell whoever waits, when nothing was answered for ten seconds or more, or the endpoint asks for more than a minute; null
     * while all is well.
     */
    @Nullable
    public String trouble() {
        lock.lock();
        try {
            long now = time.nanos();
            Duration wait = Duration.ofNanos(opensAt - now);
            if (closed == null && wait.compareTo(LONGEST_PAUSE) > 0) {
                return (streak == 0 ? "" : lastFailure + " ") + "The endpoint asks to be left alone for "
                        + Time.seconds(Duration.ofSeconds(wait.toSeconds())) + ": waiting.";
            }
            Duration span = Duration.ofNanos(now - streakSince);
            return streak < 3 || closed != null || span.compareTo(FIRST_CONTACT) < 0
                    ? null
                    : "No reply to the last %,d calls, for %s: %s Trying on, for %s in all."
                            .formatted(
                                    streak,
                                    Time.seconds(Duration.ofSeconds(span.toSeconds())),
                                    lastFailure,
                                    Time.seconds(patience()));
        } finally {
            lock.unlock();
        }
    }

    private void failed(Permit permit, ChatException failure, long now) {
        Trouble trouble = failure.trouble();
        if (trouble == Trouble.EMPTY || trouble == Trouble.UNREADABLE) {
            withoutReply(failure);
        }
        if (trouble == Trouble.EMPTY) {
            alive();
            return;
        }
        answered |= trouble != Trouble.UNREACHABLE && trouble != Trouble.WEB_PAGE;
        lastFailure = String.valueOf(failure.getMessage());
        boolean crowded = trouble == Trouble.RATE_LIMITED || trouble == Trouble.OVERLOADED;
        if ((crowded || trouble == Trouble.UNREACHABLE) && permit.at >= lastCut) {
            // one cut for all calls that were out together, or one hiccup would cut to nothing
            allowed = Math.max(1, allowed * 0.7);
            lastCut = now;
        }
        if (streak++ == 0) {
            streakSince = now;
        }
        if (streak == STREAK) {
            brokenSince = now;
        }
        boolean over = streak >= 3 && now - streakSince >= patience().toNanos();
        patienceOver = over && (trouble == Trouble.OTHER || trouble.mayBeBilled());
        if (streak >= STREAK && (probes == 0 || permit.at >= brokenSince)) {
            pauseUntil(
                    now,
                    patienceOver
                            ? PAUSE_OF_THE_GIVEN_UP
                            : shorter(LONGEST_PAUSE, Duration.ofSeconds(1L << Math.min(probes++, 6))));
        }
        if (over && !patienceOver) {
            closed = failure.retold(
                    Kind.FATAL,
                    failure.getMessage() + " " + streak + " calls in a row got no reply over "
                            + Time.seconds(Duration.ofNanos(now - streakSince))
                            + ": stopped. What was answered is kept. Rerun the same command to continue.");
        }
    }

    /** The server works. If it has refused all so far, what is wrong is hardly each request by itself. */
    private void refused(ChatException failure) {
        alive();
        if (!replied && ++refused >= REFUSALS && closed == null) {
            closed = failure.retold(
                    Kind.FATAL,
                    failure.getMessage() + " The first " + refused
                            + " requests were all refused, so it is probably a setting"
                            + " (url, model, sampling): change it in the recipe, then rerun the same command.");
        }
    }

    /** The server works. If none of its answers held a reply, it is hardly chance. */
    private void withoutReply(ChatException failure) {
        if (!replied && ++without >= STREAK && closed == null) {
            closed = failure.retold(
                    Kind.FATAL,
                    failure.getMessage() + " The first " + without
                            + " answers all held no reply: stopped. Ask the endpoint one question by hand (curl)."
                            + " Is the base URL right (it usually ends in /v1)? Is it a chat model, served with its chat template? Does its thinking use up max_tokens"
                            + " (raise it, or lower reasoning_effort)? Does it reply in streams only (stream: true)?"
                            + " Then rerun the same command.");
        }
    }

    private Duration patience() {
        return answered ? limits.patience() : shorter(FIRST_CONTACT, limits.patience());
    }

    private void pauseUntil(long now, Duration wait) {
        if (wait.compareTo(limits.patience()) > 0 && closed == null) {
            closed = new ChatException(
                    Kind.FATAL,
                    "the endpoint asks to be left alone for " + Time.seconds(wait)
                            + ": stopped. What was answered is kept. Rerun the same command later to continue.");
            return;
        }
        opensAt = Math.max(opensAt, now + wait.toNanos());
    }

    private void alive() {
        answered = true;
        streak = 0;
        probes = 0;
        patienceOver = false;
    }

    /** 0 when the first in line may go now, else the nanoseconds until it is worth asking again. */
    private long waitForPlace() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (closed == null && inFlight >= allowed()) {
                left.await();
            }
            if (closed != null) {
                throw closed.retold(Kind.FATAL, String.valueOf(closed.getMessage()));
            }
            long now = time.nanos();
            return Math.max(Math.max(0, opensAt - now), Math.max(requests.waitNanos(now), tokens.waitNanos(now)));
        } finally {
            lock.unlock();
        }
    }

    private Permit admit(long estimatedTokens) {
        lock.lock();
        try {
            inFlight++;
            requests.take(1);
            tokens.take(estimatedTokens);
            return new Permit(time.nanos(), estimatedTokens, streak >= STREAK);
        } finally {
            lock.unlock();
        }
    }

    private static Duration shorter(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }
}
