package cogent.llm.meter;

import cogent.data.Count;
import cogent.llm.ChatException;
import cogent.llm.ChatException.Kind;
import cogent.llm.ChatMessage;
import cogent.llm.ChatReply;
import cogent.llm.ChatRequest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Counts calls, tokens and cost by agent, and keeps a run within its {@link Budget}: what a call may cost at most is
 * set aside before it is sent. While the rest of the budget is all set aside, further calls wait for those in flight to
 * turn out cheaper; when a call would not fit with nothing in flight, it is refused for good.
 *
 * <p>The bound is hard where max tokens is set; otherwise the largest completion so far stands for it. A call that was
 * sent and brought no reply may have been billed, so the budget counts it at its bound; the totals do not.
 */
public final class Meter {
    private final Budget budget;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition settled = lock.newCondition();
    private final Map<String, UsageTotals> byAgent = new TreeMap<>();
    private UsageTotals total = UsageTotals.NOTHING;
    private int inFlight;
    private Spend held = Spend.NOTHING;
    private Spend lost = Spend.NOTHING;

    /** What the budget is counted in. */
    public record Spend(long calls, long tokens, double cost) {
        public static final Spend NOTHING = new Spend(0, 0, 0);

        /** What one call may come to at most. */
        public static Spend bound(ChatRequest request, long completionTokens, Price price) {
            long prompt = promptEstimate(request);
            long completion = completionTokens * request.room();
            return new Spend(1, prompt + completion, price.of(prompt, completion));
        }

        public Spend plus(Spend other) {
            return new Spend(calls + other.calls, tokens + other.tokens, cost + other.cost);
        }

        Spend minus(Spend other) {
            return new Spend(calls - other.calls, tokens - other.tokens, cost - other.cost);
        }

        boolean within(Budget budget) {
            return calls <= budget.calls() && tokens <= budget.tokens() && cost <= budget.cost();
        }
    }

    /**
     * The state at one moment.
     *
     * @param byAgent sorted by agent
     * @param inFlight calls sent and not yet answered
     * @param lost calls that were sent and brought no reply, earlier sessions included; they may have been billed, and
     *     are not part of the totals
     * @param uncertain what those cost at most
     */
    public record Snapshot(
            Map<String, UsageTotals> byAgent, UsageTotals total, int inFlight, long lost, double uncertain) {}

    /**
     * @param earlier what former sessions of this run spent, by agent
     * @param lostEarlier what they sent without a reply
     */
    public Meter(Budget budget, Map<String, UsageTotals> earlier, Spend lostEarlier) {
        this.budget = budget;
        this.lost = lostEarlier;
        earlier.forEach(this::add);
    }

    public Snapshot snapshot() {
        lock.lock();
        try {
            return new Snapshot(Map.copyOf(byAgent), total, inFlight, lost.calls, lost.cost);
        } finally {
            lock.unlock();
        }
    }

    /** Prompt tokens, rather too many than too few: three bytes each (English has four to five, Chinese three). */
    public static long promptEstimate(ChatRequest request) {
        long bytes = 0;
        for (ChatMessage message : request.messages()) {
            bytes += message.content().getBytes(StandardCharsets.UTF_8).length;
        }
        return bytes / 3 + 8L * request.messages().size();
    }

    /** Sets aside what one call may cost at most; it must be given to {@link #answered} or {@link #failed}. */
    public void reserve(Spend bound) {
        lock.lock();
        try {
            while (!spent().plus(held).plus(bound).within(budget)) {
                if (inFlight == 0) {
                    throw new ChatException(Kind.FATAL, spentMessage(bound));
                }
                settled.await();
            }
            held = held.plus(bound);
            inFlight++;
        } catch (InterruptedException e) {
            throw ChatException.interrupted(e);
        } finally {
            lock.unlock();
        }
    }

    /** What is set aside. */
    public Spend held() {
        lock.lock();
        try {
            return held;
        } finally {
            lock.unlock();
        }
    }

    /** Sets aside what calls may cost at most that are out since an earlier session. */
    public void hold(Spend bound) {
        lock.lock();
        try {
            held = held.plus(bound);
        } finally {
            lock.unlock();
        }
    }

    /** The same for a call that is about to go out, if the budget bears it. */
    public boolean tryHold(Spend bound) {
        lock.lock();
        try {
            boolean fits = spent().plus(held).plus(bound).within(budget);
            held = fits ? held.plus(bound) : held;
            return fits;
        } finally {
            lock.unlock();
        }
    }

    public void answered(String agent, Spend bound, ChatReply.Usage usage, double cost) {
        lock.lock();
        try {
            settle(bound);
            add(
                    agent,
                    new UsageTotals(
                            1, usage.promptTokens(), usage.completionTokens(), usage.reasoningTokens(), cost, 0, 0));
        } finally {
            lock.unlock();
        }
    }

    /** A reply was wanted and there is none; nothing was sent. */
    public void failed(String agent) {
        lock.lock();
        try {
            add(agent, new UsageTotals(0, 0, 0, 0, 0, 0, 1));
        } finally {
            lock.unlock();
        }
    }

    public void failed(String agent, Spend bound, boolean maybeBilled) {
        lock.lock();
        try {
            settle(bound);
            if (maybeBilled) {
                lost = lost.plus(bound);
            }
            add(agent, new UsageTotals(0, 0, 0, 0, 0, 0, 1));
        } finally {
            lock.unlock();
        }
    }

    public void reused(String agent) {
        lock.lock();
        try {
            add(agent, new UsageTotals(0, 0, 0, 0, 0, 1, 0));
        } finally {
            lock.unlock();
        }
    }

    private void settle(Spend bound) {
        held = inFlight == 1 ? Spend.NOTHING : held.minus(bound);
        inFlight--;
        settled.signalAll();
    }

    private void add(String agent, UsageTotals usage) {
        byAgent.merge(agent, usage, UsageTotals::plus);
        total = total.plus(usage);
    }

    private Spend spent() {
        return new Spend(total.calls(), total.tokens(), total.cost()).plus(lost);
    }

    /** @param next what the call that did not fit may come to, and what is out already */
    public String spentMessage(Spend next) {
        Spend spent;
        lock.lock();
        try {
            spent = spent();
        } finally {
            lock.unlock();
        }
        return spentMessage(budget, spent, next);
    }

    /**
     * Why a call is not sent.
     *
     * @param next what the call that did not fit may come to, and what is out already
     */
    public static String spentMessage(Budget budget, Spend spent, Spend next) {
        List<String> limits = new ArrayList<>();
        if (spent.calls() + next.calls() > budget.calls()) {
            limits.add("%,d of %s".formatted(spent.calls(), Count.of(budget.calls(), "call")));
        }
        if (spent.tokens() + next.tokens() > budget.tokens()) {
            limits.add("%,d of %s".formatted(spent.tokens(), Count.of(budget.tokens(), "token")));
        }
        if (spent.cost() + next.cost() > budget.cost()) {
            limits.add(String.format(Locale.ROOT, "cost %.4f of %.4f", spent.cost(), budget.cost()));
        }
        String of = String.join(", ", limits);
        return "the budget is spent (" + of + "; the next call might exceed it). What was answered is kept."
                + " Raise the budget in the recipe and rerun the same command to continue.";
    }
}
