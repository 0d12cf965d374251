package cogent.curate.agent;

import cogent.llm.ChatReply.Usage;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * What one sample's calls came to, whether they were paid for now or answered from the store.
 *
 * @param calls by agent
 * @param usage by agent
 */
public record CallCosts(Map<String, Integer> calls, Map<String, Usage> usage) {
    private static final ScopedValue<CallCosts> OPEN = ScopedValue.newInstance();

    /** Does the work; {@code costs} holds what its agents used. */
    public static <T> T on(CallCosts costs, Supplier<T> work) {
        return ScopedValue.where(OPEN, costs).call(work::get);
    }

    public static CallCosts empty() {
        return new CallCosts(new TreeMap<>(), new TreeMap<>());
    }

    static void add(String agent, Usage used) {
        if (OPEN.isBound()) {
            OPEN.get().calls.merge(agent, 1, Integer::sum);
            OPEN.get()
                    .usage
                    .merge(
                            agent,
                            used,
                            (a, b) -> new Usage(
                                    a.promptTokens() + b.promptTokens(),
                                    a.completionTokens() + b.completionTokens(),
                                    a.reasoningTokens() + b.reasoningTokens()));
        }
    }
}
