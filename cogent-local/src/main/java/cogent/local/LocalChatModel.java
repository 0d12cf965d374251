package cogent.local;

import cogent.data.InputException;
import cogent.llm.ChatException;
import cogent.llm.ChatMessage;
import cogent.llm.ChatModel;
import cogent.llm.ChatReply;
import cogent.llm.ChatRequest;
import cogent.llm.CompletionModel;
import cogent.llm.ListedChats;
import cogent.llm.Piece;
import cogent.llm.SamplingParams;
import cogent.llm.StreamingChatModel;
import cogent.model.decoder.LanguageModel;
import cogent.model.generate.Generation;
import cogent.model.generate.Generation.Completion;
import cogent.model.generate.Generation.Logprobs;
import cogent.model.generate.Generator;
import cogent.model.generate.Penalties;
import cogent.model.generate.Sampler;
import cogent.model.tensor.DType;
import cogent.model.tensor.Device;
import cogent.model.text.ChatFormat;
import cogent.model.text.ReplyStream;
import cogent.model.text.TokenBytes;
import cogent.model.text.Tokenizer;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * A language model in this process as a chat model. Any number of threads, virtual ones too, may call it at the same
 * time: one platform thread owns the model, generates together what waits, and gives the place of a finished reply to the
 * next call. A call's draws depend on its own seed alone, never on its company, which can only tip near ties by rounding;
 * {@link #listed} fixes the company too.
 *
 * <pre>{@code
 * try (var model = LocalChatModel.load(Path.of("runs/mine/models/aligned"))) {
 *     ChatReply reply = model.chat(ChatRequest.of("user", "What is 3 + 4?"));
 * }
 * }</pre>
 */
public final class LocalChatModel implements ChatModel, StreamingChatModel, CompletionModel, AutoCloseable {
    private final String name;
    private final Tokenizer tokenizer;
    private final ChatFormat format;
    private final TokenBytes tokens;
    private final Settings settings;
    private final int context;
    private final int vocabulary;
    private final Runnable release;
    private final GeneratorThread thread;
    private boolean released;

    /**
     * How replies are made where a call does not say.
     *
     * @param slots replies generated at the same time, at most
     * @param maxNewTokens of one reply
     * @param seed decides all draws together with a request's text and sample
     * @param clock what chat templates that state the date are told
     * @param template variables of the chat template, such as {@code enable_thinking}
     */
    public record Settings(
            int slots, int maxNewTokens, Sampler sampling, long seed, Clock clock, Map<String, ?> template) {
        /** Greedy replies of at most 512 tokens, 32 at the same time. */
        public static final Settings DEFAULT =
                new Settings(32, 512, Sampler.GREEDY, 0, Clock.system(ZoneId.systemDefault()), Map.of());

        public Settings withSlots(int value) {
            return new Settings(value, maxNewTokens, sampling, seed, clock, template);
        }

        public Settings withMaxNewTokens(int value) {
            return new Settings(slots, value, sampling, seed, clock, template);
        }

        public Settings withSampling(Sampler value) {
            return new Settings(slots, maxNewTokens, value, seed, clock, template);
        }

        public Settings withSeed(long value) {
            return new Settings(slots, maxNewTokens, sampling, value, clock, template);
        }

        public Settings withClock(Clock value) {
            return new Settings(slots, maxNewTokens, sampling, seed, value, template);
        }

        public Settings withTemplate(Map<String, ?> value) {
            return new Settings(slots, maxNewTokens, sampling, seed, clock, value);
        }
    }

    /**
     * Loads a Hugging Face directory, to compute on the CPU in fp32; it is freed on closing.
     *
     * @throws InputException when the directory is no model that is supported and whole
     */
    public static LocalChatModel load(Path directory) {
        return load(directory, Settings.DEFAULT);
    }

    /** The same with other settings. */
    public static LocalChatModel load(Path directory, Settings settings) {
        return load(directory, Device.CPU, DType.F32, settings);
    }

    /** @param compute what is computed in: {@link DType#F32} or {@link DType#BF16} */
    public static LocalChatModel load(Path directory, Device device, DType compute, Settings settings) {
        String name = String.valueOf(directory.toAbsolutePath().normalize().getFileName());
        return load(name, directory, device, compute, settings);
    }

    /** @param name as replies state it */
    public static LocalChatModel load(String name, Path directory, Device device, DType compute, Settings settings) {
        LanguageModel model = LanguageModel.load(directory, device, compute);
        try {
            Tokenizer tokenizer = Tokenizer.load(directory);
            try {
                model.requireFits(tokenizer);
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
        this.format = ChatFormat.of(tokenizer, LocalDate.now(settings.clock), settings.template);
        this.settings = settings;
        this.tokens = new TokenBytes(tokenizer);
        this.context = model.config().maxPositions();
        this.vocabulary = model.config().vocabSize();
        this.release = release;
        this.thread = new GeneratorThread(name, new Generator(model.decoder(), settings.slots));
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
        thread.requireOpen();
        List<ChatMessage> messages = request.messages();
        int[] before = format.promptIds(messages(messages.subList(0, messages.size() - 1)));
        int[] begun = format.openIds(messages.getLast().content());
        return reply(
                joined(before, begun), "", new Call(request, SamplingParams.DEFAULT, List.of()), _ -> {}, () -> false);
    }

    @Override
    public ChatReply reply(Call call, Consumer<Piece> pieces, BooleanSupplier gone) {
        thread.requireOpen();
        ChatFormat asked = format(call.sampling());
        return reply(asked.promptIds(messages(call.request().messages())), asked.opening(), call, pieces, gone);
    }

    /** The format, with the call's own settings of the template where it has some. */
    private ChatFormat format(SamplingParams own) {
        if (!(own.extraBody().get(TEMPLATE_SETTINGS) instanceof Map<?, ?> asked)) {
            return format;
        }
        Map<Object, Object> variables = new LinkedHashMap<>(settings.template);
        variables.putAll(asked);
        return ChatFormat.of(tokenizer, LocalDate.now(settings.clock), variables);
    }

    /** @param opening a tag that the prompt opens for the reply ({@code <think>}), whose text is whole only with it */
    private ChatReply reply(int[] prompt, String opening, Call call, Consumer<Piece> pieces, BooleanSupplier gone) {
        Pending pending = pending(prompt, call, gone);
        thread.submit(pending);
        return drawn(pending, opening, pieces);
    }

    private Pending pending(int[] prompt, Call call, BooleanSupplier gone) {
        requireRoom(prompt, 1);
        Integer bound = call.sampling().maxTokens();
        Generation generation = generation(
                prompt,
                bound == null ? settings.maxNewTokens : bound,
                call.sampling(),
                call.request().sample(),
                logprobs(call.topLogprobs(), false));
        return new Pending(
                generation, new ReplyStream(tokenizer, call.stop()), new TokenScores(tokens, "", 0, 0), gone);
    }

    /** Generated in the order of the list and with nothing beside it: two models told the same list write the same texts. */
    @Override
    public ListedChats listed(List<ChatRequest> requests) {
        var givenUp = new AtomicBoolean();
        List<Pending> listed = new ArrayList<>();
        List<Supplier<ChatReply>> replies = new ArrayList<>();
        for (ChatRequest request : requests) {
            try {
                int[] prompt = format.promptIds(messages(request.messages()));
                Pending pending = pending(prompt, new Call(request, SamplingParams.DEFAULT, List.of()), () -> false);
                listed.add(pending);
                replies.add(() -> drawn(pending, format.opening(), _ -> {}));
            } catch (ChatException | InputException refused) { // its own fault, and told to who asks for it
                replies.add(() -> {
                    throw refused;
                });
            }
        }
        thread.submit(listed, givenUp::get);
        return new ListedChats() {
            @Override
            public ChatReply reply(int request) {
                return replies.get(request).get();
            }

            @Override
            public void close() {
                givenUp.set(true);
            }
        };
    }

    @Override
    public ChatReply complete(TextCall call, Consumer<Piece> pieces, BooleanSupplier gone) {
        thread.requireOpen();
        int[] begin = call.prompt() instanceof Prompt.Text ? format.beginOfText() : new int[0];
        int[] written = switch (call.prompt()) {
            case Prompt.Text text -> tokenizer.encode(text.text());
            case Prompt.Tokens ids ->
                ids.ids().stream().mapToInt(Integer::intValue).toArray();
        };
        boolean begun = Arrays.mismatch(begin, written) >= begin.length || begin.length == 0;
        int added = begun ? 0 : begin.length;
        int[] prompt = begun ? written : joined(begin, written);
        requireKnown(prompt); // what fails in the generator fails its whole company
        requireRoom(prompt, Math.min(1, call.maxTokens()));
        Optional<Logprobs> logprobs = logprobs(call.topLogprobs(), call.echo());
        Generation generation = generation(prompt, call.maxTokens(), call.sampling(), call.sample(), logprobs);
        String echo = call.echo() ? text(call.prompt(), written) : "";
        var scores = new TokenScores(tokens, echo, added, call.echo() ? prompt.length : 0);
        var pending = new Pending(generation, new ReplyStream(tokenizer, call.stop(), prompt), scores, gone);
        thread.submit(pending);
        return drawn(pending, logprobs.isEmpty() ? echo : "", pieces);
    }

    private String text(Prompt prompt, int[] ids) {
        return switch (prompt) {
            case Prompt.Text text -> text.text();
            case Prompt.Tokens _ -> tokenizer.decode(ids);
        };
    }

    private void requireKnown(int[] prompt) {
        int unknown = Arrays.stream(prompt)
                .filter(id -> id < 0 || id >= vocabulary)
                .findFirst()
                .orElse(0);
        if (unknown != 0) {
            throw new ChatException(
                    ChatException.Kind.REQUEST,
                    "token id " + unknown + " is not in the model's vocabulary of " + vocabulary);
        }
    }

    private void requireRoom(int[] prompt, int atLeast) {
        if (prompt.length == 0) {
            throw new ChatException(ChatException.Kind.REQUEST, "the prompt has no token: give one at least");
        }
        if (prompt.length + atLeast > context) {
            throw new ChatException(
                    ChatException.Kind.REQUEST,
                    "a prompt of %,d tokens leaves no room in the model's context of %,d"
                            .formatted(prompt.length, context));
        }
    }

    private static Optional<Logprobs> logprobs(OptionalInt top, boolean prompt) {
        return top.isPresent() ? Optional.of(new Logprobs(top.getAsInt(), prompt)) : Optional.empty();
    }

    /** @param begin what the reply begins with before anything is drawn */
    private ChatReply drawn(Pending pending, String begin, Consumer<Piece> pieces) {
        var whole = new StringBuilder(begin);
        if (!begin.isEmpty()) {
            pieces.accept(Piece.of(begin));
        }
        Completion completion = await(pending, piece -> {
            whole.append(piece.text());
            pieces.accept(piece);
        });
        return new ChatReply(
                name,
                whole.toString(),
                "",
                switch (completion.reason()) {
                    case STOP -> ChatReply.Finish.STOP;
                    case LENGTH -> ChatReply.Finish.LENGTH;
                    case CANCELLED -> throw GeneratorThread.stopped();
                },
                new ChatReply.Usage(pending.generation().prompt().length, completion.ids().length, 0));
    }

    private Generation generation(
            int[] prompt, int maxNewTokens, SamplingParams sampling, int sample, Optional<Logprobs> logprobs) {
        long seed = settings.seed * 31 + Arrays.hashCode(prompt) * 1_000_003L + sample;
        return new Generation(prompt, maxNewTokens, sampler(sampling), format.stopIds(), seed, logprobs);
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
                    new Penalties(
                            extra(own, "repetition_penalty", usual.penalties().repetition()),
                            extra(own, "presence_penalty", usual.penalties().presence()),
                            extra(own, "frequency_penalty", usual.penalties().frequency())));
        } catch (IllegalArgumentException e) {
            throw new ChatException(ChatException.Kind.REQUEST, String.valueOf(e.getMessage()), e);
        }
    }

    private static double extra(SamplingParams own, String field, double absent) {
        return own.extraBody().get(field) instanceof Number n ? n.doubleValue() : absent;
    }

    private Completion await(Pending pending, Consumer<Piece> pieces) {
        try {
            return pending.await(pieces);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ChatException(
                    ChatException.Kind.FATAL, "the thread was interrupted while it waited for " + name + "'s reply", e);
        }
    }

    private static int[] joined(int[] first, int[] second) {
        return IntStream.concat(Arrays.stream(first), Arrays.stream(second)).toArray();
    }

    private static List<Map<String, String>> messages(List<ChatMessage> messages) {
        return messages.stream()
                .map(m -> Map.of("role", m.role().name().toLowerCase(Locale.ROOT), "content", m.content()))
                .toList();
    }

    /** Stops generating: calls under way fail. Frees the model where this object has loaded it. */
    @Override
    public synchronized void close() {
        thread.close();
        if (!released) {
            released = true;
            release.run();
        }
    }
}
