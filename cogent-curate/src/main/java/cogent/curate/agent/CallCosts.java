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
    /** Does the work; {@code costs} holds what its agents used. */
    public static <T> T on(CallCosts costs, Supplier<T> work) {
        return AgentCall.listening(costs::add, work);
    }

    public static CallCosts empty() {
        return new CallCosts(new TreeMap<>(), new TreeMap<>());
    }

    private void add(AgentCall call) {
        String agent = call.request().agent();
        calls.merge(agent, 1, Integer::sum);
        usage.merge(
                agent,
                call.reply().usage(),
                (a, b) -> new Usage(
                        a.promptTokens() + b.promptTokens(),
                        a.completionTokens() + b.completionTokens(),
                        a.reasoningTokens() + b.reasoningTokens()));
    }
}
