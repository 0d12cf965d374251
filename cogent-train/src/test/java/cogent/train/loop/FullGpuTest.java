package cogent.train.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import cogent.data.InputException;
import cogent.model.decoder.LanguageModel;
import cogent.model.tensor.Ranks;
import cogent.train.Tiny;
import cogent.train.forward.Compute;
import cogent.train.forward.TrainableModel;
import cogent.train.objective.CogPo;
import cogent.train.objective.Objective;
import cogent.train.objective.PairLogps;
import cogent.train.objective.PairLoss;
import cogent.train.optim.OptimiserSettings;
import cogent.train.rows.BatchSize;
import cogent.train.rows.PairExample;
import cogent.train.state.ReferenceLogps;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A GPU's memory that is full, played by an objective that fails as libtorch does. */
class FullGpuTest {
    private static final String FULL = "CUDA out of memory. Tried to allocate 2.00 GiB. GPU 0 has 1.00 GiB free.\nmore";

    @TempDir
    private Path folder;

    /** CogPO that fails at some of its calls. */
    private static final class Failing implements Objective {
        private final Objective cogPo = AlignSettings.cogPo().objective();
        private final List<Integer> failures;
        private final String message;
        private int calls;

        Failing(String message, Integer... failures) {
            this.message = message;
            this.failures = List.of(failures);
        }

        @Override
        public PairLoss loss(PairLogps pair) {
            if (failures.contains(++calls)) {
                throw new RuntimeException(message);
            }
            return cogPo.loss(pair);
        }

        @Override
        public String identity() {
            return CogPo.class.getName();
        }
    }

    @Test
    void the_step_begins_again_with_half_as_many_tokens_and_the_run_says_so() {
        LanguageModel straight = Tiny.model(false);
        train(straight, new Failing(FULL), "straight");
        LanguageModel halved = Tiny.model(false);
        List<TrainingProgress> seen = train(halved, new Failing(FULL, 8), "halved");
        assertThat(seen).hasSize(3);
        assertThat(seen.get(0).note()).isEmpty();
        assertThat(seen.get(1).note())
                .contains("step 2", "micro_batch_tokens: 64", "went on with 32", "Tried to allocate 2.00 GiB")
                .doesNotContain("more");
        assertThat(seen.get(2).note()).isEmpty();
        Tiny.values(halved)
                .forEach((name, values) -> assertThat(values)
                        .as(name)
                        .containsExactly(straight.parameters().get(name).toFloats(), within(1e-4f)));
    }

    @Test
    void full_again_it_ends_with_the_settings_that_take_less() {
        assertThatThrownBy(() -> train(Tiny.model(false), new Failing(FULL, 3, 7), "twice"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("recompute: 1")
                .hasMessageContaining("micro_batch_tokens: 16");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void all_ranks_begin_the_step_again_where_the_memory_of_one_was_full(boolean sharded) throws Exception {
        LanguageModel straight = Tiny.model(false);
        train(straight, new Failing(FULL), "straight");
        List<List<TrainingProgress>> seen = RankThreads.together(2, ranks -> {
            Failing objective = ranks.isFirst() ? new Failing(FULL) : new Failing(FULL, 5);
            LanguageModel model = Tiny.model(false);
            List<TrainingProgress> progress = train(model, ranks, objective, sharded, "halved");
            Tiny.values(model)
                    .forEach((name, values) -> assertThat(values)
                            .as(name)
                            .containsExactly(straight.parameters().get(name).toFloats(), within(1e-4f)));
            return progress;
        });
        assertThat(seen.getFirst())
                .hasSize(3)
                .anySatisfy(progress -> assertThat(progress.note())
                        .contains("micro_batch_tokens: 64", "went on with 32", "another rank's"));
    }

    @Test
    void full_again_all_ranks_end_with_the_settings_that_take_less() throws Exception {
        List<Optional<String>> ends = RankThreads.together(2, ranks -> {
            Failing objective = ranks.isFirst() ? new Failing(FULL, 2) : new Failing(FULL, 5);
            try {
                train(Tiny.model(false), ranks, objective, false, "twice");
                return Optional.empty();
            } catch (InputException e) {
                return Optional.of(String.valueOf(e.getMessage()));
            }
        });
        assertThat(ends)
                .hasSize(2)
                .allSatisfy(end -> assertThat(end)
                        .hasValueSatisfying(
                                said -> assertThat(said).contains("recompute: 1", "micro_batch_tokens: 16")));
    }

    @Test
    void another_error_is_passed_on_as_it_is() {
        assertThatThrownBy(() -> train(Tiny.model(false), new Failing("CUDA error: misaligned address", 2), "other"))
                .isExactlyInstanceOf(RuntimeException.class)
                .hasMessageContaining("misaligned");
    }

    private List<TrainingProgress> train(LanguageModel policy, Objective objective, String name) {
        return train(policy, Ranks.alone(), objective, false, name);
    }

    private List<TrainingProgress> train(
            LanguageModel policy, Ranks ranks, Objective objective, boolean sharded, String name) {
        List<PairExample> pairs = Tiny.pairs(18);
        AlignSettings settings = AlignSettings.cogPo()
                .withObjective(objective)
                .withTrain(TrainSettings.align()
                        .withBatch(new BatchSize.Rows(6))
                        .withMaxSteps(3)
                        .withCompute(new Compute(64, Compute.standard().layout(), 0, sharded))
                        .withOptimiser(OptimiserSettings.of(5e-3)));
        ReferenceLogps reference = ReferenceLogps.of(
                        policy, pairs, 64, folder.resolve(name + "-" + ranks.rank()), () -> false, _ -> {})
                .orElseThrow();
        List<TrainingProgress> seen = new ArrayList<>();
        Align.train(
                TrainableModel.all(policy),
                ranks,
                new AlignData(pairs, reference),
                AlignData.NONE,
                settings,
                TrainFiles.in(folder.resolve(name)),
                () -> false,
                seen::add);
        return seen;
    }
}
