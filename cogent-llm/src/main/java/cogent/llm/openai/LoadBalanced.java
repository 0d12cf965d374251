package cogent.llm.openai;

import cogent.llm.ChatException;
import cogent.llm.ChatException.Kind;
import cogent.llm.ChatModel;
import cogent.llm.ChatReply;
import cogent.llm.ChatRequest;
import java.util.List;

/**
 * A model behind several base URLs.
 *
 * @param models one for each base URL
 * @param balancer decides which of them gets a call
 */
public record LoadBalanced(List<? extends ChatModel> models, LoadBalancer balancer) implements ChatModel {
    @Override
    public ChatReply chat(ChatRequest request) {
        int base = balancer.take();
        try {
            ChatReply reply = models.get(base).chat(request);
            balancer.release(base);
            return reply;
        } catch (ChatException e) {
            if (e.kind() != Kind.TRANSIENT) {
                balancer.release(base);
                throw e;
            }
            throw balancer.setAside(base, e) ? e.withoutRetryAfter() : e;
        } catch (RuntimeException | Error e) {
            balancer.release(base);
            throw e;
        }
    }
}
