package cogent.llm;

/**
 * Anything that answers a chat: an endpoint, a local model, a rule. Calls block; callers run many on virtual threads.
 * Wrappers compose: each is a chat model around another.
 */
@FunctionalInterface
public interface ChatModel {
    /** @throws ChatException when no reply could be had */
    ChatReply chat(ChatRequest request);
}
