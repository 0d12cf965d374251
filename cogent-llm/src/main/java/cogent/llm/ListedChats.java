package cogent.llm;

/** The replies to requests that were all told beforehand: see {@link ChatModel#listed}. */
@FunctionalInterface
public interface ListedChats extends AutoCloseable {
    /**
     * Blocks until it is there; any thread may ask, and for each request once.
     *
     * @param request its index in the list
     * @throws ChatException when no reply could be had
     */
    ChatReply reply(int request);

    /** No further replies are wanted. */
    @Override
    default void close() {}
}
