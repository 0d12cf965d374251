package cogent.llm;

import org.jspecify.annotations.Nullable;

/** What stands in the place of the network where nothing may be sent; asked for what is not in the store. */
interface Offline {
    /**
     * @param endpoint where it would have been sent; null for a model in this process
     * @throws ChatException of kind PENDING when the reply may come later; of another kind when it is known that it
     *     will not
     */
    ChatReply ask(@Nullable Endpoint endpoint, Question question, ChatRequest request);
}
