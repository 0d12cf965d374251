package cogent.curate.run;

import cogent.curate.Curated;
import cogent.curate.Curation;
import cogent.curate.agent.AgentCall;
import cogent.data.InputException;
import cogent.data.Sample;
import cogent.llm.ChatMessage;
import cogent.llm.ChatModel;
import cogent.llm.ChatReply;
import cogent.llm.ChatRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * The calls of a sample as they were sent. The prompts are stored nowhere: given the stored replies one after the other, the
 * same curation asks for them again to the letter.
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
        ChatModel model = request -> next(calls.size(), replies, request);
        Sample sample = curated.sample();
        AgentCall.listening(calls::add, () -> curation.apply(model).curate(sample));
        return calls;
    }

    private static ChatReply next(int index, List<StoredReply> replies, ChatRequest request) {
        StoredReply stored = index < replies.size() ? replies.get(index) : null;
        long characters = request.messages().stream()
                .map(ChatMessage::content)
                .mapToLong(String::length)
                .sum();
        if (stored == null || !stored.agent().equals(request.agent()) || stored.promptCharacters() != characters) {
            throw new InputException("call " + (index + 1) + " of this sample, of the " + request.agent()
                    + ", would be another than the one that was sent: the recipe, a prompt file or Cogent itself has changed"
                    + " since");
        }
        return stored.reply();
    }
}
