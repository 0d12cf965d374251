package cogent.llm;

import java.util.List;
import java.util.OptionalInt;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** A language model that goes on with a text as it stands, without a conversation around it. */
public interface CompletionModel {
    /**
     * One completion.
     *
     * @param pieces takes the parts of the text in order, on the calling thread; the prompt is the first where it is echoed
     * @param gone whether nobody waits for the text any more
     * @return the whole text, with the prompt where it is echoed
     * @throws ChatException what {@link ChatModel#chat} throws
     */
    ChatReply complete(TextCall call, Consumer<Piece> pieces, BooleanSupplier gone);

    /** What to go on with. */
    sealed interface Prompt {
        /** A text; control tokens that are written in it are tokens, and what the tokenizer puts before a text is put. */
        record Text(String text) implements Prompt {}

        /** Tokens as they are, at least one. */
        record Tokens(List<Integer> ids) implements Prompt {
            public Tokens {
                ids = List.copyOf(ids);
            }
        }
    }

    /**
     * @param maxTokens how many new ones at most, from 0
     * @param echo whether the reply begins with the prompt, its log-probabilities included where they are asked for
     * @param sampling as in {@link StreamingChatModel.Call}; its bound is not heeded
     * @param sample which of several independent completions is wanted, from 0
     */
    record TextCall(
            Prompt prompt,
            int maxTokens,
            boolean echo,
            SamplingParams sampling,
            List<String> stop,
            OptionalInt topLogprobs,
            int sample) {
        public TextCall {
            stop = List.copyOf(stop);
        }

        /** The same, another independent completion. */
        public TextCall withSample(int other) {
            return new TextCall(prompt, maxTokens, echo, sampling, stop, topLogprobs, other);
        }
    }
}
