package cogent.train.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import cogent.model.decoder.LanguageModel;
import cogent.train.Tiny;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
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
        RankProcesses processes = RankProcesses.start(kind, together, ranks, sharded);
        assertThat(processes.exitCodes()).as(processes.errors()).containsOnly(0);

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
