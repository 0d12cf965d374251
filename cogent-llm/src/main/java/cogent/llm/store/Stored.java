package cogent.llm.store;

import cogent.llm.ChatException;
import cogent.llm.ChatModel;
import cogent.llm.ChatReply;
import cogent.llm.ChatReply.Finish;
import cogent.llm.ChatRequest;
import cogent.llm.meter.Meter;
import cogent.llm.meter.Price;
import java.util.Optional;
import java.util.OptionalLong;
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
    private final String unbounded;
    private final OptionalLong bound;
    private final CallStore store;
    private final Meter meter;
    private final Price price;

    /**
     * @param name the model's name for people
     * @param identity what replies depend on besides the request, see {@code Endpoint.identity}
     * @param unbounded the same for replies that ended by themselves, which a bound on their tokens has not shaped
     * @param bound on the tokens of a reply, if one is set
     */
    public Stored(
            Source inner,
            String name,
            String identity,
            String unbounded,
            OptionalLong bound,
            CallStore store,
            Meter meter,
            Price price) {
        this.inner = inner;
        this.name = name;
        this.identity = identity;
        this.unbounded = unbounded;
        this.bound = bound;
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
            Optional<ChatReply> known = known(prompt, request);
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
        store.save(prompt, storedUnder(prompt, request, reply), reply, price.of(reply.usage()), millis);
        return reply;
    }

    /** A reply under the very same bound, or one that ended by itself within it. */
    private Optional<ChatReply> known(StoredPrompt prompt, ChatRequest request) {
        Optional<ChatReply> exact = store.find(prompt.key());
        return exact.isPresent() || bound.isEmpty()
                ? exact
                : store.find(StoredPrompt.key(unbounded, request))
                        .filter(reply ->
                                reply.finish() == Finish.STOP && reply.usage().completionTokens() <= bound.getAsLong());
    }

    /** A reply that ended by itself answers for every larger bound too; one that was cut off for its own alone. */
    private String storedUnder(StoredPrompt prompt, ChatRequest request, ChatReply reply) {
        String free = StoredPrompt.key(unbounded, request);
        return reply.finish() == Finish.STOP && store.find(free).isEmpty() ? free : prompt.key();
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
