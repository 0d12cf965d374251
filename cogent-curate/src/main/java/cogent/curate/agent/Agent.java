package cogent.curate.agent;

import cogent.curate.prompt.Refusal;
import cogent.llm.ChatException;
import cogent.llm.ChatMessage;
import cogent.llm.ChatModel;
import cogent.llm.ChatReply;
import cogent.llm.ChatRequest;
import cogent.llm.Thinking;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
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

    /** Asked before every call; bound by a run that may have to stop. */
    public static final ScopedValue<BooleanSupplier> STOP = ScopedValue.newInstance();

    /** The run is being stopped: no further call. */
    public static final class Stopped extends RuntimeException {
        private static final long serialVersionUID = 1L;

        public Stopped() {
            super("stopped", null, false, false);
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
     * Asks until a reply can be used or the attempts are spent. A reply that was cut off is asked for again with twice the
     * room.
     *
     * @param turn which independent answer to this question is wanted, from 0
     * @throws ChatException that is not about this request alone
     */
    <T> AgentResult<T> ask(AgentQuestion question, int turn, ReplyParser<T> parser) {
        List<FailedAttempt> failedAttempts = new ArrayList<>();
        Refusal refused = null;
        int room = 1;
        for (int attempt = 0; attempt < attempts; attempt++) {
            List<ChatMessage> messages = question.messages(attempt, refused);
            Optional<FailedAttempt> tooLong = tooLong(messages);
            if (tooLong.isPresent()) {
                failedAttempts.add(tooLong.get());
                break;
            }
            if (STOP.isBound() && STOP.get().getAsBoolean()) {
                throw new Stopped();
            }
            ChatRequest request = new ChatRequest(name, messages, turn * attempts + attempt, room);
            ChatReply reply;
            try {
                reply = Objects.requireNonNull(
                        model.chat(request), "the chat model answered the " + name + " with null");
            } catch (ChatException e) {
                if (e.kind() != ChatException.Kind.REQUEST) {
                    throw e;
                }
                failedAttempts.add(new FailedAttempt(FailedAttempt.Kind.REQUEST, "request refused: " + e.getMessage()));
                break;
            }
            AgentCall.tell(request, reply);
            try {
                return new AgentResult<>(parser.read(whole(reply)), failedAttempts);
            } catch (UnusableReply e) {
                FailedAttempt unusable = e.asFailedAttempt();
                failedAttempts.add(unusable);
                switch (unusable.kind()) {
                    case TRUNCATED -> room *= 2;
                    case UNREADABLE, UNFIT -> refused = new Refusal(reply.text(), unusable.reason());
                    case FILTERED, REQUEST, TOO_LONG -> {}
                }
            }
        }
        return new AgentResult<>(null, failedAttempts);
    }

    private static String whole(ChatReply reply) throws UnusableReply {
        String text = switch (reply.finish()) {
            case LENGTH -> throw UnusableReply.of(FailedAttempt.Kind.TRUNCATED, FailedAttempt.CUT_OFF);
            case CONTENT_FILTER -> throw UnusableReply.of(FailedAttempt.Kind.FILTERED, "stopped by the content filter");
            case STOP, OTHER ->
                reply.reasoning().isEmpty() ? Thinking.of(reply.text()).answer() : reply.text();
        };
        if (text.isBlank()) {
            throw UnusableReply.unreadable(reply.reasoning().isBlank() ? "is empty" : FailedAttempt.ALL_THINKING);
        }
        return text;
    }

    private Optional<FailedAttempt> tooLong(List<ChatMessage> messages) {
        int length = messages.stream().mapToInt(m -> m.content().length()).sum();
        return length <= maxCharacters
                ? Optional.empty()
                : Optional.of(new FailedAttempt(
                        FailedAttempt.Kind.TOO_LONG,
                        "too long for the " + name + ": " + length + " of at most " + maxCharacters + " characters"));
    }
}
