package cogent.train.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import cogent.model.decoder.LanguageModel;
import cogent.train.Tiny;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Trainings by several processes, against those of one. */
class RanksTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({"SFT, 2, false", "SFT, 3, true", "COGPO, 3, false", "COGPO, 2, true"})
    void any_number_of_ranks_trains_as_one_process_does(RankProcesses.Kind kind, int ranks, boolean sharded)
            throws Exception {
        Path alone = folder.resolve("alone");
        RankProcesses.train(kind, alone, false);
        Path together = folder.resolve("together");
        RankProcesses.trainTogether(kind, together, ranks, sharded);

        List<JsonNode> expected = Tiny.metrics(TrainFiles.in(alone));
        List<JsonNode> actual = Tiny.metrics(TrainFiles.in(together));
        assertThat(actual).hasSize(RankProcesses.STEPS);
        for (int step = 0; step < RankProcesses.STEPS; step++) {
            assertThat(actual.get(step).propertyNames())
                    .isEqualTo(expected.get(step).propertyNames());
            for (String metric : List.of("loss", "num_tokens", "epoch", "learning_rate")) {
                assertThat(value(actual, step, metric))
                        .as(metric + " of step " + (step + 1))
                        .isCloseTo(value(expected, step, metric), within(1e-5));
            }
            assertThat(value(actual, step, "grad_norm"))
                    .isCloseTo(value(expected, step, "grad_norm"), within(1e-4)); // rounding of norms of about 3
            String accuracy = kind == RankProcesses.Kind.SFT ? "mean_token_accuracy" : "rewards/accuracies";
            assertThat(value(actual, step, accuracy)).isCloseTo(value(expected, step, accuracy), within(1e-6));
        }
        assertThat(value(actual, RankProcesses.STEPS - 1, "loss"))
                .as("it learns")
                .isLessThan(0.8 * value(actual, 0, "loss"));
        Map<String, float[]> one = weights(kind, alone);
        weights(kind, together)
                .forEach((name, values) -> assertThat(values).as(name).containsExactly(one.get(name), within(1e-4f)));
    }

    /** 20 of them: {@code ./mvnw test -pl cogent-train -am -Dtest=RanksTest -Dkills=20}. */
    @Test
    void killed_ranks_end_all_and_change_nothing_in_the_end() throws Exception {
        Path straight = folder.resolve("straight");
        RankProcesses.trainTogether(RankProcesses.Kind.COGPO, straight, 3, true);
        Path killed = folder.resolve("killed");
        Random random = new Random(7);
        for (int kill = 0; kill < Integer.getInteger("kills", 1); kill++) {
            RankProcesses processes = RankProcesses.start(RankProcesses.Kind.COGPO, killed, 3, true);
            processes.await(1 + random.nextInt(RankProcesses.STEPS));
            int rank = random.nextInt(3);
            processes.rank(rank).destroyForcibly();
            List<Integer> codes = processes.exitCodes();
            if (codes.get(rank) == 0) {
                continue; // it had ended already
            }
            assertThat(codes).as(processes.errors()).doesNotContain(0);
            assertThat(processes.errors().lines()).allMatch(line -> line.contains("the same command goes on"));
        }
        RankProcesses.trainTogether(RankProcesses.Kind.COGPO, killed, 3, true);
        Path end = Path.of("checkpoints", "step-000000" + RankProcesses.STEPS);
        try (Stream<Path> files = Files.list(straight.resolve(end))) {
            assertThat(files.filter(file -> file.toString().endsWith(".safetensors")))
                    .hasSize(6)
                    .allSatisfy(file -> assertThat(killed.resolve(end).resolve(file.getFileName()))
                            .hasSameBinaryContentAs(file));
        }
    }

    @Test
    void another_number_of_ranks_goes_on_at_the_last_checkpoint() throws Exception {
        Path alone = folder.resolve("alone");
        RankProcesses.train(RankProcesses.Kind.SFT, alone, false).close();
        Path run = folder.resolve("run");
        RankProcesses three = RankProcesses.start(RankProcesses.Kind.SFT, run, 3, true);
        three.await(10);
        three.rank(1).destroyForcibly();
        three.exitCodes();
        assertThat(run.resolve("checkpoints/step-00000008")).exists();
        RankProcesses.trainTogether(RankProcesses.Kind.SFT, run, 2, false);
        List<JsonNode> expected = Tiny.metrics(TrainFiles.in(alone));
        List<JsonNode> actual = Tiny.metrics(TrainFiles.in(run));
        assertThat(actual).hasSize(RankProcesses.STEPS);
        for (int step = 0; step < RankProcesses.STEPS; step++) {
            assertThat(value(actual, step, "loss")).isCloseTo(value(expected, step, "loss"), within(1e-5));
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void a_hung_rank_is_told_with_its_step() throws Exception {
        RankProcesses processes = RankProcesses.start(RankProcesses.Kind.SFT, folder.resolve("run"), 2, false, 2);
        processes.await(3);
        long hung = processes.rank(1).pid();
        assertThat(new ProcessBuilder("kill", "-STOP", String.valueOf(hung))
                        .start()
                        .waitFor())
                .isZero();
        try {
            assertThat(processes.rank(0).waitFor()).isEqualTo(1);
            assertThat(processes.errors())
                    .containsPattern("waited 2 s in vain at .*step \\d+ for rank 1, last seen at .*step \\d+");
        } finally {
            processes.rank(1).destroyForcibly().waitFor();
        }
    }

    private static double value(List<JsonNode> metrics, int step, String name) {
        return metrics.get(step).get(name).asDouble();
    }

    /** By one process from whatever checkpoint lies there: the files of several ranks come together in it. */
    private static Map<String, float[]> weights(RankProcesses.Kind kind, Path run) {
        try (LanguageModel model = RankProcesses.train(kind, run, false)) {
            return Tiny.values(model);
        }
    }
}
