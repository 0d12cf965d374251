package cogent.llm.store;

import cogent.llm.ChatException;
import cogent.llm.ChatModel;
import cogent.llm.ChatReply;
import cogent.llm.ChatReply.Finish;
import cogent.llm.ChatRequest;
import cogent.llm.SamplingParams;
import cogent.llm.meter.Meter;
import cogent.llm.meter.Price;
import cogent.llm.store.CallStore.Kept;
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
    private final String unbounded;
    private final SamplingParams sampling;
    private final CallStore store;
    private final Meter meter;
    private final Price price;

    /**
     * @param name the model's name for people
     * @param identity what replies depend on besides the request, see {@code Endpoint.identity}
     * @param unbounded the same for replies that ended by themselves, which a bound on their tokens has not shaped
     * @param sampling bounds the tokens of a reply, or not
     */
    public Stored(
            Source inner,
            String name,
            String identity,
            String unbounded,
            SamplingParams sampling,
            CallStore store,
            Meter meter,
            Price price) {
        this.inner = inner;
        this.name = name;
        this.identity = identity;
        this.unbounded = unbounded;
        this.sampling = sampling;
        this.store = store;
        this.meter = meter;
        this.price = price;
    }

    @Override
    public ChatReply chat(ChatRequest request) {
        StoredPrompt prompt = StoredPrompt.of(identity, name, request);
        Kept kept = kept(prompt, request);
        if (REPLIES.isBound()) {
            REPLIES.get().accept(kept.key(), kept.reply());
        }
        return kept.reply();
    }

    private Kept kept(StoredPrompt prompt, ChatRequest request) {
        String key = prompt.key();
        var mine = new CompletableFuture<Kept>();
        CompletableFuture<Kept> other = store.underWay.putIfAbsent(key, mine);
        if (other != null) {
            return shared(other, request);
        }
        try {
            Optional<Kept> known = known(prompt, request).or(() -> store.await(key, () -> known(prompt, request)));
            Kept kept = known.orElseGet(() -> asked(prompt, request));
            if (known.isPresent()) {
                meter.reused(request.agent());
            }
            mine.complete(kept);
            return kept;
        } catch (Throwable e) { // Kotlin's chat models throw undeclared what they like
            mine.completeExceptionally(e);
            throw e;
        } finally {
            store.underWay.remove(key, mine);
        }
    }

    private Kept asked(StoredPrompt prompt, ChatRequest request) {
        long start = System.nanoTime();
        ChatReply reply;
        try {
            reply = ScopedValue.where(CURRENT, prompt)
                    .call(() -> inner.ask(prompt, request))
                    .storable();
        } catch (Throwable e) {
            store.forsake(prompt.key());
            throw e;
        }
        long millis = (System.nanoTime() - start) / 1_000_000;
        String key = storedUnder(prompt, request, reply);
        boolean first = store.save(prompt, key, reply, price.of(reply.usage()), millis);
        // where this process was taken for dead another one has answered: all go on from one reply
        return first ? new Kept(key, reply) : find(key).orElseThrow();
    }

    /** A reply under the very same bound, or one that ended by itself within it. */
    private Optional<Kept> known(StoredPrompt prompt, ChatRequest request) {
        Optional<Kept> exact = find(prompt.key());
        String free = StoredPrompt.key(unbounded, request);
        if (exact.isEmpty()) {
            return find(free)
                    .or(() -> store.called(free).flatMap(this::find))
                    .filter(kept -> endedWithin(kept.reply(), request));
        }
        // batches bring replies under the key that was sent, and so did versions that knew no other
        if (!free.equals(prompt.key())
                && endedWithin(exact.get().reply(), request)
                && store.called(free).isEmpty()) {
            store.call(free, prompt.key());
        }
        return exact;
    }

    private Optional<Kept> find(String key) {
        return store.find(key).map(reply -> new Kept(key, reply));
    }

    private boolean endedWithin(ChatReply reply, ChatRequest request) {
        long bound = sampling.completionBound(request.room()).orElse(Long.MAX_VALUE);
        return reply.finish() == Finish.STOP && reply.usage().completionTokens() <= bound;
    }

    /**
     * A reply that ended by itself answers for every larger bound too; one that was cut off for its own alone, and so does one
     * of a server that minds no bound, which {@link #known} would not take for this request again.
     */
    private String storedUnder(StoredPrompt prompt, ChatRequest request, ChatReply reply) {
        String free = StoredPrompt.key(unbounded, request);
        return endedWithin(reply, request) && store.find(free).isEmpty() ? free : prompt.key();
    }

    private Kept shared(CompletableFuture<Kept> other, ChatRequest request) {
        try {
            Kept kept = other.join();
            meter.reused(request.agent());
            return kept;
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
