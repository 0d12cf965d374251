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
 * @param bases decides which of them gets a call
 */
public record LoadBalanced(List<? extends ChatModel> models, LoadBalancer bases) implements ChatModel {
    @Override
    public ChatReply chat(ChatRequest request) {
        int base = bases.take();
        try {
            ChatReply reply = models.get(base).chat(request);
            bases.release(base);
            return reply;
        } catch (ChatException e) {
            if (e.kind() != Kind.TRANSIENT) {
                bases.release(base);
                throw e;
            }
            throw bases.setAside(base, e) ? e.withoutRetryAfter() : e;
        } catch (RuntimeException | Error e) {
            bases.release(base);
            throw e;
        }
    }
}
