package cogent.llm.store;

import cogent.data.Sha256;
import cogent.llm.ChatMessage;
import cogent.llm.ChatReply;
import cogent.llm.ChatRequest;
import java.nio.charset.StandardCharsets;

/**
 * What is kept of a request beside its reply. Not the prompt itself: prompts repeat the rationales, which lie in the
 * corpus.
 *
 * @param key see {@link #key(String, ChatRequest)}
 * @param agent who asked
 * @param model the model's name for people
 * @param chars length of all messages
 * @param head how the last message begins
 */
public record StoredPrompt(String key, String agent, String model, int sample, long chars, String head) {
    private static final int HEAD = 200;

    public static StoredPrompt of(String identity, String model, ChatRequest request) {
        String last = request.messages().getLast().content();
        return new StoredPrompt(
                key(identity, request),
                request.agent(),
                model,
                request.sample(),
                request.messages().stream().mapToLong(m -> m.content().length()).sum(),
                ChatReply.storable(last.substring(0, Math.min(HEAD, last.length()))));
    }

    /**
     * SHA-256 over the model's identity, the sample's number and the messages, each with its length before it. The agent
     * is not part of it: the same question to the same model has the same answer, whoever asks.
     */
    public static String key(String identity, ChatRequest request) {
        var sha256 = new Sha256();
        add(sha256, identity);
        add(sha256, Integer.toString(request.sample()));
        for (ChatMessage message : request.messages()) {
            add(sha256, message.role().name());
            add(sha256, message.content());
        }
        return sha256.hex();
    }

    private static void add(Sha256 sha256, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        sha256.add(bytes.length + ":").add(bytes);
    }
}
