package cogent.curate.run;

import cogent.curate.Curated;
import cogent.curate.Curation;
import cogent.curate.agent.AgentCall;
import cogent.curate.agent.FailedAttempt;
import cogent.data.InputException;
import cogent.data.Sample;
import cogent.llm.ChatException;
import cogent.llm.ChatMessage;
import cogent.llm.ChatModel;
import cogent.llm.ChatReply;
import cogent.llm.ChatRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * The calls of a sample as they were sent. The prompts are stored nowhere: given the stored replies one after the other, the
 * same curation asks for them again to the letter. Requests that an endpoint refused have none, and are refused again.
 */
public final class Replay {
    private Replay() {}

    /**
     * @param replies see {@link Stories#replies}
     * @param curation as the run's recipe has it, every agent played by the model that it is given
     * @throws InputException when it asks otherwise than it did, since the recipe or the prompts are others
     */
    public static List<AgentCall> calls(
            Curated curated, List<StoredReply> replies, Function<ChatModel, Curation> curation) {
        List<AgentCall> calls = new ArrayList<>();
        long[] refused = {
            curated.failedAttempts()
                    .filter(attempt -> attempt.kind() == FailedAttempt.Kind.REQUEST)
                    .count()
        };
        ChatModel model = request -> {
            int index = calls.size();
            if (!isNext(index, replies, request) && refused[0]-- > 0) {
                throw new ChatException(ChatException.Kind.REQUEST, "brought no reply, as is told of this sample");
            }
            return next(index, replies, request);
        };
        Sample sample = curated.sample();
        AgentCall.listening(calls::add, () -> curation.apply(model).curate(sample));
        return calls;
    }

    private static boolean isNext(int index, List<StoredReply> replies, ChatRequest request) {
        long characters = request.messages().stream()
                .map(ChatMessage::content)
                .mapToLong(String::length)
                .sum();
        return index < replies.size()
                && replies.get(index).agent().equals(request.agent())
                && replies.get(index).promptCharacters() == characters;
    }

    private static ChatReply next(int index, List<StoredReply> replies, ChatRequest request) {
        if (!isNext(index, replies, request)) {
            throw new InputException("call " + (index + 1) + " of this sample, of the " + request.agent()
                    + ", would be another than the one that was sent: the recipe, a prompt file or Cogent itself has changed"
                    + " since");
        }
        return replies.get(index).reply();
    }
}
