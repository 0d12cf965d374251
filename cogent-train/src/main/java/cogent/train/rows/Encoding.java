package cogent.train.rows;

import cogent.model.text.ChatFormat;
import java.util.List;
import java.util.Map;

/** Turns a row's text into token ids; the student's tokenizer and chat template stand behind it. */
public interface Encoding {
    /** The ids of a user's message as the model sees it, up to where its reply begins. */
    int[] prompt(String text);

    /** The ids of a conversation (messages with {@code role}, {@code content}, …) up to where the next reply begins. */
    int[] prompt(List<Map<String, Object>> messages);

    /** The ids of the reply, with the token that ends it. */
    int[] completion(String text);

    /** Tokens that steer the model and stand in a text, where they are read as the text that they are. */
    default List<String> controlTokens(String text) {
        return List.of();
    }

    /** Whether the reply begins with a thought where the prompt has closed an empty one: it asks for a reply without. */
    default boolean thinksUnasked(String reply) {
        return false;
    }

    /** Through a model's own format. */
    static Encoding of(ChatFormat format) {
        return new Encoding() {
            @Override
            public int[] prompt(String text) {
                return format.promptIds(text);
            }

            @Override
            public int[] prompt(List<Map<String, Object>> messages) {
                return format.promptIds(messages);
            }

            @Override
            public int[] completion(String text) {
                return format.completionIds(text);
            }

            @Override
            public List<String> controlTokens(String text) {
                return format.controlTokens(text);
            }

            @Override
            public boolean thinksUnasked(String reply) {
                return format.thinksUnasked(reply);
            }
        };
    }
}
