package cogent.local;

import cogent.data.InputException;
import cogent.llm.ChatException;
import cogent.llm.ChatMessage;
import cogent.llm.ChatModel;
import cogent.llm.ChatReply;
import cogent.llm.ChatRequest;
import cogent.llm.SamplingParams;
import cogent.llm.StreamingChatModel;
import cogent.model.decoder.LanguageModel;
import cogent.model.generate.Generation;
import cogent.model.generate.Generation.Completion;
import cogent.model.generate.Generator;
import cogent.model.generate.Sampler;
import cogent.model.text.ChatFormat;
import cogent.model.text.ReplyStream;
import cogent.model.text.Tokenizer;
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
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;

/**
 * A language model in this process as a chat model. Calls that wait at the same time are generated together, and a call
 * takes the place of a finished one; a call's draws depend on its own seed alone, never on its company, which can only
 * tip near ties by rounding.
 */
public final class LocalChatModel implements ChatModel, StreamingChatModel, AutoCloseable {
    private final String name;
    private final Tokenizer tokenizer;
    private final ChatFormat format;
    private final int maxNewTokens;
    private final Sampler sampling;
    private final long seed;
    private final BlockingQueue<Waiting> queue = new LinkedBlockingQueue<>();
    private final Map<Integer, Waiting> underWay = new HashMap<>();
    private final int context;
    private final Thread thread;
    private volatile boolean closed;

    /** A call under way. The generating thread makes its text, the calling thread takes it. */
    private record Waiting(
            @Nullable Generation generation,
            @Nullable ReplyStream text,
            BooleanSupplier gone,
            BlockingQueue<Heard> heard) {}

    /** What the generating thread tells a caller. */
    private sealed interface Heard {
        record Piece(String text) implements Heard {}

        record Finished(Completion completion) implements Heard {}

        record Failed(RuntimeException why) implements Heard {}
    }

    /**
     * Starts the generating thread.
     *
     * @param name as replies state it
     * @param slots calls generated at the same time, at most
     * @param seed decides all draws together with a request's text and sample
     */
    public LocalChatModel(
            String name,
            LanguageModel model,
            Tokenizer tokenizer,
            int slots,
            int maxNewTokens,
            Sampler sampling,
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
        return reply(new Call(request, SamplingParams.DEFAULT, List.of()), _ -> {}, () -> false);
    }

    /** Goes on with the last message, the assistant's, where it breaks off. */
    public ChatReply goOn(ChatRequest request) {
        List<ChatMessage> messages = request.messages();
        int[] before = format.promptIds(messages(messages.subList(0, messages.size() - 1)));
        int[] begun = format.openIds(messages.getLast().content());
        return reply(
                IntStream.concat(Arrays.stream(before), Arrays.stream(begun)).toArray(),
                new Call(request, SamplingParams.DEFAULT, List.of()),
                _ -> {},
                () -> false);
    }

    @Override
    public ChatReply reply(Call asked, Consumer<String> text, BooleanSupplier gone) {
        return reply(format.promptIds(messages(asked.request().messages())), asked, text, gone);
    }

    private ChatReply reply(int[] prompt, Call asked, Consumer<String> text, BooleanSupplier gone) {
        if (prompt.length >= context) {
            throw new ChatException(
                    ChatException.Kind.REQUEST,
                    "a prompt of %,d tokens leaves no room in the model's context of %,d"
                            .formatted(prompt.length, context));
        }
        long own = seed * 31
                + Arrays.hashCode(prompt) * 1_000_003L
                + asked.request().sample();
        Integer bound = asked.sampling().maxTokens();
        Generation generation = new Generation(
                Arrays.stream(prompt).boxed().toList(),
                bound == null ? maxNewTokens : bound,
                sampling(asked.sampling()),
                Set.copyOf(format.stopIds()),
                own);
        Waiting waiting =
                new Waiting(generation, new ReplyStream(tokenizer, asked.stop()), gone, new LinkedBlockingQueue<>());
        if (closed) {
            throw stopped();
        }
        queue.add(waiting);
        StringBuilder whole = new StringBuilder();
        Completion completion = hear(waiting, piece -> {
            whole.append(piece);
            text.accept(piece);
        });
        return new ChatReply(
                name,
                whole.toString(),
                "",
                switch (completion.reason()) {
                    case STOP -> ChatReply.Finish.STOP;
                    case LENGTH -> ChatReply.Finish.LENGTH;
                    case CANCELLED -> throw stopped();
                },
                new ChatReply.Usage(prompt.length, completion.ids().size(), 0));
    }

    /** The request's own settings where it has them, else the model's. */
    private Sampler sampling(SamplingParams asked) {
        try {
            return new Sampler(
                    asked.temperature() == null ? sampling.temperature() : asked.temperature(),
                    (int) extra(asked, "top_k", sampling.topK()),
                    asked.topP() == null ? sampling.topP() : asked.topP(),
                    extra(asked, "min_p", sampling.minP()),
                    extra(asked, "repetition_penalty", sampling.repetitionPenalty()));
        } catch (IllegalArgumentException e) {
            throw new ChatException(ChatException.Kind.REQUEST, String.valueOf(e.getMessage()), e);
        }
    }

    private static double extra(SamplingParams asked, String field, double absent) {
        return asked.extraBody().get(field) instanceof Number n ? n.doubleValue() : absent;
    }

    private static Completion hear(Waiting waiting, Consumer<String> text) {
        try {
            while (true) {
                switch (waiting.heard().take()) {
                    case Heard.Piece piece -> text.accept(piece.text());
                    case Heard.Finished finished -> {
                        return finished.completion();
                    }
                    case Heard.Failed failed -> throw failure(failed.why());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw stopped();
        }
    }

    private static ChatException failure(RuntimeException e) {
        return switch (e) {
            case ChatException chat -> chat;
            case InputException wrong ->
                new ChatException(ChatException.Kind.REQUEST, String.valueOf(wrong.getMessage()), wrong);
            default -> new ChatException(ChatException.Kind.FATAL, "generation failed: " + e.getMessage(), e);
        };
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
                    underWay.values().forEach(waiting -> waiting.heard().add(new Heard.Failed(e)));
                }
                underWay.clear();
            }
        } catch (InterruptedException e) {
            closed = true;
        }
        queue.forEach(waiting -> waiting.heard().add(new Heard.Failed(stopped())));
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
        public boolean token(int request, int id) {
            Waiting waiting = Objects.requireNonNull(underWay.get(request));
            ReplyStream text = Objects.requireNonNull(waiting.text());
            tell(waiting, text.push(id));
            return !text.stopped() && !waiting.gone().getAsBoolean();
        }

        @Override
        public void finished(int request, Completion completion) {
            Waiting waiting = Objects.requireNonNull(underWay.remove(request));
            tell(waiting, Objects.requireNonNull(waiting.text()).finish());
            waiting.heard().add(new Heard.Finished(completion));
        }

        private static void tell(Waiting waiting, String piece) {
            if (!piece.isEmpty()) {
                waiting.heard().add(new Heard.Piece(piece));
            }
        }
    }

    /** Stops generating; calls under way fail. The model and its tokenizer stay open. */
    @Override
    public void close() {
        closed = true;
        queue.add(new Waiting(null, null, () -> true, new LinkedBlockingQueue<>())); // wakes the thread
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
