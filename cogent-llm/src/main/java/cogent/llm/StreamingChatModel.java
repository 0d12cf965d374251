package cogent.llm;

import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** A chat model that heeds a request's own settings and tells its text as it comes. */
public interface StreamingChatModel {
    /**
     * One reply.
     *
     * @param text takes the pieces of the reply's text in order, on the calling thread
     * @param gone whether nobody waits for the reply any more
     * @return the whole reply
     * @throws ChatException what {@link ChatModel#chat} throws
     */
    ChatReply reply(Call call, Consumer<String> text, BooleanSupplier gone);

    /**
     * @param sampling what is null, and a missing setting of {@code top_k}, {@code min_p} or {@code repetition_penalty} in
     *     its extra body, is the model's own choice
     * @param stop texts that end the reply and are not part of it
     */
    record Call(ChatRequest request, SamplingParams sampling, List<String> stop) {
        public Call {
            stop = List.copyOf(stop);
        }
    }

    /** A model whose sampling is its own business and whose replies come whole. */
    static StreamingChatModel of(ChatModel model) {
        return (call, text, gone) -> {
            ChatReply reply = model.chat(call.request());
            text.accept(reply.text());
            return reply;
        };
    }
}
