package cogent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import cogent.cli.Cogent.Child;
import cogent.cli.Cogent.Ran;
import cogent.llm.store.RunDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code cogent curate} with every agent, against an endpoint with latency, killed as {@code kill -9} does, again and again. */
final class KilledCurationTest {
    private static final int KILLS = 10;
    private static final int IN_FLIGHT = 16;

    @TempDir
    Path folder;

    @Test
    @Timeout(value = 10, unit = TimeUnit.MINUTES)
    void a_run_killed_at_random_points_loses_nothing_and_asks_nothing_twice() throws Exception {
        try (StubTeacher teacher = new StubTeacher((_, _) -> false)) {
            Ran whole = Cogent.run("curate", recipe("whole", teacher));
            assertThat(whole.code()).as(whole.err()).isZero();
            int calls = teacher.asked();
            teacher.calls.clear();

            Random random = new Random(20261123);
            Set<String> durable = ConcurrentHashMap.newKeySet();
            Set<String> again = ConcurrentHashMap.newKeySet();
            teacher.behave((call, _) -> {
                if (durable.contains(call.hash())) {
                    again.add(call.hash());
                }
                Thread.sleep(Math.floorMod(call.hash().hashCode() + call.number(), 60));
                return false;
            });
            Path run = folder.resolve("runs/killed");
            int cutOff = 0;
            for (int kill = 0; kill <= KILLS; kill++) {
                int until = teacher.asked() + 15 + random.nextInt(40);
                boolean last = kill == KILLS; // when every call is made, and stories and files are written
                Child child = Cogent.start(folder, "curate", recipe("killed", teacher));
                boolean there = child.waitFor(() -> last ? teacher.distinct() >= calls : teacher.asked() >= until);
                assertThat(there || last).as(Files.readString(child.log())).isTrue();
                TimeUnit.MILLISECONDS.sleep(random.nextInt(50));
                child.process().destroyForcibly().waitFor();
                durable.addAll(durable(run));
                cutOff += Files.exists(run.resolve("stages/curate.json")) ? 0 : 1;
            }
            assertThat(cutOff).isGreaterThanOrEqualTo(KILLS);

            Ran rest = Cogent.run("curate", recipe("killed", teacher));
            assertThat(rest.code()).as(rest.err()).isZero();
            assertThat(again).as("asked again though its reply was durable").isEmpty();
            assertThat(teacher.calls.size() - teacher.distinct())
                    .as("asked again since a kill cut the reply off")
                    // at each kill those at the endpoint, and those whose reply had come and was being written
                    .isLessThanOrEqualTo((KILLS + 1L) * 2 * IN_FLIGHT);
            assertThat(teacher.distinct()).isEqualTo(calls);
            for (String file : List.of("sft.jsonl", "preferences.jsonl", "refused.jsonl")) {
                assertThat(run.resolve(file))
                        .isNotEmptyFile()
                        .hasSameBinaryContentAs(folder.resolve("runs/whole").resolve(file));
            }
        }
    }

    private static Set<String> durable(Path run) {
        return RunDatabase.peek(run, connection -> {
            Set<String> hashes = new HashSet<>();
            try (var rows = connection.createStatement().executeQuery("SELECT model FROM calls")) {
                while (rows.next()) {
                    hashes.add(rows.getString(1));
                }
            }
            return hashes;
        });
    }

    private Path recipe(String name, StubTeacher teacher) throws IOException {
        return Files.writeString(
                folder.resolve(name + ".yaml"), """
                runs: %s
                corpus: {path: playground}
                playground: {problems: 48, held_out: 5, steps: 1, largest: 20}
                teacher: {url: "%s", model: m, seed: 1, max_tokens: 500, concurrency: %d}
                curate:
                  in_flight: 24
                  critic: {votes: 3}
                  rethinker: {rounds: 1, recritique: true}
                  verifier: {checks: [judge, rule, blind], medium: true, second_judge: {temperature: 0.5}}
                  distractor: {per_problem: 2}
                """.formatted(folder.resolve("runs"), teacher.url(), IN_FLIGHT));
    }
}
