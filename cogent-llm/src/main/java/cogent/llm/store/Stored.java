package cogent.llm.store;

import cogent.llm.ChatException;
import cogent.llm.ChatModel;
import cogent.llm.ChatReply;
import cogent.llm.ChatRequest;
import cogent.llm.meter.Meter;
import cogent.llm.meter.Price;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.BiConsumer;

/**
 * Answers from the store what was asked before, and makes every new reply durable before anybody sees it. Equal
 * requests at the same time share one call.
 */
public final class Stored implements ChatModel {
    /** Where a reply comes from that is not stored. */
    @FunctionalInterface
    public interface Source {
        ChatReply ask(StoredPrompt prompt, ChatRequest request);
    }

    /** What is being asked, for those inside. */
    public static final ScopedValue<StoredPrompt> CURRENT = ScopedValue.newInstance();

    /** Told of every reply with the key that it is stored under. */
    public static final ScopedValue<BiConsumer<String, ChatReply>> REPLIES = ScopedValue.newInstance();

    private final Source inner;
    private final String name;
    private final String identity;
    private final CallStore store;
    private final Meter meter;
    private final Price price;

    /**
     * @param name the model's name for people
     * @param identity what replies depend on besides the request, see {@code Endpoint.identity}
     */
    public Stored(Source inner, String name, String identity, CallStore store, Meter meter, Price price) {
        this.inner = inner;
        this.name = name;
        this.identity = identity;
        this.store = store;
        this.meter = meter;
        this.price = price;
    }

    @Override
    public ChatReply chat(ChatRequest request) {
        StoredPrompt prompt = StoredPrompt.of(identity, name, request);
        ChatReply reply = reply(prompt, request);
        if (REPLIES.isBound()) {
            REPLIES.get().accept(prompt.key(), reply);
        }
        return reply;
    }

    private ChatReply reply(StoredPrompt prompt, ChatRequest request) {
        String key = prompt.key();
        var mine = new CompletableFuture<ChatReply>();
        CompletableFuture<ChatReply> other = store.underWay.putIfAbsent(key, mine);
        if (other != null) {
            return shared(other, request);
        }
        try {
            Optional<ChatReply> known = store.find(key);
            ChatReply reply = known.orElseGet(() -> asked(prompt, request));
            if (known.isPresent()) {
                meter.reused(request.agent());
            }
            mine.complete(reply);
            return reply;
        } catch (RuntimeException | Error e) {
            mine.completeExceptionally(e);
            throw e;
        } finally {
            store.underWay.remove(key, mine);
        }
    }

    private ChatReply asked(StoredPrompt prompt, ChatRequest request) {
        long start = System.nanoTime();
        ChatReply reply = ScopedValue.where(CURRENT, prompt).call(() -> inner.ask(prompt, request));
        long millis = (System.nanoTime() - start) / 1_000_000;
        store.save(prompt, reply, price.of(reply.usage()), millis);
        return reply;
    }

    private ChatReply shared(CompletableFuture<ChatReply> other, ChatRequest request) {
        try {
            ChatReply reply = other.join();
            meter.reused(request.agent());
            return reply;
        } catch (CompletionException e) {
            if (e.getCause() instanceof ChatException failure) {
                throw failure.retold(failure.kind(), String.valueOf(failure.getMessage()));
            }
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw e;
        }
    }
}
