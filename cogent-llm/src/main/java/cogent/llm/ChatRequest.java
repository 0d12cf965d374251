package cogent.llm;

import java.util.List;

/**
 * What is asked. Model name and sampling belong to the {@link ChatModel} that answers.
 *
 * @param agent who asks ({@code critic}, {@code rethinker}, …): calls, tokens and cost are counted by it
 * @param messages the conversation so far, not empty
 * @param sample which of several independent replies to the same messages is wanted, from 0: equal requests with equal
 *     {@code sample} may be answered from the store
 */
public record ChatRequest(String agent, List<ChatMessage> messages, int sample) {
    public ChatRequest {
        messages = List.copyOf(messages);
        if (messages.isEmpty()) {
            throw new IllegalArgumentException("no messages");
        }
    }

    public static ChatRequest of(String agent, String prompt) {
        return new ChatRequest(agent, List.of(ChatMessage.user(prompt)), 0);
    }

    /** The same messages, another independent reply. */
    public ChatRequest withSample(int other) {
        return new ChatRequest(agent, messages, other);
    }
}
