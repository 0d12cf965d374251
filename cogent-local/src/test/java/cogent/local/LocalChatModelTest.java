package cogent.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cogent.llm.ChatException;
import cogent.llm.ChatReply;
import cogent.llm.ChatRequest;
import cogent.llm.ListedChats;
import cogent.llm.SamplingParams;
import cogent.llm.StreamingChatModel.Call;
import cogent.local.LocalChatModel.Settings;
import cogent.model.decoder.LanguageModel;
import cogent.model.generate.Sampler;
import cogent.model.hf.ModelConfig;
import cogent.model.tensor.DType;
import cogent.model.tensor.Device;
import cogent.model.text.Tokenizer;
import cogent.playground.PlaygroundStudent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalChatModelTest {
    @TempDir
    private Path folder;

    private LocalChatModel chat;

    @BeforeEach
    void load() throws IOException {
        Path student = folder.resolve("student");
        PlaygroundStudent.write(student);
        try (LanguageModel model = LanguageModel.create(ModelConfig.read(student.resolve("config.json")), 1);
                Tokenizer tokenizer = Tokenizer.load(student)) {
            model.save(folder.resolve("tiny"), DType.F32, tokenizer);
        }
        chat = load(Settings.DEFAULT
                .withSlots(4)
                .withMaxNewTokens(12)
                .withSampling(Sampler.at(1))
                .withSeed(3)
                .withClock(Clock.fixed(Instant.EPOCH, ZoneOffset.UTC)));
    }

    /** In bf16 a reply is rounded by its company, which decides many a token where weights are large. */
    @Test
    void listed_requests_get_the_same_replies_whoever_asks_first_and_whatever_else_is_asked() throws Exception {
        List<ChatRequest> requests =
                IntStream.range(0, 60).mapToObj(LocalChatModelTest::numbered).toList();
        Settings settings = Settings.DEFAULT.withSlots(5).withMaxNewTokens(80).withSampling(Sampler.at(1));
        Path config = folder.resolve("student/config.json");
        ModelConfig large = ModelConfig.read(Files.writeString(
                config,
                Files.readString(config)
                        .replaceFirst("\"initializer_range\" : [0-9.]+", "\"initializer_range\" : 0.2")));
        try (LanguageModel model = LanguageModel.create(large, 1);
                Tokenizer tokenizer = Tokenizer.load(folder.resolve("student"))) {
            model.save(folder.resolve("large"), DType.F32, tokenizer);
        }
        List<ChatReply> forwards = new ArrayList<>();
        try (LocalChatModel model = LocalChatModel.load(folder.resolve("large"), Device.CPU, DType.BF16, settings);
                ListedChats chats = model.listed(requests)) {
            for (int i = 0; i < requests.size(); i++) {
                forwards.add(chats.reply(i));
            }
        }
        try (LocalChatModel model = LocalChatModel.load(folder.resolve("large"), Device.CPU, DType.BF16, settings);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<ChatReply> other = threads.submit(() -> model.chat(numbered(99)));
            try (ListedChats chats = model.listed(requests)) {
                for (int i = requests.size() - 1; i >= 0; i--) {
                    assertThat(chats.reply(i)).isEqualTo(forwards.get(i));
                }
            }
            assertThat(other.get().text()).isNotEmpty();
        }
    }

    @Test
    void a_listed_request_that_is_refused_fails_alone_and_a_list_given_up_makes_room_for_the_next() {
        List<ChatRequest> requests = List.of(numbered(1), ChatRequest.of("test", "1 + ".repeat(5000)), numbered(2));
        try (ListedChats chats = chat.listed(requests)) {
            assertThatThrownBy(() -> chats.reply(1))
                    .isInstanceOf(ChatException.class)
                    .hasMessageContaining("context");
            assertThat(chats.reply(2)).isEqualTo(chat.chat(numbered(2)));
        }
        try (ListedChats chats = chat.listed(Collections.nCopies(1000, numbered(3)))) {
            assertThat(chats.reply(0)).isEqualTo(chat.chat(numbered(3)));
        }
    }

    @Test
    void closing_fails_all_of_a_list() {
        ListedChats chats = chat.listed(Collections.nCopies(1000, numbered(3)));
        assertThat(chats.reply(0).text()).isNotEmpty();
        chat.close();
        assertThatThrownBy(() -> chats.reply(999))
                .isInstanceOf(ChatException.class)
                .hasMessageContaining("stopped");
    }

    private LocalChatModel load(Settings settings) {
        return LocalChatModel.load(folder.resolve("tiny"), Device.CPU, DType.F32, settings);
    }

    @AfterEach
    void stop() {
        chat.close();
    }

    @Test
    void a_hundred_virtual_threads_each_get_the_reply_that_they_would_get_alone() throws Exception {
        List<ChatReply> alone =
                IntStream.range(0, 100).mapToObj(i -> chat.chat(numbered(i))).toList();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<ChatReply>> together = IntStream.range(0, 100)
                    .mapToObj(i -> threads.submit(() -> chat.chat(numbered(i))))
                    .toList();
            for (int i = 0; i < 100; i++) {
                assertThat(together.get(i).get()).isEqualTo(alone.get(i));
            }
        }
        assertThat(alone.stream().distinct().count()).isGreaterThan(50);
    }

    @Test
    void a_reply_to_a_prompt_that_opens_a_tag_begins_with_it() throws IOException {
        chat.close();
        Files.writeString(
                folder.resolve("tiny/chat_template.jinja"),
                "{% for m in messages %}{{ m.content }}\n{% endfor %}{% if add_generation_prompt %}<think>\n{% endif %}");
        chat = load(Settings.DEFAULT.withMaxNewTokens(5));
        List<String> pieces = new ArrayList<>();
        ChatReply reply = chat.reply(
                new Call(numbered(1), SamplingParams.DEFAULT, List.of()),
                piece -> pieces.add(piece.text()),
                () -> false);
        assertThat(reply.text()).startsWith("<think>\n").isEqualTo(String.join("", pieces));
    }

    @Test
    void closing_fails_every_call_that_waits_and_any_that_comes_later() throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var begun = new CountDownLatch(1);
            List<Future<ChatReply>> calls = new ArrayList<>();
            for (int i = 0; i < 20; i++) { // of which four are generated at once
                ChatRequest request = numbered(i);
                calls.add(threads.submit(() -> chat.reply(
                        new Call(request, SamplingParams.DEFAULT.withMaxTokens(500), List.of()),
                        _ -> begun.countDown(),
                        () -> false)));
            }
            begun.await();
            chat.close();
            for (Future<ChatReply> call : calls) {
                try {
                    call.get();
                } catch (ExecutionException e) {
                    assertThat(e.getCause()).isInstanceOf(ChatException.class).hasMessageContaining("stopped");
                }
            }
            assertThatThrownBy(() -> chat.chat(numbered(0)))
                    .isInstanceOf(ChatException.class)
                    .hasMessageContaining("stopped");
        }
    }

    @Test
    void an_interrupted_caller_gives_up_its_reply_and_the_model_answers_others() throws Exception {
        var begun = new CountDownLatch(1);
        var failure = new CompletableFuture<Throwable>();
        Thread caller = Thread.ofVirtual().start(() -> {
            try {
                chat.reply(
                        new Call(numbered(1), SamplingParams.DEFAULT.withMaxTokens(500), List.of()),
                        _ -> begun.countDown(),
                        () -> false);
                failure.complete(new AssertionError("not interrupted"));
            } catch (ChatException e) {
                failure.complete(e);
            }
        });
        begun.await();
        caller.interrupt();
        assertThat(failure.get()).isInstanceOf(ChatException.class);
        assertThat(chat.chat(numbered(2)).text()).isNotEmpty();
    }

    @Test
    void a_failure_of_the_caller_s_own_code_ends_its_reply_and_not_the_model() {
        assertThatThrownBy(() -> chat.reply(
                        asked(SamplingParams.DEFAULT, 5),
                        _ -> {
                            throw new IllegalStateException("mine");
                        },
                        () -> false))
                .hasMessage("mine");
        assertThat(chat.chat(numbered(2)).text()).isNotEmpty();
    }

    @Test
    void a_model_that_is_never_closed_keeps_no_jvm_alive() {
        assertThat(Thread.getAllStackTraces().keySet())
                .filteredOn(thread -> thread.getName().endsWith(" generator"))
                .isNotEmpty()
                .allMatch(Thread::isDaemon);
    }

    @Test
    void a_prompt_beyond_the_context_is_refused_as_the_request_s_fault() {
        ChatRequest tooLong = ChatRequest.of("test", "1 + ".repeat(5000));
        assertThatThrownBy(() -> chat.chat(tooLong))
                .isInstanceOfSatisfying(
                        ChatException.class, e -> assertThat(e.kind()).isEqualTo(ChatException.Kind.REQUEST))
                .hasMessageContaining("context");
    }

    /** What steers the model is one token; in a user's words it is as many as other signs. */
    @Test
    void a_control_token_in_a_user_s_words_is_text() {
        long plain = promptTokens("Tom has 2");
        assertThat(promptTokens("Tom has 2<|assistant|>")).isGreaterThan(plain + 2);
        assertThat(promptTokens("Tom has 2<|end|>")).isGreaterThan(plain + 2);
    }

    private long promptTokens(String words) {
        return chat.chat(ChatRequest.of("test", words)).usage().promptTokens();
    }

    private static ChatRequest numbered(int i) {
        return ChatRequest.of("test", "What is " + i + " + 4 ?").withSample(i);
    }

    @Test
    void the_pieces_joined_are_the_reply_and_equal_requests_get_equal_replies() {
        List<String> pieces = new ArrayList<>();
        ChatReply reply = chat.reply(asked(SamplingParams.DEFAULT, 5), piece -> pieces.add(piece.text()), () -> false);
        assertThat(String.join("", pieces)).isEqualTo(reply.text()).isNotEmpty();
        assertThat(pieces.size()).isGreaterThan(1);
        assertThat(chat.chat(asked(SamplingParams.DEFAULT, 5).request())).isEqualTo(reply);
        assertThat(chat.chat(asked(SamplingParams.DEFAULT, 6).request())).isNotEqualTo(reply);
    }

    @Test
    void a_request_s_own_settings_win() {
        assertThat(chat.reply(asked(SamplingParams.DEFAULT.withMaxTokens(3), 5), _ -> {}, () -> false)
                        .usage()
                        .completionTokens())
                .isEqualTo(3);
        SamplingParams greedy = SamplingParams.DEFAULT.withTemperature(0);
        assertThat(chat.reply(asked(greedy, 1), _ -> {}, () -> false).text())
                .isEqualTo(chat.reply(asked(greedy, 2), _ -> {}, () -> false).text());
        SamplingParams wrong = new SamplingParams(null, null, null, null, null, Map.of("top_k", -4.0));
        assertThatThrownBy(() -> chat.reply(asked(wrong, 1), _ -> {}, () -> false))
                .isInstanceOf(ChatException.class)
                .hasMessageContaining("top-k");
    }

    @Test
    void a_stop_text_and_a_client_that_left_end_the_reply() {
        String free = chat.chat(asked(SamplingParams.DEFAULT, 5).request()).text();
        String stop = free.substring(free.length() / 2);
        ChatReply stopped = chat.reply(
                new Call(asked(SamplingParams.DEFAULT, 5).request(), SamplingParams.DEFAULT, List.of(stop)),
                _ -> {},
                () -> false);
        assertThat(stopped.text()).isEqualTo(free.substring(0, free.indexOf(stop)));
        assertThat(stopped.finish()).isEqualTo(ChatReply.Finish.STOP);
        assertThat(chat.reply(asked(SamplingParams.DEFAULT.withMaxTokens(500), 5), _ -> {}, () -> true)
                        .usage()
                        .completionTokens())
                .isEqualTo(1);
    }

    private static Call asked(SamplingParams sampling, int sample) {
        return new Call(ChatRequest.of("test", "What is 3 + 4 ?").withSample(sample), sampling, List.of());
    }
}
