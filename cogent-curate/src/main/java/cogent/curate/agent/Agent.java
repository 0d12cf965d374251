package cogent.curate.agent;

import cogent.llm.ChatException;
import cogent.llm.ChatMessage;
import cogent.llm.ChatModel;
import cogent.llm.ChatReply;
import cogent.llm.ChatRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.IntFunction;

/**
 * A chat model in a role, with the patience shown to it.
 *
 * @param name by which its calls are counted
 * @param attempts how many replies to one request are looked at before giving up; each is another sample, so that a store
 *     gives another reply
 * @param maxCharacters longest message that is sent; anything longer is a {@link FailedAttempt.Kind#TOO_LONG}
 */
public record Agent(String name, ChatModel model, int attempts, int maxCharacters) {
    /** Nonsense twice in a row happens; four times is a matter of the prompt. */
    public static final int ATTEMPTS = 3;
    /** About 100 000 tokens of English: beyond the context of most endpoints anyway. */
    public static final int MAX_CHARACTERS = 400_000;

    /** Asked before every call; bound by a run that may have to park. */
    public static final ScopedValue<BooleanSupplier> STOP = ScopedValue.newInstance();

    /** The run is being stopped: no further call. */
    public static final class Parked extends RuntimeException {
        private static final long serialVersionUID = 1L;

        public Parked() {
            super("parked", null, false, false);
        }
    }

    public Agent {
        if (attempts < 1 || maxCharacters < 1) {
            throw new IllegalArgumentException("attempts and maxCharacters must be positive");
        }
    }

    public static Agent of(String name, ChatModel model) {
        return new Agent(name, model, ATTEMPTS, MAX_CHARACTERS);
    }

    /**
     * Questions that do not depend on each other's answers: all are asked before one whose reply is still to come ends the
     * sample, so that a batch holds everything that can be asked by now.
     */
    public static <T> List<T> each(int count, IntFunction<T> question) {
        List<T> answers = new ArrayList<>();
        ChatException pending = null;
        for (int i = 0; i < count; i++) {
            try {
                answers.add(question.apply(i));
            } catch (ChatException e) {
                if (e.kind() != ChatException.Kind.PENDING) {
                    throw e;
                }
                pending = e;
            }
        }
        if (pending != null) {
            throw pending;
        }
        return answers;
    }

    /**
     * Asks until a reply can be used or the attempts are spent.
     *
     * @param turn which independent answer to this message is wanted, from 0
     * @throws ChatException that is not about this request alone
     */
    <T> AgentResult<T> ask(String message, int turn, ReplyParser<T> reading) {
        return ask(List.of(ChatMessage.user(message)), turn, reading);
    }

    /** The same with a conversation. */
    <T> AgentResult<T> ask(List<ChatMessage> messages, int turn, ReplyParser<T> reading) {
        List<FailedAttempt> misses = new ArrayList<>();
        int length = messages.stream().mapToInt(m -> m.content().length()).sum();
        if (length > maxCharacters) {
            misses.add(new FailedAttempt(
                    FailedAttempt.Kind.TOO_LONG,
                    "too long for the " + name + ": " + length + " of at most " + maxCharacters + " characters"));
            return new AgentResult<>(null, misses);
        }
        ChatRequest request = new ChatRequest(name, messages, turn * attempts);
        for (int attempt = 0; attempt < attempts; attempt++) {
            if (STOP.isBound() && STOP.get().getAsBoolean()) {
                throw new Parked();
            }
            try {
                ChatReply reply = model.chat(request.withSample(request.sample() + attempt));
                CallCosts.add(name, reply.usage());
                switch (reply.finish()) {
                    case LENGTH ->
                        misses.add(new FailedAttempt(FailedAttempt.Kind.TRUNCATED, "cut off by the token limit"));
                    case CONTENT_FILTER ->
                        misses.add(new FailedAttempt(FailedAttempt.Kind.FILTERED, "stopped by the content filter"));
                    case STOP, OTHER -> {
                        return new AgentResult<>(reading.read(reply.text()), misses);
                    }
                }
            } catch (UnusableReply e) {
                misses.add(e.miss());
            } catch (ChatException e) {
                if (e.kind() != ChatException.Kind.REQUEST) {
                    throw e;
                }
                misses.add(new FailedAttempt(FailedAttempt.Kind.REQUEST, "request refused: " + e.getMessage()));
                break;
            }
        }
        return new AgentResult<>(null, misses);
    }
}
