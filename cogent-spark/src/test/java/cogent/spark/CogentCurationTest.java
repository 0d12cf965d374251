package cogent.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cogent.data.InputException;
import cogent.data.Sample;
import cogent.data.file.JsonLinesWriter;
import cogent.llm.store.RunDatabase;
import cogent.llm.store.SharedStore;
import cogent.pipeline.Pipeline;
import cogent.pipeline.recipe.Recipe;
import cogent.pipeline.recipe.RecipeReader;
import cogent.pipeline.run.ReplySource;
import cogent.pipeline.run.StopRequest;
import cogent.playground.World;
import cogent.postgres.FaultyEndpoint;
import cogent.postgres.PostgresServer;
import cogent.postgres.WorkerProcesses;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A cluster of two executors in processes of their own, and workers beside it. Larger by {@code -Dcogent.scale.rows=2000 -Dcogent.scale.kills=20}, as
 * {@code scripts/curation-at-scale.sh} has it.
 */
@Timeout(value = 30, unit = TimeUnit.MINUTES)
class CogentCurationTest {
    private static final int ROWS = Integer.getInteger("cogent.scale.rows", 60);
    private static final int KILLS = Integer.getInteger("cogent.scale.kills", 2);
    private static final int CONCURRENCY = 12;
    private static final int WORKERS = 3;
    private static final int NONE = -1;

    private static SparkSession spark;

    @TempDir
    static Path folder;

    @BeforeAll
    static void start() throws IOException {
        Path home = Path.of(Objects.requireNonNull(System.getenv("SPARK_HOME"), "SPARK_HOME, see pom.xml"));
        Files.createDirectories(home.resolve("jars")); // the executors have the tests' class path
        if (Files.notExists(home.resolve("RELEASE"))) {
            Files.createFile(home.resolve("RELEASE"));
        }
        String classpath = System.getProperty("java.class.path");
        for (String jar : classpath.split(":", -1)) {
            Path link = home.resolve("jars").resolve(Path.of(jar).getFileName().toString());
            if (jar.endsWith(".jar") && Files.notExists(link)) {
                Files.createSymbolicLink(link, Path.of(jar).toAbsolutePath());
            }
        }
        spark = SparkSession.builder()
                .master("local-cluster[2,1,1024]")
                .appName("curation")
                .config("spark.ui.enabled", "false")
                .config("spark.driver.host", "127.0.0.1")
                .config("spark.executor.extraClassPath", classpath)
                .config("spark.executor.extraJavaOptions", opens())
                .config("spark.executor.memory", "512m")
                .config("spark.sql.shuffle.partitions", "4")
                .config("spark.task.maxFailures", "100")
                .config("spark.deploy.maxExecutorRetries", "-1")
                .config("spark.speculation", "true")
                .config("spark.local.dir", folder.resolve("spark").toString())
                .getOrCreate();
    }

    /** What Spark needs of the JVM; the driver is given the same by pom.xml. */
    private static String opens() {
        return Stream.of("lang", "lang.invoke", "net", "nio", "util", "util.concurrent")
                        .map(name -> "--add-opens=java.base/java." + name + "=ALL-UNNAMED")
                        .collect(Collectors.joining(" "))
                + " --add-opens=java.base/sun.nio.ch=ALL-UNNAMED --enable-native-access=ALL-UNNAMED";
    }

    @AfterAll
    static void stop() {
        if (spark != null) {
            spark.stop();
        }
    }

    @Test
    void killed_executors_and_workers_beside_them_make_the_rows_of_one_process_and_pay_for_nothing_twice()
            throws Exception {
        try (PostgresServer server = PostgresServer.start();
                FaultyEndpoint endpoint = new FaultyEndpoint(0, 0);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            writeCorpus();
            Path whole = recipe("whole", endpoint, "");
            Pipeline.of(RecipeReader.read(whole, List.of()))
                    .run(List.of("curate"), new ReplySource.Live(), _ -> {}, new StopRequest());
            int calls = endpoint.answered.size();
            endpoint.forget();
            endpoint.behave(0.1, 100);

            Recipe recipe = RecipeReader.read(recipe("spark", endpoint, "store: " + server.url() + "\n"), List.of());
            SharedStore store = server.store("spark");
            store.join().close();
            server.leases("spark", "3 seconds");
            Dataset<Row> corpus =
                    spark.read().json(folder.resolve("corpus.jsonl").toString()).repartition(8);
            Path out = folder.resolve("curated");
            Future<?> job = threads.submit(
                    () -> CogentCuration.curate(corpus, recipe).write().parquet(out.toString()));
            WorkerProcesses workers = WorkerProcesses.start(folder.resolve("spark.yaml"), folder, WORKERS);
            Random random = new Random(20261127);
            for (int kill = 0; kill < KILLS; kill++) {
                int until = endpoint.asked() + calls / (KILLS + 2);
                while (endpoint.asked() < until && !job.isDone()) {
                    TimeUnit.MILLISECONDS.sleep(10);
                }
                List<ProcessHandle> executors = executors();
                int worker = kill % 2 == 0 || executors.isEmpty() ? random.nextInt(WORKERS) : NONE;
                if (worker == NONE) {
                    ProcessHandle executor = executors.get(random.nextInt(executors.size()));
                    executor.destroyForcibly();
                    executor.onExit().join();
                } else {
                    workers.kill(worker);
                }
                try (RunDatabase database = store.join()) {
                    endpoint.durable.addAll(database.read(connection -> {
                        Set<String> hashes = new HashSet<>();
                        try (var statement = connection.createStatement();
                                var rows = statement.executeQuery("SELECT model FROM calls")) {
                            while (rows.next()) {
                                hashes.add(rows.getString(1));
                            }
                        }
                        return hashes;
                    }));
                }
                if (worker != NONE) {
                    workers.replace(worker);
                }
            }
            job.get();
            WorkerProcesses.curate(folder.resolve("spark.yaml"), folder.resolve("beside"), new ReplySource.Live());
            workers.end();
            System.out.printf(
                    "%d rows, %d kills: %d calls, %d sent, %d answered twice, %d in flight at most%n",
                    ROWS,
                    KILLS,
                    calls,
                    endpoint.arrivals.size(),
                    endpoint.asked() - calls,
                    endpoint.mostInFlight.get());

            Dataset<Row> curated = spark.read().parquet(out.toString());
            assertThat(endpoint.askedAgain)
                    .as("asked again though its reply was durable")
                    .isEmpty();
            assertThat(endpoint.answered).hasSize(calls);
            assertThat(endpoint.asked() - calls)
                    .as("asked again since a kill cut the reply off")
                    .isLessThanOrEqualTo(KILLS * CONCURRENCY);
            assertThat(endpoint.mostInFlight).hasValueLessThanOrEqualTo(CONCURRENCY);
            assertThat(inner(curated, "sft")).isEqualTo(lines("whole/sft.jsonl"));
            assertThat(inner(curated, "pairs")).isEqualTo(lines("whole/preferences.jsonl"));
            for (String file : List.of("sft.jsonl", "preferences.jsonl")) {
                assertThat(folder.resolve("beside/spark").resolve(file))
                        .hasSameBinaryContentAs(folder.resolve("runs/whole").resolve(file));
            }
            assertThat(curated.where("size(verdicts) > 0 AND size(calls) > 0").count())
                    .isEqualTo(corpus.count());
        }
    }

    private static void writeCorpus() {
        try (Stream<Sample> samples = new World(1, 20).corpus(ROWS, 7);
                JsonLinesWriter out = JsonLinesWriter.create(folder.resolve("corpus.jsonl"))) {
            samples.forEach(sample -> out.write(Map.of(
                    "id", sample.id(),
                    "problem", sample.problem().text(),
                    "answer", sample.problem().answer(),
                    "rationale", sample.rationale().text())));
            out.commit();
        }
    }

    private static List<ProcessHandle> executors() {
        return ProcessHandle.current()
                .descendants()
                .filter(process -> process.info().commandLine().orElse("").contains("CoarseGrainedExecutorBackend"))
                .toList();
    }

    /** The rows in a column, as they stand in a file of a run. */
    private static Set<JsonNode> inner(Dataset<Row> curated, String column) {
        return curated.selectExpr("inline(" + column + ")").toJSON().collectAsList().stream()
                .map(JsonMapper.shared()::readTree)
                .collect(Collectors.toSet());
    }

    private static Set<JsonNode> lines(String file) throws IOException {
        return Files.readAllLines(folder.resolve("runs").resolve(file)).stream()
                .map(JsonMapper.shared()::readTree)
                .collect(Collectors.toSet());
    }

    @Test
    void near_duplicates_leave_but_for_the_first_as_in_one_process() {
        String long1 =
                "Tom has twelve red apples and gives three of them to his sister Ann before he goes to the market";
        Dataset<Row> rows = table(
                "{\"n\":1,\"problem\":\"" + long1 + "\"}",
                "{\"n\":2,\"problem\":\"How many legs do seven spiders have together?\"}",
                "{\"n\":3,\"problem\":\"" + long1.toUpperCase(java.util.Locale.ROOT) + "!\"}",
                "{\"n\":4}");
        assertThat(CogentCuration.withoutNearDuplicates(rows, "problem", "n")
                        .select("n")
                        .as(Encoders.LONG())
                        .collectAsList())
                .containsExactlyInAnyOrder(1L, 2L, 4L);
    }

    @Test
    void problems_of_an_evaluation_set_leave() {
        String evaluated = "A train leaves the station at nine and drives eighty kilometres an hour for three hours";
        Dataset<Row> rows = table(
                "{\"n\":1,\"problem\":\"" + evaluated + ", how far does it go?\"}",
                "{\"n\":2,\"problem\":\"A train has eighty seats and nine of them are broken\"}");
        assertThat(CogentCuration.withoutEvaluated(rows, "problem", table("{\"problem\":\"" + evaluated + "\"}"))
                        .select("n")
                        .as(Encoders.LONG())
                        .collectAsList())
                .containsExactly(2L);
    }

    @Test
    void a_recipe_without_a_store_is_refused_before_anything_is_paid() {
        assertThatThrownBy(() -> CogentCuration.curate(table("{}"), RecipeReader.defaults(List.of())))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("store is not set");
        Recipe all = RecipeReader.defaults(List.of("store=jdbc:postgresql://h/d", "corpus.clean.near_duplicates=true"));
        assertThatThrownBy(() -> CogentCuration.curate(table("{}"), all)).hasMessageContaining("near_duplicates");
    }

    private static Dataset<Row> table(String... rows) {
        return spark.read().json(spark.createDataset(List.of(rows), Encoders.STRING()));
    }

    private static Path recipe(String name, FaultyEndpoint endpoint, String head) throws IOException {
        return Files.writeString(
                folder.resolve(name + ".yaml"),
                head
                        + """
                runs: %s
                corpus: {path: %s}
                teacher: {url: "%s", model: m, seed: 1, max_tokens: 500, concurrency: %d}
                curate:
                  in_flight: 24
                  critic: {view: 0.5B}
                  verifier: {checks: [judge, rule, blind]}
                """.formatted(
                                folder.resolve("runs"), folder.resolve("corpus.jsonl"), endpoint.url(), CONCURRENCY));
    }
}
