package cogent.llm.store;

import cogent.llm.ChatRequest;

/**
 * What is kept of a request beside its reply. Not the prompt itself: prompts repeat the rationales, which lie in the
 * corpus.
 *
 * @param key see {@link CallStore#key}
 * @param agent who asked
 * @param model the model's name for people
 * @param chars length of all messages
 * @param head how the last message begins
 */
public record StoredPrompt(String key, String agent, String model, int sample, long chars, String head) {
    private static final int HEAD = 200;

    static StoredPrompt of(String identity, String model, ChatRequest request) {
        String last = request.messages().getLast().content();
        return new StoredPrompt(
                CallStore.key(identity, request),
                request.agent(),
                model,
                request.sample(),
                request.messages().stream().mapToLong(m -> m.content().length()).sum(),
                last.substring(0, Math.min(HEAD, last.length())));
    }
}
