package cogent.llm;

import java.util.List;
import java.util.OptionalInt;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** A chat model that heeds a request's own settings and tells its text as it comes. */
public interface StreamingChatModel {
    /** The setting of {@link SamplingParams#extraBody} that is handed to the model's chat template: a map. */
    String TEMPLATE_SETTINGS = "chat_template_kwargs";

    /**
     * One reply.
     *
     * @param pieces takes the parts of the reply in order, on the calling thread
     * @param gone whether nobody waits for the reply any more
     * @return the whole reply
     * @throws ChatException what {@link ChatModel#chat} throws
     */
    ChatReply reply(Call call, Consumer<Piece> pieces, BooleanSupplier gone);

    /**
     * @param sampling what is null, and a missing setting of {@code top_k}, {@code min_p}, {@code repetition_penalty},
     *     {@code presence_penalty} or {@code frequency_penalty} in its extra body, is the model's own choice
     * @param stop texts that end the reply and are not part of it
     * @param topLogprobs with each token its log-probability and those of so many most probable ones; empty: neither
     */
    record Call(ChatRequest request, SamplingParams sampling, List<String> stop, OptionalInt topLogprobs) {
        public Call {
            stop = List.copyOf(stop);
        }

        public Call(ChatRequest request, SamplingParams sampling, List<String> stop) {
            this(request, sampling, stop, OptionalInt.empty());
        }
    }

    /**
     * The model itself where it is a streaming one. Any other keeps its own sampling, and its replies come whole; what else a call
     * asks for is refused.
     */
    static StreamingChatModel of(ChatModel model) {
        if (model instanceof StreamingChatModel streaming) {
            return streaming;
        }
        return (call, pieces, gone) -> {
            if (!call.stop().isEmpty()
                    || call.topLogprobs().isPresent()
                    || call.sampling().extraBody().containsKey(TEMPLATE_SETTINGS)) {
                throw new ChatException(
                        ChatException.Kind.REQUEST,
                        "this model knows no stop, logprobs and chat_template_kwargs: leave them out");
            }
            ChatReply reply = model.chat(call.request());
            pieces.accept(Piece.of(reply.text()));
            return reply;
        };
    }
}
