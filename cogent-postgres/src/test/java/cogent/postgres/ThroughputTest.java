package cogent.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** How near to the endpoint's pace several processes come: measured where asked for, as {@code scripts/curation-at-scale.sh} does. */
@EnabledIfSystemProperty(
        named = "cogent.scale.throughput",
        matches = "\\d+",
        disabledReason = "a measurement of scripts/curation-at-scale.sh")
class ThroughputTest {
    private static final int CONCURRENCY = 12;
    private static final long MILLIS = 500;

    @TempDir
    Path folder;

    @Test
    void several_processes_wait_for_the_endpoint_alone() throws Exception {
        double alone = share(1);
        double together = share(3);
        System.out.printf(
                "throughput at %d ms a call, of the ideal: one process %.3f, three %.3f, ratio %.3f%n",
                MILLIS, alone, together, together / alone);
        assertThat(together / alone).isGreaterThanOrEqualTo(0.95);
    }

    /** Calls a second in the middle half of the work, for those that the endpoint answers at that concurrency. */
    private double share(int processes) throws Exception {
        try (PostgresServer server = PostgresServer.start();
                FaultyEndpoint endpoint = new FaultyEndpoint(0, MILLIS)) {
            Path recipe = Files.writeString(folder.resolve("paced" + processes + ".yaml"), """
                    store: %s
                    corpus: {path: playground}
                    playground: {problems: %d, held_out: 5, steps: 1, largest: 20}
                    teacher: {url: "%s", model: m, seed: 1, max_tokens: 500, concurrency: %d}
                    curate: {in_flight: 36, verifier: {checks: [judge, rule, blind]}}
                    """.formatted(
                            server.url(),
                            processes * Integer.getInteger("cogent.scale.throughput"),
                            endpoint.url(),
                            processes * CONCURRENCY));
            WorkerProcesses.start(recipe, Files.createDirectories(folder.resolve("of" + processes)), processes)
                    .end();
            long[] replies =
                    endpoint.replies.stream().mapToLong(at -> at).sorted().toArray();
            int from = replies.length / 4;
            int to = 3 * replies.length / 4;
            double perSecond = (to - from) / ((replies[to] - replies[from]) / 1e9);
            return perSecond / (processes * CONCURRENCY * 1000.0 / MILLIS);
        }
    }
}
