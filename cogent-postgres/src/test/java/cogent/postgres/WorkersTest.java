package cogent.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cogent.llm.ChatException;
import cogent.llm.store.RunDatabase;
import cogent.llm.store.SharedStore;
import cogent.pipeline.Pipeline;
import cogent.pipeline.recipe.Recipe;
import cogent.pipeline.recipe.RecipeReader;
import cogent.pipeline.run.ReplySource;
import cogent.pipeline.run.StopRequest;
import cogent.pipeline.run.UnfinishedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
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
    private static final List<String> STAGES = List.of("playground", "curate");
    private static final List<String> FILES = List.of("sft.jsonl", "preferences.jsonl", "refused.jsonl");

    @TempDir
    Path folder;

    private final Map<Process, Path> logs = new HashMap<>();
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

    /** A worker: recipe and a folder of its own. */
    static final class Worker {
        private Worker() {}

        public static void main(String[] args) {
            try {
                curate(Path.of(args[0]), Path.of(args[1]), new ReplySource.Work());
            } catch (UnfinishedException e) {
                System.out.println(e.getMessage());
            }
        }
    }

    private static void curate(Path recipe, Path runs, ReplySource replies) {
        Recipe read = RecipeReader.read(recipe, List.of("runs=" + runs));
        Pipeline.of(read).run(STAGES, replies, _ -> {}, new StopRequest());
    }

    @Test
    void workers_that_are_killed_make_the_files_of_one_process_and_pay_for_nothing_twice() throws Exception {
        try (FaultyEndpoint endpoint = new FaultyEndpoint(0, 0)) {
            curate(recipe("whole", endpoint, ""), folder.resolve("runs"), new ReplySource.Live());
            int calls = endpoint.answered.size();
            endpoint.answered.clear();
            endpoint.mostInFlight.set(0);

            endpoint.behave(0.1, 30);
            Path recipe = recipe("shared", endpoint, "store: " + server.url() + "\n");
            SharedStore store = server.store("shared");
            store.join().close();
            server.leases("shared", "3 seconds");
            Random random = new Random(20261127);
            List<Process> workers = new ArrayList<>();
            for (int i = 0; i < WORKERS; i++) {
                workers.add(worker(recipe, i));
            }
            int killed = 0;
            for (; killed < KILLS; killed++) {
                int until = endpoint.asked() + calls / (KILLS + 2);
                while (endpoint.asked() < until && endpoint.answered.size() < calls) {
                    TimeUnit.MILLISECONDS.sleep(10);
                    requireAlive(workers);
                }
                int which = random.nextInt(WORKERS);
                workers.get(which).destroyForcibly().waitFor();
                try (RunDatabase database = store.join()) {
                    endpoint.durable.addAll(database.read(WorkersTest::answered));
                }
                workers.set(which, worker(recipe, WORKERS + killed));
            }
            curate(recipe, folder.resolve("runs"), new ReplySource.Live());
            for (Process worker : workers) {
                assertThat(worker.waitFor()).as("a worker's end").isZero();
            }
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

    @Test
    void a_store_that_goes_away_stops_nothing_but_the_clock() throws Exception {
        try (FaultyEndpoint endpoint = new FaultyEndpoint(0, 20);
                ExecutorService threads =
                        Executors.newThreadPerTaskExecutor(Thread.ofPlatform().factory())) {
            curate(recipe("whole", endpoint, ""), folder.resolve("runs"), new ReplySource.Live());
            int calls = endpoint.answered.size();
            endpoint.answered.clear();
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

    /** None has ended, but where the work was done or a kill ended it. */
    private void requireAlive(List<Process> workers) throws IOException {
        for (Process worker : workers) {
            if (!worker.isAlive() && worker.exitValue() != 0) {
                throw new AssertionError(Files.readString(logs.get(worker)));
            }
        }
    }

    private Process worker(Path recipe, int number) throws IOException {
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Worker.class.getName(),
                recipe.toString(),
                Files.createDirectories(folder.resolve("worker" + number)).toString());
        Path log = folder.resolve("worker" + number + ".log");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        logs.put(process, log);
        return process;
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
