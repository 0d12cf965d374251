package cogent.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cogent.curate.agent.StudentProbe;
import cogent.curate.agent.StudentProbe.Measure;
import cogent.curate.student.Division;
import cogent.curate.student.Measures;
import cogent.data.InputException;
import cogent.data.Problem;
import cogent.data.Rationale;
import cogent.data.Sample;
import cogent.llm.ChatException;
import cogent.llm.ChatModel;
import cogent.llm.ChatReply;
import cogent.llm.ChatReply.Finish;
import cogent.llm.ChatReply.Usage;
import cogent.llm.ChatRequest;
import cogent.llm.meter.Budget;
import cogent.llm.meter.Meter.Spend;
import cogent.llm.resilience.Gate;
import cogent.llm.resilience.Limits;
import cogent.llm.run.ChatModels;
import cogent.llm.store.Peers;
import cogent.llm.store.RunDatabase;
import cogent.llm.store.SharedStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What processes on one store agree upon, here played by several connections of one process. */
class PostgresDatabaseTest {
    private static PostgresServer server;
    private String run;

    @BeforeAll
    static void start() {
        server = PostgresServer.start();
    }

    @AfterAll
    static void stop() {
        if (server != null) {
            server.close();
        }
    }

    @BeforeEach
    void name(TestInfo test) {
        run = Integer.toHexString(test.getDisplayName().hashCode());
    }

    private RunDatabase open() {
        return server.store(run).join();
    }

    private static Peers peers(RunDatabase database) {
        return database.peers().orElseThrow();
    }

    private static ChatRequest ask(String what) {
        return ChatRequest.of("judge", what);
    }

    private static void kill(RunDatabase database) {
        // as a killed process leaves its row: nobody is heard of any more
        server.sql(runOf(database), "UPDATE workers SET expires = 'epoch' WHERE settings = 'killed'");
    }

    private static String runOf(RunDatabase database) {
        return database.read(connection -> connection.getSchema()).substring("cogent_".length());
    }

    @Test
    void a_piece_of_work_is_held_by_one_process_until_it_gives_it_back() {
        try (RunDatabase two = open()) {
            RunDatabase one = open();
            assertThat(peers(one).lease(List.of("sample 1", "sample 2"))).containsExactly("sample 1", "sample 2");
            assertThat(peers(two).lease(List.of("sample 1", "sample 2", "sample 3")))
                    .containsExactly("sample 3");
            peers(one).release(Set.of("sample 1"));
            assertThat(peers(two).lease(List.of("sample 1", "sample 2"))).containsExactly("sample 1");
            one.close();
            assertThat(peers(two).lease(List.of("sample 2"))).containsExactly("sample 2");
        }
    }

    @Test
    void the_dead_are_inherited_from_and_what_they_finish_afterwards_is_not_written() throws Exception {
        try (RunDatabase dead = open();
                RunDatabase heir = open()) {
            peers(dead).agree("killed");
            assertThat(peers(dead).lease(List.of("sample 1"))).hasSize(1);
            server.leases(run, "100 milliseconds");
            server.sql(run, "UPDATE workers SET expires = clock_timestamp() + INTERVAL '1 hour'");
            Thread.sleep(200); // the heir hears the store for longer than a lease
            assertThat(peers(heir).lease(List.of("sample 1"))).as("alive").isEmpty();
            kill(dead);
            assertThat(peers(heir).lease(List.of("sample 1"))).containsExactly("sample 1");
            assertThat(dead.<Boolean>write(connection -> peers(dead).end(connection, "sample 1")))
                    .isFalse();
            assertThat(heir.<Boolean>write(connection -> peers(heir).end(connection, "sample 1")))
                    .isTrue();
        }
    }

    @Test
    void nobody_inherits_who_was_out_of_touch_as_long_as_the_other() {
        try (RunDatabase dead = open();
                RunDatabase newcomer = open()) {
            peers(dead).agree("killed");
            assertThat(peers(dead).lease(List.of("sample 1"))).hasSize(1);
            kill(dead);
            assertThat(peers(newcomer).lease(List.of("sample 1"))).isEmpty();
        }
    }

    @Test
    void an_equal_request_of_two_processes_is_asked_once() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        CountDownLatch both = new CountDownLatch(1);
        ChatModel model = request -> {
            asked.incrementAndGet();
            await(both);
            return new ChatReply("m", "four\0", "", Finish.STOP, new Usage(10, 1, 0));
        };
        try (RunDatabase one = open();
                RunDatabase two = open();
                ChatModels first = new ChatModels(one, Budget.UNLIMITED);
                ChatModels second = new ChatModels(two, Budget.UNLIMITED);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<ChatReply>> replies = List.of(
                    threads.submit(() -> first.connect(model, "m").chat(ask("2+2"))),
                    threads.submit(() -> second.connect(model, "m").chat(ask("2+2"))));
            Thread.sleep(300); // long enough for both to have come
            both.countDown();
            assertThat(replies.get(0).get()).isEqualTo(replies.get(1).get());
            assertThat(replies.get(0).get().text()).isEqualTo("four\uFFFD");
            assertThat(asked).hasValue(1);
            assertThat(second.snapshotOfAll().total().calls()).isEqualTo(1);
        }
    }

    @Test
    void a_failed_call_is_free_for_the_next_who_asks() {
        try (RunDatabase one = open();
                RunDatabase two = open();
                ChatModels first = new ChatModels(one, Budget.UNLIMITED);
                ChatModels second = new ChatModels(two, Budget.UNLIMITED)) {
            ChatModel broken = request -> {
                throw new ChatException(ChatException.Kind.REQUEST, "no");
            };
            assertThatThrownBy(() -> first.connect(broken, "m").chat(ask("2+2")))
                    .hasMessage("no");
            ChatModel whole = request -> ChatReply.of("m", "four");
            assertThat(second.connect(whole, "m").chat(ask("2+2")).text()).isEqualTo("four");
        }
    }

    @Test
    void the_concurrency_of_an_endpoint_is_that_of_all_processes_together() {
        try (RunDatabase two = open()) {
            RunDatabase one = open();
            Limits limits = Limits.DEFAULT.withConcurrency(3);
            Gate a = peers(one).gate("e", limits);
            Gate b = peers(two).gate("e", limits);
            assertThat(a.enter(3, 1)).isZero();
            assertThat(b.enter(3, 1)).isZero();
            assertThat(a.enter(3, 1)).isZero();
            assertThat(a.enter(3, 1)).isPositive();
            assertThat(b.enter(3, 1)).isPositive();
            a.leave(0);
            assertThat(b.enter(1, 1)).as("backs off itself").isPositive();
            assertThat(b.enter(3, 1)).isZero();
            b.leave(0);
            b.leave(0);
            assertThat(b.enter(1, 1)).isPositive();
            a.leave(0);
            assertThat(b.enter(1, 1)).isZero();
            assertThat(a.enter(3, 1)).as("the other backs off").isPositive();
            one.close();
            b.leave(0);
            b.pause(Duration.ofSeconds(30));
            assertThat(b.enter(3, 1)).isBetween(Duration.ofSeconds(20), Duration.ofSeconds(30));
        }
    }

    @Test
    void requests_a_minute_are_counted_over_all_processes() {
        try (RunDatabase one = open();
                RunDatabase two = open()) {
            Limits limits = new Limits(1000, 6, 0, Duration.ofMinutes(1), 1, Duration.ofMinutes(1));
            Gate a = peers(one).gate("e", limits);
            Gate b = peers(two).gate("e", limits);
            assertThat(a.enter(1000, 1)).isZero();
            assertThat(a.enter(1000, 1)).isPositive();
            assertThat(b.enter(1000, 1)).isPositive().isLessThan(Duration.ofSeconds(10));
        }
    }

    @Test
    void tokens_a_minute_are_corrected_when_the_reply_is_there() {
        try (RunDatabase one = open()) {
            Limits limits = new Limits(1000, 0, 6_000, Duration.ofMinutes(1), 1, Duration.ofMinutes(1));
            Gate gate = peers(one).gate("e", limits);
            assertThat(gate.enter(1000, 10_000)).isZero();
            assertThat(gate.enter(1000, 1)).isGreaterThan(Duration.ofSeconds(90));
            gate.leave(-9_990);
            assertThat(gate.enter(1000, 1)).isZero();
        }
    }

    @Test
    void the_budget_is_kept_to_the_call_by_all_processes_together() throws Exception {
        Budget budget = new Budget(20, Long.MAX_VALUE, Double.POSITIVE_INFINITY);
        try (RunDatabase one = open();
                RunDatabase two = open();
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            AtomicInteger free = new AtomicInteger();
            List<Callable<Void>> calls = new ArrayList<>();
            for (int i = 0; i < 30; i++) {
                RunDatabase database = i % 2 == 0 ? one : two;
                long id = i;
                calls.add(() -> {
                    boolean let = database.write(connection -> {
                        boolean fits = peers(database)
                                .room(connection, new Spend(1, 5, 0.1), budget)
                                .free();
                        if (fits) {
                            try (var sql = connection.createStatement()) {
                                sql.execute(
                                        "INSERT INTO unanswered (id, key, agent, asked_model, most_tokens, most_cost,"
                                                + " sent_at, why) VALUES (" + id + ", 'k', 'a', 'm', 5, 0.1, '', '')");
                            }
                        }
                        return fits;
                    });
                    free.addAndGet(let ? 1 : 0);
                    return null;
                });
            }
            for (Future<Void> call : threads.invokeAll(calls)) {
                call.get();
            }
            assertThat(free).hasValue(20);
            Peers.Room room = one.write(connection -> peers(one).room(connection, new Spend(1, 5, 0.1), budget));
            assertThat(room.inFlight()).isTrue();
            assertThat(room.spent().calls()).isEqualTo(20);
            assertThat(room.spent().tokens()).isEqualTo(100);
        }
    }

    @Test
    void a_server_that_goes_away_is_waited_for() throws Exception {
        try (RunDatabase one = open();
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            peers(one).lease(List.of("before"));
            server.down();
            Future<Set<String>> waiting = threads.submit(() -> peers(one).lease(List.of("after")));
            while (one.trouble().isEmpty()) {
                assertThat(ended(waiting)).isFalse();
            }
            assertThat(one.trouble()).hasValueSatisfying(why -> assertThat(why).contains("The store is away"));
            server.up();
            assertThat(waiting.get()).containsExactly("after");
            assertThat(one.trouble()).isEmpty();
        }
    }

    private static boolean ended(Future<?> work) throws Exception {
        try {
            work.get(20, TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        }
    }

    /** A pool gives up on a connection after five seconds. */
    @Test
    void a_slow_server_is_not_said_to_be_away() throws Exception {
        try (RunDatabase one = open();
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Boolean>> slow = new ArrayList<>();
            CountDownLatch connected = new CountDownLatch(8);
            for (int i = 0; i < 8; i++) {
                slow.add(threads.submit(() -> one.read(connection -> {
                    connected.countDown();
                    try (var sql = connection.createStatement()) {
                        return sql.execute("SELECT pg_sleep(7)");
                    }
                })));
            }
            connected.await(); // they have all connections
            Future<Set<String>> waiting = threads.submit(() -> peers(one).lease(List.of("after")));
            while (!ended(waiting)) {
                assertThat(one.trouble()).isEmpty();
            }
            assertThat(waiting.get()).containsExactly("after");
            for (Future<Boolean> query : slow) {
                query.get();
            }
        }
    }

    @Test
    void processes_with_another_recipe_are_refused() {
        try (RunDatabase two = open()) {
            RunDatabase one = open();
            peers(one).agree("recipe a");
            peers(one).agree("recipe a");
            assertThatThrownBy(() -> peers(two).agree("recipe b"))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("another corpus, recipe or version");
            one.close();
            peers(two).agree("recipe b");
        }
    }

    @Test
    void what_the_student_makes_of_rationales_is_kept_for_all() {
        List<Sample> corpus = List.of(
                new Sample(new Problem("one", "2 + 2?", "4"), new Rationale("Two and two.\n\nThe answer is 4.", "4")));
        Measure measured = new Measure(-1, -2, Double.POSITIVE_INFINITY, 3, true);
        try (RunDatabase one = open();
                RunDatabase two = open()) {
            assertThat(new Measures(one, _ -> List.of(measured), "student")
                            .ahead(corpus.stream(), Division.NONE, () -> false, _ -> {}))
                    .hasValue(List.of(measured));
            StudentProbe nobody = _ -> {
                throw new AssertionError("measured twice");
            };
            assertThat(new Measures(two, nobody, "student").ahead(corpus.stream(), Division.NONE, () -> false, _ -> {}))
                    .hasValue(List.of(measured));
        }
    }

    @Test
    void a_schema_of_a_newer_version_is_refused() {
        open().close();
        server.sql(run, "UPDATE version SET number = 99");
        assertThatThrownBy(this::open)
                .isInstanceOf(InputException.class)
                .hasMessageContaining("newer Cogent (version 99");
    }

    @Test
    void a_run_directory_keeps_to_its_store(@TempDir Path folder) throws Exception {
        try (RunDatabase _ = server.store(run).open(folder)) {
            assertThat(RunDatabase.exists(folder)).isTrue();
            assertThatThrownBy(() -> server.store(run).open(folder)).hasMessageContaining("in use by another");
        }
        assertThat(RunDatabase.<Boolean>peek(folder, connection -> RunDatabase.has(connection, "samples")))
                .isTrue();
        assertThat(folder.resolve("run.db")).doesNotExist();
        Path own = Files.createDirectory(folder.resolve("own"));
        RunDatabase.open(own).close();
        assertThatThrownBy(() -> server.store(run).open(own)).hasMessageContaining("run.db of its own");
    }

    @Test
    void what_would_tell_a_password_is_refused_without_repeating_it() {
        for (String url : List.of(
                "jdbc:postgresql://u:hunter2@h/d",
                "jdbc:postgresql://h/d?user=u&password=hunter2",
                "jdbc:postgresql://h/d?sslmode=require&sslpassword=hunter2",
                "jdbc:postgresql://h/d#hunter2")) {
            assertThatThrownBy(() -> new SharedStore(url, "r"))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("PGPASSWORD")
                    .hasMessageNotContaining("hunter2");
        }
        assertThat(new SharedStore("jdbc:postgresql://h/d?sslmode=require", "r").url())
                .contains("sslmode");
    }

    @Test
    void a_server_that_is_not_there_is_told_with_what_to_do() {
        assertThatThrownBy(() -> new SharedStore("jdbc:postgresql://127.0.0.1:1/d", "r").join())
                .isInstanceOf(InputException.class)
                .hasMessageContaining("cannot be reached");
    }

    @ParameterizedTest
    @ValueSource(strings = {"28P01", "28000", "08004"}) // the last: none was given, and the driver asks nobody
    void a_missing_or_wrong_password_is_told_with_where_it_comes_from(String state) {
        assertThat(PostgresFailure.told(new SharedStore("jdbc:postgresql://h/d", "r"), new SQLException("no", state)))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("PGPASSWORD");
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw ChatException.interrupted(e);
        }
    }
}
