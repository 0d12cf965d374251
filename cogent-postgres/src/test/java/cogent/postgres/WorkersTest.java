package cogent.postgres;

import static cogent.postgres.WorkerProcesses.curate;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cogent.llm.ChatException;
import cogent.llm.store.RunDatabase;
import cogent.llm.store.SharedStore;
import cogent.pipeline.run.ReplySource;
import cogent.pipeline.run.UnfinishedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Several processes on one corpus. Larger by {@code -Dcogent.scale.rows=2000 -Dcogent.scale.kills=20}, as
 * {@code scripts/curation-at-scale.sh} has it.
 */
@Timeout(value = 30, unit = TimeUnit.MINUTES)
class WorkersTest {
    private static final int ROWS = Integer.getInteger("cogent.scale.rows", 60);
    private static final int KILLS = Integer.getInteger("cogent.scale.kills", 3);
    private static final int WORKERS = 3;
    private static final int CONCURRENCY = 12;
    private static final List<String> FILES = List.of("sft.jsonl", "preferences.jsonl", "refused.jsonl");

    @TempDir
    Path folder;

    private PostgresServer server;

    @BeforeEach
    void start() {
        server = PostgresServer.start();
    }

    @AfterEach
    void stop() {
        if (server != null) {
            server.close();
        }
    }

    @Test
    void workers_that_are_killed_make_the_files_of_one_process_and_pay_for_nothing_twice() throws Exception {
        try (FaultyEndpoint endpoint = new FaultyEndpoint(0, 0)) {
            curate(recipe("whole", endpoint, ""), folder.resolve("runs"), new ReplySource.Live());
            int calls = endpoint.answered.size();
            endpoint.forget();
            endpoint.behave(0.1, 30);
            Path recipe = recipe("shared", endpoint, "store: " + server.url() + "\n");
            SharedStore store = server.store("shared");
            store.join().close();
            server.leases("shared", "3 seconds");
            Random random = new Random(20261127);
            WorkerProcesses workers = WorkerProcesses.start(recipe, folder, WORKERS);
            for (int killed = 0; killed < KILLS; killed++) {
                int until = endpoint.asked() + calls / (KILLS + 2);
                while (endpoint.asked() < until && endpoint.answered.size() < calls) {
                    TimeUnit.MILLISECONDS.sleep(10);
                    workers.requireAlive();
                }
                int which = random.nextInt(WORKERS);
                workers.kill(which);
                try (RunDatabase database = store.join()) {
                    endpoint.durable.addAll(database.read(WorkersTest::answered));
                }
                workers.replace(which);
            }
            curate(recipe, folder.resolve("runs"), new ReplySource.Live());
            workers.end();
            System.out.printf(
                    "%d rows, %d kills: %d calls, %d sent, %d answered twice, %d in flight at most%n",
                    ROWS,
                    KILLS,
                    calls,
                    endpoint.arrivals.size(),
                    endpoint.asked() - calls,
                    endpoint.mostInFlight.get());
            assertThat(endpoint.askedAgain)
                    .as("asked again though its reply was durable")
                    .isEmpty();
            assertThat(endpoint.answered).hasSize(calls);
            assertThat(endpoint.asked() - calls)
                    .as("asked again since a kill cut the reply off")
                    .isLessThanOrEqualTo(KILLS * CONCURRENCY);
            assertThat(endpoint.mostInFlight).hasValueLessThanOrEqualTo(CONCURRENCY);
            for (String file : FILES) {
                assertThat(folder.resolve("runs/shared").resolve(file))
                        .hasSameBinaryContentAs(folder.resolve("runs/whole").resolve(file));
            }
        }
    }

    @Test
    void workers_together_spend_the_budget_of_one_and_a_raised_one_ends_the_work() throws Exception {
        try (FaultyEndpoint endpoint = new FaultyEndpoint(0, 5);
                ExecutorService threads =
                        Executors.newThreadPerTaskExecutor(Thread.ofPlatform().factory())) {
            String store = "store: " + server.url() + "\n";
            Path recipe = recipe("frugal", endpoint, store + "name: frugal\n", "budget_calls: 50");
            List<Future<?>> workers = new ArrayList<>();
            for (int i = 0; i < WORKERS; i++) {
                Path runs = folder.resolve("worker" + i);
                workers.add(threads.submit(() -> curate(recipe, runs, new ReplySource.Work())));
            }
            for (Future<?> worker : workers) {
                assertThatThrownBy(worker::get)
                        .cause()
                        .isInstanceOf(ChatException.class)
                        .hasMessageContaining("the budget is spent (50 of 50 calls");
            }
            assertThat(endpoint.asked()).isEqualTo(50);
            endpoint.durable.addAll(Set.copyOf(endpoint.answered.keySet()));
            curate(
                    recipe("more", endpoint, store + "name: frugal\n", "budget_calls: 100000"),
                    folder.resolve("runs"),
                    new ReplySource.Live());
            assertThat(endpoint.askedAgain).isEmpty();
            assertThat(folder.resolve("runs/frugal/sft.jsonl")).isNotEmptyFile();
        }
    }

    /** Requests come later than they were let go, never earlier: what came since the start is bounded however slow the machine. */
    @ParameterizedTest
    @CsvSource({"requests, 1", "tokens, 350"})
    void workers_together_ask_no_more_a_minute_than_one_may(String of, int each) throws Exception {
        double callsPerSecond = 60;
        try (FaultyEndpoint endpoint = new FaultyEndpoint(0, 5);
                ExecutorService threads =
                        Executors.newThreadPerTaskExecutor(Thread.ofPlatform().factory())) {
            Path recipe = recipe(
                    of,
                    endpoint,
                    "store: " + server.url() + "\n",
                    of + "_per_minute: " + (int) (60 * callsPerSecond * each));
            long start = System.nanoTime();
            List<Future<?>> workers = new ArrayList<>();
            for (int i = 0; i < WORKERS; i++) {
                Path runs = folder.resolve("worker" + i);
                workers.add(threads.submit(() -> {
                    assertThatThrownBy(() -> curate(recipe, runs, new ReplySource.Work()))
                            .isInstanceOf(UnfinishedException.class);
                }));
            }
            for (Future<?> worker : workers) {
                worker.get();
            }
            long[] counted = (of.equals("requests") ? endpoint.arrivals : endpoint.replies)
                    .stream().mapToLong(at -> at).sorted().toArray();
            double seconds = (counted[counted.length - 1] - counted[0]) / 1e9;
            System.out.printf(
                    "%s a minute, %d workers: %d calls in %.1f s, %.3f of the limit after the first second's%n",
                    of, WORKERS, counted.length, seconds, (counted.length - callsPerSecond) / seconds / callsPerSecond);
            int unforeseen = of.equals("requests") ? 0 : CONCURRENCY; // a reply's tokens are known when it is there
            for (int i = 0; i < counted.length; i++) {
                double burst = callsPerSecond; // that of a second
                assertThat((double) i)
                        .as("calls before the one %.3f s after the start", (counted[i] - start) / 1e9)
                        .isLessThanOrEqualTo(burst + unforeseen + (counted[i] - start) / 1e9 * callsPerSecond);
            }
            assertThat(endpoint.mostInFlight).hasValueLessThanOrEqualTo(CONCURRENCY);
        }
    }

    @Test
    void a_store_that_goes_away_stops_nothing_but_the_clock() throws Exception {
        try (FaultyEndpoint endpoint = new FaultyEndpoint(0, 20);
                ExecutorService threads =
                        Executors.newThreadPerTaskExecutor(Thread.ofPlatform().factory())) {
            curate(recipe("whole", endpoint, ""), folder.resolve("runs"), new ReplySource.Live());
            int calls = endpoint.answered.size();
            endpoint.forget();
            Path recipe = recipe("away", endpoint, "store: " + server.url() + "\n");
            Future<?> run = threads.submit(() -> curate(recipe, folder.resolve("runs"), new ReplySource.Live()));
            while (endpoint.answered.size() < calls / 3 && !run.isDone()) {
                TimeUnit.MILLISECONDS.sleep(10);
            }
            server.down();
            TimeUnit.SECONDS.sleep(Integer.getInteger("cogent.scale.away", 2));
            server.up();
            run.get();
            assertThat(endpoint.asked()).as("nothing twice").isEqualTo(calls);
            for (String file : FILES) {
                assertThat(folder.resolve("runs/away").resolve(file))
                        .hasSameBinaryContentAs(folder.resolve("runs/whole").resolve(file));
            }
        }
    }

    private static Set<String> answered(java.sql.Connection connection) throws SQLException {
        Set<String> hashes = new HashSet<>();
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery("SELECT model FROM calls")) {
            while (rows.next()) {
                hashes.add(rows.getString(1));
            }
        }
        return hashes;
    }

    private Path recipe(String name, FaultyEndpoint endpoint, String head, String... teacher) throws IOException {
        return Files.writeString(
                folder.resolve(name + ".yaml"),
                head
                        + """
                corpus: {path: playground}
                playground: {problems: %d, held_out: 5, steps: 1, largest: 20}
                teacher: {url: "%s", model: m, seed: 1, max_tokens: 500, concurrency: %d%s}
                curate:
                  in_flight: 24
                  verifier: {checks: [judge, rule, blind]}
                """.formatted(
                                        ROWS,
                                        endpoint.url(),
                                        CONCURRENCY,
                                        teacher.length == 0 ? "" : ", " + String.join(", ", teacher)));
    }
}
