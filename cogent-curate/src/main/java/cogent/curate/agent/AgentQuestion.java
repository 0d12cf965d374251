package cogent.curate.agent;

import cogent.curate.prompt.Refusal;
import cogent.llm.ChatMessage;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is asked of an agent: a conversation, and what it becomes when a reply could not be used. */
@FunctionalInterface
interface AgentQuestion {
    /**
     * @param attempt from 0
     * @param refused the last reply that came whole and could not be used; null where there is none
     */
    List<ChatMessage> messages(int attempt, @Nullable Refusal refused);

    /** The same message, reminded of its form where the last reply was not in it. */
    static AgentQuestion reminding(String message) {
        return (attempt, refused) -> List.of(ChatMessage.user(
                refused == null
                        ? message
                        : message + "\n\nA reply to this could not be read: it " + refused.reason()
                                + ". Keep to the form that is asked for."));
    }

    /** The same message each time, whatever came of it. */
    static AgentQuestion same(List<ChatMessage> messages) {
        return (_, _) -> messages;
    }
}
