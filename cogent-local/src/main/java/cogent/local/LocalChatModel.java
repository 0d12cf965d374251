package cogent.local;

import cogent.data.InputException;
import cogent.llm.ChatException;
import cogent.llm.ChatMessage;
import cogent.llm.ChatModel;
import cogent.llm.ChatReply;
import cogent.llm.ChatRequest;
import cogent.llm.Piece;
import cogent.llm.SamplingParams;
import cogent.llm.StreamingChatModel;
import cogent.model.decoder.LanguageModel;
import cogent.model.generate.Generation;
import cogent.model.generate.Generation.Completion;
import cogent.model.generate.Generator;
import cogent.model.generate.Sampler;
import cogent.model.tensor.DType;
import cogent.model.tensor.Device;
import cogent.model.text.ChatFormat;
import cogent.model.text.ReplyStream;
import cogent.model.text.Tokenizer;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A language model in this process as a chat model. Any number of threads, virtual ones too, may call it at the same
 * time: one platform thread owns the model, generates together what waits, and gives the place of a finished reply to the
 * next call. A call's draws depend on its own seed alone, never on its company, which can only tip near ties by rounding.
 *
 * <pre>{@code
 * try (var model = LocalChatModel.load(Path.of("runs/mine/models/aligned"))) {
 *     ChatReply reply = model.chat(ChatRequest.of("user", "What is 3 + 4?"));
 * }
 * }</pre>
 */
public final class LocalChatModel implements ChatModel, StreamingChatModel, AutoCloseable {
    private final String name;
    private final Tokenizer tokenizer;
    private final ChatFormat format;
    private final Settings settings;
    private final int context;
    private final Runnable release;
    private final BlockingQueue<Pending> queue = new LinkedBlockingQueue<>();
    private final Thread thread;
    private volatile boolean closed;
    private boolean released;

    /**
     * How replies are made where a call does not say.
     *
     * @param slots replies generated at the same time, at most
     * @param maxNewTokens of one reply
     * @param seed decides all draws together with a request's text and sample
     * @param clock what chat templates that state the date are told
     */
    public record Settings(int slots, int maxNewTokens, Sampler sampling, long seed, Clock clock) {
        /** Greedy replies of at most 512 tokens, 32 at the same time. */
        public static final Settings DEFAULT =
                new Settings(32, 512, Sampler.GREEDY, 0, Clock.system(ZoneId.systemDefault()));

        public Settings withSlots(int value) {
            return new Settings(value, maxNewTokens, sampling, seed, clock);
        }

        public Settings withMaxNewTokens(int value) {
            return new Settings(slots, value, sampling, seed, clock);
        }

        public Settings withSampling(Sampler value) {
            return new Settings(slots, maxNewTokens, value, seed, clock);
        }

        public Settings withSeed(long value) {
            return new Settings(slots, maxNewTokens, sampling, value, clock);
        }

        public Settings withClock(Clock value) {
            return new Settings(slots, maxNewTokens, sampling, seed, value);
        }
    }

    /**
     * Loads a Hugging Face directory, to compute on the CPU in fp32; it is freed on closing.
     *
     * @throws InputException when the directory is no model that is supported and whole
     */
    public static LocalChatModel load(Path directory) {
        return load(directory, Device.CPU, DType.F32, Settings.DEFAULT);
    }

    /** @param compute what is computed in: {@link DType#F32} or {@link DType#BF16} */
    public static LocalChatModel load(Path directory, Device device, DType compute, Settings settings) {
        LanguageModel model = LanguageModel.load(directory, device, compute);
        try {
            Tokenizer tokenizer = Tokenizer.load(directory);
            try {
                model.requireFits(tokenizer);
                String name =
                        String.valueOf(directory.toAbsolutePath().normalize().getFileName());
                return new LocalChatModel(name, model, tokenizer, settings, () -> {
                    tokenizer.close();
                    model.close();
                });
            } catch (RuntimeException e) {
                tokenizer.close();
                throw e;
            }
        } catch (RuntimeException e) {
            model.close();
            throw e;
        }
    }

    /**
     * A model that is loaded already, and stays open on closing.
     *
     * @param name as replies state it
     */
    public static LocalChatModel of(String name, LanguageModel model, Tokenizer tokenizer, Settings settings) {
        return new LocalChatModel(name, model, tokenizer, settings, () -> {});
    }

    private LocalChatModel(String name, LanguageModel model, Tokenizer tokenizer, Settings settings, Runnable release) {
        this.name = name;
        this.tokenizer = tokenizer;
        this.format = ChatFormat.of(tokenizer, LocalDate.now(settings.clock));
        this.settings = settings;
        this.context = model.config().maxPositions();
        this.release = release;
        var generator = new Generator(model.decoder(), settings.slots);
        thread = Thread.ofPlatform().name(name + " generator").start(() -> generate(generator));
    }

    /** The model's name, as replies state it. */
    public String name() {
        return name;
    }

    @Override
    public ChatReply chat(ChatRequest request) {
        return reply(new Call(request, SamplingParams.DEFAULT, List.of()), _ -> {}, () -> false);
    }

    /** Goes on with the last message, the assistant's, where it breaks off. */
    public ChatReply continueLastMessage(ChatRequest request) {
        requireOpen();
        List<ChatMessage> messages = request.messages();
        int[] before = format.promptIds(messages(messages.subList(0, messages.size() - 1)));
        int[] begun = format.openIds(messages.getLast().content());
        return reply(
                IntStream.concat(Arrays.stream(before), Arrays.stream(begun)).toArray(),
                "",
                new Call(request, SamplingParams.DEFAULT, List.of()),
                _ -> {},
                () -> false);
    }

    @Override
    public ChatReply reply(Call call, Consumer<Piece> pieces, BooleanSupplier gone) {
        requireOpen();
        if (call.topLogprobs().isPresent()) {
            throw new ChatException(ChatException.Kind.REQUEST, "logprobs are not served here: leave them out");
        }
        ChatFormat asked = format(call.sampling());
        return reply(
                asked.promptIds(messages(call.request().messages())),
                asked.opening(),
                call,
                text -> pieces.accept(Piece.of(text)),
                gone);
    }

    /** The format, with the call's own settings of the template where it has some. */
    private ChatFormat format(SamplingParams own) {
        return own.extraBody().get(TEMPLATE_SETTINGS) instanceof Map<?, ?> settings
                ? ChatFormat.of(tokenizer, LocalDate.now(this.settings.clock), settings)
                : format;
    }

    /** @param opening a tag that the prompt opens for the reply ({@code <think>}), whose text is whole only with it */
    private ChatReply reply(int[] prompt, String opening, Call call, Consumer<String> text, BooleanSupplier gone) {
        if (prompt.length >= context) {
            throw new ChatException(
                    ChatException.Kind.REQUEST,
                    "a prompt of %,d tokens leaves no room in the model's context of %,d"
                            .formatted(prompt.length, context));
        }
        var pending = new Pending(generation(prompt, call), new ReplyStream(tokenizer, call.stop()), gone);
        queue.add(pending);
        if (closed && queue.remove(pending)) {
            throw stopped();
        }
        var whole = new StringBuilder(opening);
        if (!opening.isEmpty()) {
            text.accept(opening);
        }
        Completion completion = await(pending, piece -> {
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
                new ChatReply.Usage(prompt.length, completion.ids().length, 0));
    }

    private Generation generation(int[] prompt, Call call) {
        Integer bound = call.sampling().maxTokens();
        return new Generation(
                prompt,
                bound == null ? settings.maxNewTokens : bound,
                sampler(call.sampling()),
                format.stopIds(),
                settings.seed * 31
                        + Arrays.hashCode(prompt) * 1_000_003L
                        + call.request().sample());
    }

    /** The call's own settings where it has them, else the model's. */
    private Sampler sampler(SamplingParams own) {
        Sampler usual = settings.sampling;
        try {
            return new Sampler(
                    own.temperature() == null ? usual.temperature() : own.temperature(),
                    (int) extra(own, "top_k", usual.topK()),
                    own.topP() == null ? usual.topP() : own.topP(),
                    extra(own, "min_p", usual.minP()),
                    extra(own, "repetition_penalty", usual.repetitionPenalty()));
        } catch (IllegalArgumentException e) {
            throw new ChatException(ChatException.Kind.REQUEST, String.valueOf(e.getMessage()), e);
        }
    }

    private static double extra(SamplingParams own, String field, double absent) {
        return own.extraBody().get(field) instanceof Number n ? n.doubleValue() : absent;
    }

    private static Completion await(Pending pending, Consumer<String> text) {
        try {
            return pending.await(text);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw stopped();
        }
    }

    private static ChatException failure(Throwable e) {
        return switch (e) {
            case ChatException chat -> chat;
            case InputException wrong ->
                new ChatException(ChatException.Kind.REQUEST, String.valueOf(wrong.getMessage()), wrong);
            default -> new ChatException(ChatException.Kind.FATAL, "generation failed: " + e.getMessage(), e);
        };
    }

    private void requireOpen() {
        if (closed) {
            throw stopped();
        }
    }

    private static ChatException stopped() {
        return new ChatException(ChatException.Kind.FATAL, "the model was stopped");
    }

    private static List<Map<String, String>> messages(List<ChatMessage> messages) {
        return messages.stream()
                .map(m -> Map.of("role", m.role().name().toLowerCase(Locale.ROOT), "content", m.content()))
                .toList();
    }

    /** Runs until closed: waits for a call, then generates as long as calls keep coming. */
    private void generate(Generator generator) {
        try {
            while (!closed) {
                var batch = new Batch(queue.take());
                try {
                    generator.generate(batch, batch, () -> closed);
                    batch.fail(stopped()); // what was taken from the queue and not begun before the close
                } catch (RuntimeException | Error e) {
                    batch.fail(failure(e));
                }
            }
        } catch (InterruptedException e) {
            closed = true;
        }
        queue.forEach(pending -> pending.failed(stopped()));
    }

    /** The calls that wait, one after the other, and where their tokens go; for the generating thread alone. */
    private final class Batch implements Iterator<Generation>, Generation.Listener {
        private final Map<Integer, Pending> underWay = new HashMap<>();
        private @Nullable Pending next;
        private int taken;

        Batch(Pending first) {
            next = first;
        }

        @Override
        public boolean hasNext() {
            next = next == null ? queue.poll() : next;
            return next != null;
        }

        @Override
        public Generation next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            Pending pending = Objects.requireNonNull(next);
            next = null;
            underWay.put(taken++, pending);
            return pending.generation();
        }

        @Override
        public boolean token(int request, int id) {
            return Objects.requireNonNull(underWay.get(request)).token(id);
        }

        @Override
        public void finished(int request, Completion completion) {
            Objects.requireNonNull(underWay.remove(request)).finished(completion);
        }

        void fail(ChatException why) {
            underWay.values().forEach(pending -> pending.failed(why));
            if (next != null) {
                next.failed(why);
            }
        }
    }

    /** Stops generating: calls under way fail. Frees the model where this object has loaded it. */
    @Override
    public synchronized void close() {
        closed = true;
        thread.interrupt();
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true; // the model must not be freed while its thread computes
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        if (!released) {
            released = true;
            release.run();
        }
    }
}
