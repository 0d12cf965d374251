package cogent.serve;

import cogent.llm.ChatModel;
import cogent.llm.CompletionModel;
import cogent.llm.StreamingChatModel;
import java.util.Optional;

/**
 * What is served.
 *
 * @param name that clients ask for it by
 * @param completions goes on with bare texts; empty for a model that holds conversations only
 */
public record ServedModel(String name, StreamingChatModel chat, Optional<CompletionModel> completions) {
    /** All that a model can do: sampling and pieces of a {@link StreamingChatModel}, bare texts of a {@link CompletionModel}. */
    public static ServedModel of(String name, ChatModel model) {
        Optional<CompletionModel> completions =
                model instanceof CompletionModel texts ? Optional.of(texts) : Optional.empty();
        return new ServedModel(name, StreamingChatModel.of(model), completions);
    }

    /** A model that holds conversations only. */
    public static ServedModel chat(String name, StreamingChatModel chat) {
        return new ServedModel(name, chat, Optional.empty());
    }
}
