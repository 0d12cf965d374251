package cogent.llm.batch;

import cogent.llm.ChatException;
import cogent.llm.ChatReply;
import cogent.llm.ChatRequest;
import cogent.llm.openai.Endpoint;
import cogent.llm.store.StoredPrompt;
import org.jspecify.annotations.Nullable;

/** What stands in the place of the network where nothing may be sent; asked for what is not in the store. */
public interface Offline {
    /**
     * @param endpoint where it would have been sent; null for a model in this process
     * @throws ChatException of kind PENDING when the reply may come later; of another kind when it is known that it
     *     will not
     */
    ChatReply ask(@Nullable Endpoint endpoint, StoredPrompt prompt, ChatRequest request);
}
