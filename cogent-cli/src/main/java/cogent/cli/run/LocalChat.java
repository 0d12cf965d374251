package cogent.cli.run;

import cogent.data.InputException;
import cogent.llm.ChatException;
import cogent.llm.ChatMessage;
import cogent.llm.ChatModel;
import cogent.llm.ChatReply;
import cogent.llm.ChatRequest;
import cogent.model.ChatFormat;
import cogent.model.Generation;
import cogent.model.Generation.Completion;
import cogent.model.Generator;
import cogent.model.LanguageModel;
import cogent.model.Sampling;
import cogent.model.Tokenizer;
import java.time.LocalDateTime;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;

/**
 * A language model in this process as a chat model. Calls that wait at the same time are generated together, and a call
 * takes the place of a finished one; what a call gets depends on its own seed alone, never on its company.
 */
public final class LocalChat implements ChatModel, AutoCloseable {
    private final String name;
    private final Tokenizer tokenizer;
    private final ChatFormat format;
    private final int maxNewTokens;
    private final Sampling sampling;
    private final long seed;
    private final BlockingQueue<Waiting> queue = new LinkedBlockingQueue<>();
    private final Map<Integer, Waiting> underWay = new HashMap<>();
    private final int context;
    private final Thread thread;
    private volatile boolean closed;

    /** A call and who waits for it; without a call it only wakes the generating thread. */
    private record Waiting(@Nullable Generation generation, CompletableFuture<Completion> completion) {}

    /**
     * Starts the generating thread.
     *
     * @param name as replies state it
     * @param slots calls generated at the same time, at most
     * @param seed decides all draws together with a request's text and sample
     */
    public LocalChat(
            String name,
            LanguageModel model,
            Tokenizer tokenizer,
            int slots,
            int maxNewTokens,
            Sampling sampling,
            long seed,
            LocalDateTime now) {
        this.name = name;
        this.tokenizer = tokenizer;
        this.format = ChatFormat.of(tokenizer, JsonMapper.shared().createObjectNode(), now);
        this.maxNewTokens = maxNewTokens;
        this.sampling = sampling;
        this.seed = seed;
        this.context = model.config().maxPositions();
        Generator generator = new Generator(model.decoder(), slots);
        thread = Thread.ofPlatform().name("generator").start(() -> generate(generator));
    }

    @Override
    public ChatReply chat(ChatRequest request) {
        int[] prompt = format.promptIds(messages(request.messages()));
        if (prompt.length >= context) {
            throw new ChatException(
                    ChatException.Kind.REQUEST,
                    "a prompt of %,d tokens leaves no room in the model's context of %,d"
                            .formatted(prompt.length, context));
        }
        long own = seed * 31 + Arrays.hashCode(prompt) * 1_000_003L + request.sample();
        Generation generation = new Generation(
                Arrays.stream(prompt).boxed().toList(), maxNewTokens, sampling, Set.copyOf(format.stopIds()), own);
        Waiting waiting = new Waiting(generation, new CompletableFuture<>());
        if (closed) {
            throw stopped();
        }
        queue.add(waiting);
        Completion completion = await(waiting.completion());
        int[] ids = completion.ids().stream().mapToInt(Integer::intValue).toArray();
        return new ChatReply(
                name,
                tokenizer.decodeSkippingSpecialTokens(ids),
                "",
                switch (completion.reason()) {
                    case STOP -> ChatReply.Finish.STOP;
                    case LENGTH -> ChatReply.Finish.LENGTH;
                    case CANCELLED -> throw stopped();
                },
                new ChatReply.Usage(prompt.length, ids.length, 0));
    }

    private static Completion await(CompletableFuture<Completion> completion) {
        try {
            return completion.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw stopped();
        } catch (ExecutionException e) {
            String why =
                    String.valueOf(Objects.requireNonNullElse(e.getCause(), e).getMessage());
            throw e.getCause() instanceof InputException
                    ? new ChatException(ChatException.Kind.REQUEST, why, e)
                    : new ChatException(ChatException.Kind.FATAL, "generation failed: " + why, e);
        }
    }

    private static ChatException stopped() {
        return new ChatException(ChatException.Kind.FATAL, "the model was stopped");
    }

    private static ArrayNode messages(List<ChatMessage> messages) {
        ArrayNode list = JsonMapper.shared().createArrayNode();
        messages.forEach(m -> list.addObject()
                .put("role", m.role().name().toLowerCase(Locale.ROOT))
                .put("content", m.content()));
        return list;
    }

    /** Runs until closed: waits for a call, then generates as long as calls keep coming. */
    private void generate(Generator generator) {
        try {
            while (!closed) {
                Requests requests = new Requests(queue.take());
                try {
                    generator.generate(requests, requests, () -> closed);
                } catch (RuntimeException e) {
                    underWay.values().forEach(waiting -> waiting.completion().completeExceptionally(e));
                }
                underWay.clear();
            }
        } catch (InterruptedException e) {
            closed = true;
        }
        queue.forEach(waiting -> waiting.completion().completeExceptionally(stopped()));
    }

    /** The calls that wait, one after the other, and where their completions go. */
    private final class Requests implements Iterator<Generation>, Generation.Listener {
        private @Nullable Waiting next;
        private int given;

        Requests(Waiting first) {
            next = first;
        }

        @Override
        public boolean hasNext() {
            next = next == null ? queue.poll() : next;
            return next != null && next.generation() != null;
        }

        @Override
        public Generation next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            Waiting waiting = Objects.requireNonNull(next);
            next = null;
            underWay.put(given++, waiting);
            return Objects.requireNonNull(waiting.generation());
        }

        @Override
        public void finished(int request, Completion completion) {
            Objects.requireNonNull(underWay.remove(request)).completion().complete(completion);
        }
    }

    /** Stops generating; calls under way fail. The model and its tokenizer stay open. */
    @Override
    public void close() {
        closed = true;
        queue.add(new Waiting(null, new CompletableFuture<>()));
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
