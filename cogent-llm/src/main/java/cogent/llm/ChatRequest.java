package cogent.llm;

import java.util.List;

/**
 * What is asked. Model name and sampling belong to the {@link ChatModel} that answers.
 *
 * @param agent who asks ({@code critic}, {@code rethinker}, …): calls, tokens and cost are counted by it
 * @param messages the conversation so far, not empty
 * @param sample which of several independent replies to the same messages is wanted, from 0: equal requests with equal
 *     {@code sample} may be answered from the store
 * @param room how many times the usual room a reply may take, from 1: more after one was cut off
 */
public record ChatRequest(String agent, List<ChatMessage> messages, int sample, int room) {
    public ChatRequest(String agent, List<ChatMessage> messages, int sample) {
        this(agent, messages, sample, 1);
    }

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
        return new ChatRequest(agent, messages, other, room);
    }
}
