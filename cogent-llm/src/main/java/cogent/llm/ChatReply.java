package cogent.llm;

import java.util.Objects;

/**
 * What came back.
 *
 * @param model the model's name as the endpoint states it
 * @param text the answer, without the model's own thinking
 * @param reasoning the model's thinking ({@code reasoning_content}, or a leading {@code <think>} block); empty if none
 * @param finish why generation ended
 */
public record ChatReply(String model, String text, String reasoning, Finish finish, Usage usage) {
    public ChatReply {
        Objects.requireNonNull(model, "a reply's model is null");
        Objects.requireNonNull(text, "a reply's text is null");
        Objects.requireNonNull(reasoning, "a reply's reasoning is null: an empty one says that there is none");
        Objects.requireNonNull(finish, "a reply's finish is null");
        Objects.requireNonNull(usage, "a reply's usage is null: Usage.NONE says that nothing was counted");
    }

    /** A whole reply without thinking, its tokens not counted: what scripts and rules answer. */
    public static ChatReply of(String model, String text) {
        return new ChatReply(model, text, "", Finish.STOP, Usage.NONE);
    }

    /** The same as every store can keep it: PostgreSQL has no NUL in a text. */
    public ChatReply storable() {
        return new ChatReply(storable(model), storable(text), storable(reasoning), finish, usage);
    }

    public static String storable(String text) {
        return text.replace('\0', '\uFFFD');
    }

    /** Why generation ended; {@code LENGTH} means the text is cut off and must not be taken as whole. */
    public enum Finish {
        STOP,
        LENGTH,
        CONTENT_FILTER,
        OTHER
    }

    /** Tokens as the endpoint counts them; reasoning tokens are part of the completion tokens. */
    public record Usage(long promptTokens, long completionTokens, long reasoningTokens) {
        public static final Usage NONE = new Usage(0, 0, 0);
    }
}
