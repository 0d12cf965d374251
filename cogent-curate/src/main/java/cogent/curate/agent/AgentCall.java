package cogent.curate.agent;

import cogent.llm.ChatReply;
import cogent.llm.ChatRequest;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** One call of an agent, paid for now or answered from the store: exactly what was sent, and what came back. */
public record AgentCall(ChatRequest request, ChatReply reply) {
    private static final ScopedValue<Consumer<AgentCall>> LISTENER = ScopedValue.newInstance();

    /** Does the work and tells the listener of every call in it. */
    public static <T> T listening(Consumer<AgentCall> listener, Supplier<T> work) {
        return ScopedValue.where(LISTENER, listener).call(work::get);
    }

    static void tell(ChatRequest request, ChatReply reply) {
        if (LISTENER.isBound()) {
            LISTENER.get().accept(new AgentCall(request, reply));
        }
    }
}
