package cogent.llm.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import cogent.llm.ChatException;
import cogent.llm.ChatException.Kind;
import cogent.llm.ChatMessage;
import cogent.llm.ChatModel;
import cogent.llm.ChatReply;
import cogent.llm.ChatReply.Finish;
import cogent.llm.ChatReply.Usage;
import cogent.llm.ChatRequest;
import cogent.llm.SamplingParams;
import cogent.llm.meter.Budget;
import cogent.llm.meter.Meter;
import cogent.llm.meter.Price;
import cogent.llm.meter.UsageTotals;
import cogent.llm.openai.ApiKey;
import cogent.llm.openai.Endpoint;
import cogent.llm.openai.FaultServer;
import cogent.llm.openai.Wire;
import cogent.llm.resilience.Limits;
import cogent.llm.resilience.TestTime;
import cogent.llm.store.BatchTable;
import cogent.llm.store.RunDatabase;
import cogent.llm.store.StoredPrompt;
import cogent.llm.store.Unanswered;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** All wrappers together, over real HTTP on loopback. */
class ChatModelsTest {
    private static final String KEY = "sk-planted-0123456789";

    @TempDir
    Path dir;

    private static ChatReply reply(String text) {
        return new ChatReply("m", text, "why", Finish.STOP, new Usage(3, 4, 1));
    }

    @Test
    void a_rerun_pays_for_nothing_twice_and_returns_the_same() {
        var asked = new AtomicInteger();
        ChatModel counting = request -> reply("reply " + asked.incrementAndGet() + " \u0000 π 😀");
        ChatRequest request = ChatRequest.of("critic", "x");
        ChatReply first;
        try (var database = RunDatabase.open(dir);
                var models = new ChatModels(database, Budget.UNLIMITED)) {
            ChatModel model = models.connect(counting, "counting 1");
            first = model.chat(request);
            assertThat(model.chat(request)).isEqualTo(first);
            assertThat(model.chat(request.withSample(1))).isNotEqualTo(first);
            assertThat(models.connect(counting, "counting 2").chat(request)).isNotEqualTo(first);
        }
        try (var database = RunDatabase.open(dir);
                var models = new ChatModels(database, Budget.UNLIMITED)) {
            assertThat(models.connect(counting, "counting 1").chat(request)).isEqualTo(first);
            assertThat(asked).hasValue(3);
            UsageTotals totals = models.snapshot().total();
            assertThat(totals).isEqualTo(new UsageTotals(3, 9, 12, 3, 0, 1, 0));
        }
    }

    /** As Kotlin throws, where no signature says so. */
    @SuppressWarnings("unchecked")
    private static <E extends Exception> ChatReply undeclared() throws E {
        throw (E) new IOException("undeclared");
    }

    @Test
    void what_a_chat_model_throws_undeclared_counts_as_failed() {
        try (var database = RunDatabase.open(dir);
                var models = new ChatModels(database, Budget.UNLIMITED)) {
            ChatModel model = models.connect(_ -> undeclared(), "mine");
            assertThatThrownBy(() -> model.chat(ChatRequest.of("critic", "x"))).hasMessage("undeclared");
            assertThat(models.snapshot().total().failed()).isEqualTo(1);
        }
    }

    @Test
    void equal_requests_at_the_same_time_share_one_call() throws InterruptedException {
        var asked = new AtomicInteger();
        var release = new CountDownLatch(1);
        ChatModel slow = request -> {
            try {
                release.await();
            } catch (InterruptedException e) {
                throw ChatException.interrupted(e);
            }
            return reply("x" + asked.incrementAndGet());
        };
        var replies = new CopyOnWriteArrayList<ChatReply>();
        try (var database = RunDatabase.open(dir);
                var models = new ChatModels(database, Budget.UNLIMITED)) {
            ChatModel model = models.connect(slow, "slow");
            try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
                for (int i = 0; i < 50; i++) {
                    threads.execute(() -> replies.add(model.chat(ChatRequest.of("a", "same"))));
                }
                release.countDown();
            }
        }
        assertThat(asked).hasValue(1);
        assertThat(replies).hasSize(50).containsOnly(reply("x1"));
    }

    @Test
    void with_three_failures_in_ten_every_call_ends_complete() {
        var random = new Random(7);
        var faults = new AtomicInteger();
        List<FaultServer.Behaviour> bad = List.of(
                FaultServer.says(429, "{}", "Retry-After: 1"),
                FaultServer.says(429, "{}"),
                FaultServer.says(500, "{\"error\":{\"message\":\"boom\"}}"),
                FaultServer.says(502, "<html>".getBytes(StandardCharsets.UTF_8), "text/html"),
                FaultServer.says(503, ""),
                FaultServer.says(200, "{\"choices\":[]}"),
                FaultServer.says(200, "{\"choices\":[{\"mess"),
                (request, socket, out) -> FaultServer.reset(socket),
                (request, socket, out) -> {
                    out.write("HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{".getBytes(StandardCharsets.UTF_8));
                    FaultServer.reset(socket);
                });
        FaultServer.Behaviour flaky = (request, socket, out) -> {
            int dice;
            synchronized (random) {
                dice = random.nextInt(1000);
            }
            if (dice < 300) {
                faults.incrementAndGet();
                bad.get(dice % bad.size()).answer(request, socket, out);
            } else {
                String asked = Wire.JSON
                        .readTree(request.substring(request.indexOf("\r\n\r\n") + 4))
                        .path("messages")
                        .path(0)
                        .path("content")
                        .asString();
                FaultServer.replies("re " + asked).answer(request, socket, out);
            }
        };
        Map<Integer, String> texts = new ConcurrentHashMap<>();
        try (var server = new FaultServer(flaky);
                var database = RunDatabase.open(dir);
                var models = new ChatModels(database, Budget.UNLIMITED, new TestTime.Hurried(1000))) {
            ChatModel model = models.connect(Endpoint.at(server.base(), "m-1"));
            try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
                for (int i = 0; i < 1000; i++) {
                    int n = i;
                    threads.execute(() -> texts.put(
                            n, model.chat(ChatRequest.of("a", "q" + n)).text()));
                }
            }
            assertThat(models.snapshot().total().calls()).isEqualTo(1000);
            assertThat(models.snapshot().total().failed()).isEqualTo(faults.get());
        }
        assertThat(faults.get()).isGreaterThan(200);
        for (int i = 0; i < 1000; i++) {
            assertThat(texts).containsEntry(i, "re q" + i);
        }
    }

    @Test
    void a_key_revoked_in_mid_run_stops_cleanly_and_keeps_everything() {
        var answered = new AtomicInteger();
        FaultServer.Behaviour revoking = (request, socket, out) -> {
            if (answered.getAndIncrement() < 30) {
                FaultServer.replies("ok").answer(request, socket, out);
            } else {
                FaultServer.says(401, "{\"error\":\"revoked\"}").answer(request, socket, out);
            }
        };
        var failures = new CopyOnWriteArrayList<ChatException>();
        try (var server = new FaultServer(revoking);
                var database = RunDatabase.open(dir);
                var models = new ChatModels(database, Budget.UNLIMITED)) {
            ChatModel model =
                    models.connect(Endpoint.at(server.base(), "m-1").withLimits(Limits.DEFAULT.withConcurrency(4)));
            try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
                for (int i = 0; i < 100; i++) {
                    int n = i;
                    threads.execute(() -> {
                        try {
                            model.chat(ChatRequest.of("a", "q" + n));
                        } catch (ChatException e) {
                            failures.add(e);
                        }
                    });
                }
            }
            assertThat(models.snapshot().total().calls()).isEqualTo(30);
            assertThat(server.requests).as("sent in all").hasSizeLessThanOrEqualTo(34);
        }
        assertThat(failures).hasSize(70).allMatch(e -> e.kind() == Kind.FATAL);
    }

    @Test
    void a_planted_key_is_nowhere_after_failing_runs() throws IOException {
        List<FaultServer.Behaviour> echoing = List.of(
                FaultServer.says(200, FaultServer.completion("<think>" + KEY + "</think>it is " + KEY, "stop")),
                FaultServer.says(200, "{\"choices\":\"" + KEY),
                FaultServer.says(400, "{\"error\":{\"message\":\"Bearer " + KEY + "\"}}"),
                FaultServer.says(404, "no " + KEY),
                FaultServer.says(
                        500, ("<p>Authorization: Bearer " + KEY).getBytes(StandardCharsets.UTF_8), "text/plain"),
                FaultServer.says(401, "{\"detail\":[{\"key\":\"" + KEY + "\"}]}"));
        for (int i = 0; i < echoing.size(); i++) {
            Path run = dir.resolve("run" + i);
            try (var server = new FaultServer(echoing.get(i));
                    var database = RunDatabase.open(run);
                    var models = new ChatModels(database, Budget.UNLIMITED, new TestTime.Hurried(10_000))) {
                Endpoint endpoint = Endpoint.at(server.base(), "m-1").withKey(ApiKey.of("file k", KEY));
                ChatModel model = models.connect(endpoint);
                if (i == 0) {
                    assertThat(model.chat(ChatRequest.of("a", "x")).toString()).doesNotContain(KEY);
                } else {
                    ChatException e =
                            catchThrowableOfType(ChatException.class, () -> model.chat(ChatRequest.of("a", "x")));
                    for (Throwable t = e; t != null; t = t.getCause()) {
                        assertThat(t.toString()).doesNotContain(KEY);
                    }
                }
                assertThat(server.requests.getFirst()).contains("Bearer " + KEY);
                assertThat(models.snapshot().toString()).doesNotContain(KEY);
            }
            try (var files = Files.list(run)) {
                for (Path file : files.toList()) {
                    assertThat(Files.readString(file, StandardCharsets.ISO_8859_1))
                            .doesNotContain(KEY);
                }
            }
        }
    }

    @Test
    void agents_with_other_sampling_share_the_limiter_of_their_endpoint() {
        try (var server = new FaultServer(FaultServer.says(401, "{}"));
                var database = RunDatabase.open(dir);
                var models = new ChatModels(database, Budget.UNLIMITED)) {
            Endpoint endpoint = Endpoint.at(server.base(), "m-1");
            ChatModel critic = models.connect(endpoint);
            ChatModel rethinker = models.connect(endpoint.withSampling(SamplingParams.DEFAULT.withTemperature(1)));
            for (ChatModel model : List.of(critic, rethinker)) {
                ChatException e = catchThrowableOfType(ChatException.class, () -> model.chat(ChatRequest.of("a", "x")));
                assertThat(e.kind()).isEqualTo(Kind.FATAL);
            }
            assertThat(server.requests).hasSize(1);
        }
    }

    @Test
    void a_stop_lets_calls_in_flight_end_and_sends_nothing_more() throws InterruptedException {
        var arrived = new CountDownLatch(2);
        var release = new CountDownLatch(1);
        FaultServer.Behaviour slow = (request, socket, out) -> {
            arrived.countDown();
            release.await();
            FaultServer.replies("ok").answer(request, socket, out);
        };
        var answered = new AtomicInteger();
        var stopped = new AtomicInteger();
        try (var server = new FaultServer(slow);
                var database = RunDatabase.open(dir);
                var models = new ChatModels(database, Budget.UNLIMITED)) {
            ChatModel model =
                    models.connect(Endpoint.at(server.base(), "m-1").withLimits(Limits.DEFAULT.withConcurrency(2)));
            try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
                for (int i = 0; i < 20; i++) {
                    int n = i;
                    threads.execute(() -> {
                        try {
                            model.chat(ChatRequest.of("a", "q" + n));
                            answered.incrementAndGet();
                        } catch (ChatException e) {
                            stopped.incrementAndGet();
                        }
                    });
                }
                arrived.await();
                models.stopSending();
                release.countDown();
            }
            assertThat(server.requests).hasSize(2);
        }
        assertThat(answered).hasValue(2);
        assertThat(stopped).hasValue(18);
    }

    @Test
    void a_thousand_calls_are_in_flight_at_once() {
        var together = new CountDownLatch(1000);
        FaultServer.Behaviour meeting = (request, socket, out) -> {
            together.countDown();
            together.await();
            FaultServer.replies("met").answer(request, socket, out);
        };
        var met = new AtomicInteger();
        try (var server = new FaultServer(meeting);
                var database = RunDatabase.open(dir);
                var models = new ChatModels(database, Budget.UNLIMITED)) {
            Limits limits = Limits.DEFAULT.withConcurrency(1000).withDeadline(Duration.ofSeconds(60));
            ChatModel model = models.connect(Endpoint.at(server.base(), "m-1").withLimits(limits));
            try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
                for (int i = 0; i < 1000; i++) {
                    int n = i;
                    threads.execute(() -> {
                        model.chat(ChatRequest.of("a", "q" + n));
                        met.incrementAndGet();
                    });
                }
            }
        }
        assertThat(met).hasValue(1000);
    }

    @Test
    void what_was_sent_and_brought_no_reply_is_on_record_and_counts_in_the_next_session() {
        FaultServer.Behaviour once = (request, socket, out) -> {
            if (request.contains("lost")) {
                FaultServer.reset(socket);
            } else if (request.contains("busy")) {
                FaultServer.says(500, "{}").answer(request, socket, out);
            } else {
                FaultServer.replies("ok").answer(request, socket, out);
            }
        };
        try (var server = new FaultServer(once)) {
            Endpoint endpoint = Endpoint.at(server.base(), "m-1")
                    .withSampling(SamplingParams.DEFAULT.withMaxTokens(92))
                    .withPrice(new Price(0, 1e4))
                    .withLimits(new Limits(1, 0, 0, Duration.ofSeconds(20), 2, Duration.ofMinutes(1)));
            try (var database = RunDatabase.open(dir);
                    var models = new ChatModels(database, Budget.UNLIMITED, new TestTime.Hurried(10_000))) {
                ChatModel model = models.connect(endpoint);
                model.chat(ChatRequest.of("critic", "fine"));
                for (String fate : List.of("lost", "busy")) {
                    var _ = catchThrowableOfType(ChatException.class, () -> model.chat(ChatRequest.of("critic", fate)));
                }
                assertThat(models.snapshot().lost()).isEqualTo(2);
                assertThat(models.snapshot().uncertain()).isEqualTo(2 * 0.92);
            }
            assertThat(ChatModels.lost(dir)).isEqualTo(Map.of("critic", new Unanswered.Lost(2, 2 * 0.92)));
            try (var database = RunDatabase.open(dir);
                    var models = new ChatModels(database, new Budget(3, Long.MAX_VALUE, 1e9))) {
                ChatException e = catchThrowableOfType(
                        ChatException.class, () -> models.connect(endpoint).chat(ChatRequest.of("critic", "one more")));
                assertThat(e).hasMessageContaining("the budget is spent (3 of 3 calls");
            }
        }
    }

    @Test
    void calls_in_flight_when_a_process_dies_are_on_record() throws Exception {
        var arrived = new CountDownLatch(2);
        FaultServer.Behaviour hanging = (request, socket, out) -> {
            if (request.contains("hang")) {
                arrived.countDown();
                Thread.sleep(Duration.ofMinutes(1));
            }
            FaultServer.replies("ok").answer(request, socket, out);
        };
        Path copy = Files.createDirectory(dir.resolve("copy"));
        try (var server = new FaultServer(hanging);
                var database = RunDatabase.open(dir);
                var models = new ChatModels(database, Budget.UNLIMITED)) {
            ChatModel model = models.connect(Endpoint.at(server.base(), "m-1"));
            model.chat(ChatRequest.of("critic", "fine"));
            for (String text : List.of("hang 1", "hang 2")) {
                Thread.startVirtualThread(() -> model.chat(ChatRequest.of("critic", text)));
            }
            arrived.await();
            // the writes go in order: once this one is durable, those of the sent calls are
            database.write(connection -> 0);
            database.write(connection -> 0);
            for (String file : List.of("run.db", "run.db-wal")) {
                Files.copy(dir.resolve(file), copy.resolve(file));
            }
        }
        try (var database = RunDatabase.open(copy);
                var models = new ChatModels(database, Budget.UNLIMITED)) {
            assertThat(models.snapshot().lost()).isEqualTo(2);
            assertThat(models.snapshot().total().calls()).isEqualTo(1);
        }
    }

    @Test
    void raising_max_tokens_asks_again_only_what_was_cut_off() {
        FaultServer.Behaviour cutting = (request, socket, out) -> {
            boolean cut = request.contains("long") && request.contains("\"max_tokens\":100");
            FaultServer.says(200, FaultServer.completion("ok", cut ? "length" : "stop"))
                    .answer(request, socket, out);
        };
        try (var server = new FaultServer(cutting);
                var database = RunDatabase.open(dir);
                var models = new ChatModels(database, Budget.UNLIMITED)) {
            Endpoint endpoint = Endpoint.at(server.base(), "m-1");
            for (int most : new int[] {100, 100, 200, 300, 6, 6, 100}) {
                ChatModel model = models.connect(endpoint.withSampling(SamplingParams.DEFAULT.withMaxTokens(most)));
                model.chat(ChatRequest.of("critic", "short"));
                model.chat(ChatRequest.of("critic", "long"));
            }
            // with 100 both, with 200 the one that was cut off, with 6 both: the replies known have 7 tokens
            assertThat(server.requests).hasSize(2 + 1 + 2);
            models.connect(endpoint).chat(ChatRequest.of("critic", "short"));
            assertThat(server.requests).hasSize(5);
        }
    }

    @Test
    void a_reply_of_a_batch_answers_for_more_room_too_even_if_it_is_first_read_then() {
        try (var server = new FaultServer(FaultServer.replies("paid again"));
                var database = RunDatabase.open(dir);
                var models = new ChatModels(database, Budget.UNLIMITED)) {
            Endpoint endpoint =
                    Endpoint.at(server.base(), "m-1").withSampling(SamplingParams.DEFAULT.withMaxTokens(100));
            ChatRequest request = ChatRequest.of("critic", "short");
            var prompt = StoredPrompt.of(endpoint.identity(), "m-1", request);
            var usage = new ChatReply.Usage(5, 7, 0);
            String unbounded = StoredPrompt.key(endpoint.unboundedIdentity(), request);
            new BatchTable(database)
                    .put(prompt, unbounded, Price.FREE, new Meter.Spend(1, 100, 0), 1, dir.resolve("wave"));
            database.write(connection -> {
                var reply = new ChatReply("m-1", "ok", "", ChatReply.Finish.STOP, usage);
                BatchTable.answered(
                        connection, Objects.requireNonNull(BatchTable.call(connection, prompt.key())), reply);
                return 1;
            });
            for (int most : new int[] {200, 100, 300, 8}) {
                ChatModel model = models.connect(endpoint.withSampling(SamplingParams.DEFAULT.withMaxTokens(most)));
                assertThat(model.chat(request).text()).isEqualTo("ok");
            }
            assertThat(server.requests).isEmpty();
        }
    }

    @Test
    void a_reply_that_took_more_room_and_one_beyond_any_bound_are_paid_for_once() {
        try (var server = new FaultServer((request, socket, out) -> (request.contains("\"max_tokens\":4")
                        ? FaultServer.says(200, FaultServer.completion("half", "length"))
                        : FaultServer.replies("whole"))
                .answer(request, socket, out))) {
            Endpoint endpoint = Endpoint.at(server.base(), "m-1").withSampling(SamplingParams.DEFAULT.withMaxTokens(4));
            for (int session = 0; session < 2; session++) {
                try (var database = RunDatabase.open(dir);
                        var models = new ChatModels(database, Budget.UNLIMITED)) {
                    ChatModel model = models.connect(endpoint);
                    assertThat(model.chat(ChatRequest.of("critic", "x")).text()).isEqualTo("half");
                    ChatRequest more = new ChatRequest("critic", List.of(ChatMessage.user("x")), 1, 2);
                    assertThat(model.chat(more).text()).isEqualTo("whole");
                    // this server counts 7 tokens, whatever the bound
                    ChatModel heedless = models.connect(endpoint.withSampling(SamplingParams.DEFAULT.withMaxTokens(5)));
                    assertThat(heedless.chat(ChatRequest.of("critic", "y")).text())
                            .isEqualTo("whole");
                }
            }
            assertThat(server.requests).hasSize(3);
        }
    }

    @Test
    void the_budget_bears_the_room_that_a_request_asks_for() {
        try (var server = new FaultServer(FaultServer.replies("ok"));
                var database = RunDatabase.open(dir);
                var models = new ChatModels(database, new Budget(9, 1500, 1e9))) {
            ChatModel model = models.connect(
                    Endpoint.at(server.base(), "m-1").withSampling(SamplingParams.DEFAULT.withMaxTokens(1000)));
            model.chat(ChatRequest.of("critic", "x"));
            ChatException e = catchThrowableOfType(
                    ChatException.class,
                    () -> model.chat(new ChatRequest("critic", List.of(ChatMessage.user("x")), 1, 2)));
            assertThat(e.kind()).isEqualTo(Kind.FATAL);
            assertThat(server.requests).hasSize(1);
        }
    }

    @Test
    void replies_stored_by_an_earlier_version_under_their_bound_are_found() {
        SamplingParams sampling = SamplingParams.DEFAULT.withMaxTokens(100);
        try (var server = new FaultServer(FaultServer.replies("ok"));
                var database = RunDatabase.open(dir);
                var models = new ChatModels(database, Budget.UNLIMITED)) {
            Endpoint endpoint = Endpoint.at(server.base(), "m-1").withSampling(sampling);
            ChatModel earlier = models.connect(
                    request -> new ChatReply("m-1", "earlier", "", ChatReply.Finish.STOP, new ChatReply.Usage(1, 1, 0)),
                    endpoint.identity());
            earlier.chat(ChatRequest.of("critic", "x"));
            assertThat(models.connect(endpoint)
                            .chat(ChatRequest.of("critic", "x"))
                            .text())
                    .isEqualTo("earlier");
            assertThat(server.requests).isEmpty();
        }
    }

    @Test
    void a_model_that_answers_under_another_name_is_told_once_and_stays_known() {
        try (var server = new FaultServer(FaultServer.replies("medium"))) {
            try (var database = RunDatabase.open(dir);
                    var models = new ChatModels(database, Budget.UNLIMITED)) {
                ChatModel other = models.connect(Endpoint.at(server.base().toString(), "gpt-4"));
                ChatModel same = models.connect(Endpoint.at(server.base().toString(), "M-1"));
                for (int i = 0; i < 3; i++) {
                    other.chat(ChatRequest.of("critic", "x" + i));
                    same.chat(ChatRequest.of("critic", "x" + i));
                }
                assertThat(models.adaptations())
                        .singleElement()
                        .asString()
                        .contains("\"gpt-4\" was asked, and \"m-1\" answered");
            }
        }
        assertThat(ChatModels.otherModels(dir)).containsExactly(new ChatModels.OtherModel("gpt-4", "m-1", 3));
    }

    @Test
    void an_endpoint_that_refuses_everything_stops_the_run_and_one_that_refuses_some_rows_does_not() {
        FaultServer.Behaviour refusing = FaultServer.says(400, "{\"error\":{\"message\":\"roles must alternate\"}}");
        try (var server = new FaultServer(refusing);
                var database = RunDatabase.open(dir);
                var models = new ChatModels(database, Budget.UNLIMITED)) {
            ChatModel model = models.connect(Endpoint.at(server.base(), "m-1"));
            ChatException last = null;
            for (int i = 0; i < 30; i++) {
                String text = "x" + i;
                last = catchThrowableOfType(ChatException.class, () -> model.chat(ChatRequest.of("critic", text)));
            }
            assertThat(last)
                    .hasMessageContaining("first 10 requests were all refused")
                    .hasMessageContaining("roles must");
            assertThat(last.kind()).isEqualTo(ChatException.Kind.FATAL);
            assertThat(server.requests).hasSize(10);
        }
        FaultServer.Behaviour choosy = (request, socket, out) ->
                (request.contains("fine") ? FaultServer.replies("ok") : refusing).answer(request, socket, out);
        try (var server = new FaultServer(choosy);
                var database = RunDatabase.open(dir);
                var models = new ChatModels(database, Budget.UNLIMITED)) {
            ChatModel model = models.connect(Endpoint.at(server.base(), "m-1"));
            model.chat(ChatRequest.of("critic", "fine"));
            for (int i = 0; i < 30; i++) {
                String text = "x" + i;
                ChatException e =
                        catchThrowableOfType(ChatException.class, () -> model.chat(ChatRequest.of("critic", text)));
                assertThat(e.kind()).isEqualTo(ChatException.Kind.REFUSED);
            }
        }
    }
}
