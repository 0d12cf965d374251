package cogent.llm;

import java.util.List;

/**
 * Anything that answers a chat: an endpoint, a local model, a rule. Calls block; callers run many on virtual threads.
 * Wrappers compose: each is a chat model around another.
 */
@FunctionalInterface
public interface ChatModel {
    /** @throws ChatException when no reply could be had */
    ChatReply chat(ChatRequest request);

    /**
     * Tells all that will be asked. A model of this process then answers in the order of the list, so that what is computed beside a
     * reply, and how it is rounded, does not depend on who asks when.
     */
    default ListedChats listed(List<ChatRequest> requests) {
        List<ChatRequest> all = List.copyOf(requests);
        return request -> chat(all.get(request));
    }
}
