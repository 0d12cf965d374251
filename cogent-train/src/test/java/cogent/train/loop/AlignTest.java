package cogent.train.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import cogent.data.InputException;
import cogent.model.decoder.LanguageModel;
import cogent.model.tensor.DType;
import cogent.model.tensor.Ranks;
import cogent.model.tensor.Scope;
import cogent.train.Tiny;
import cogent.train.forward.Scoring;
import cogent.train.forward.TrainableModel;
import cogent.train.objective.ChosenNll;
import cogent.train.objective.CogPo;
import cogent.train.objective.DynamicBeta;
import cogent.train.objective.Kto;
import cogent.train.objective.SimPo;
import cogent.train.optim.OptimiserSettings;
import cogent.train.rows.BatchSize;
import cogent.train.rows.Mismatched;
import cogent.train.rows.PairExample;
import cogent.train.state.ReferenceLogps;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class AlignTest {
    private static final AlignSettings SETTINGS = AlignSettings.cogPo()
            .withTrain(TrainSettings.align()
                    .withBatch(new BatchSize.Rows(6))
                    .withMaxSteps(10)
                    .withOptimiser(OptimiserSettings.of(5e-3))
                    .withCheckpoints(4, 2));

    @TempDir
    Path folder;

    @Test
    void training_starts_at_ln_2_and_widens_the_margin_of_every_gap() throws IOException {
        train(Tiny.model(true), SETTINGS, "a");
        List<JsonNode> lines = Tiny.metrics(files("a"));
        assertThat(lines).hasSize(10);
        JsonNode first = lines.getFirst();
        assertThat(first.get("loss").asDouble()).isCloseTo(Math.log(2), within(1e-5));
        assertThat(first.get("rewards/margins").asDouble()).isCloseTo(0, within(1e-5));
        JsonNode last = lines.getLast();
        assertThat(last.get("loss").asDouble()).isLessThan(0.6);
        assertThat(last.get("rewards/accuracies").asDouble()).isGreaterThan(0.8);
        for (String gap : List.of("small", "medium", "large")) {
            assertThat(last.get("rewards/margins/" + gap).asDouble()).isPositive();
        }
        assertThat(last.propertyNames())
                .contains(
                        "rewards/chosen",
                        "rewards/rejected",
                        "logps/chosen",
                        "logps/rejected",
                        "rewards/accuracies/small",
                        "grad_norm",
                        "learning_rate",
                        "epoch",
                        "num_tokens");
    }

    @Test
    void accumulated_parts_train_like_the_whole_batch() {
        AlignSettings settings = SETTINGS.withNll(new ChosenNll(0.3, ChosenNll.Per.TOKEN));
        LanguageModel whole = Tiny.model(true);
        LanguageModel parts = Tiny.model(true);
        train(whole, settings, "whole");
        train(parts, settings.withTrain(settings.train().withMicroBatchTokens(20)), "parts");
        Tiny.values(parts)
                .forEach((name, values) -> assertThat(values)
                        .as(name)
                        .containsExactly(whole.parameters().get(name).toFloats(), within(1e-3f)));
    }

    @Test
    void a_stopped_run_continues_to_the_very_same_weights() {
        LanguageModel straight = Tiny.model(false);
        train(straight, SETTINGS, "straight");
        List<TrainingProgress> seen = new ArrayList<>();
        LanguageModel first = Tiny.model(false);
        TrainingOutcome stopped = Align.train(
                first, reference(first), pairs(), SETTINGS, files("cut"), () -> seen.size() == 3, seen::add);
        assertThat(stopped.stopped()).isTrue();
        LanguageModel second = Tiny.model(false);
        train(second, SETTINGS, "cut");
        Tiny.values(second)
                .forEach((name, values) -> assertThat(values)
                        .isEqualTo(straight.parameters().get(name).toFloats()));
    }

    @Test
    void a_skipped_step_leaves_the_averages_of_a_moving_beta_alone() {
        List<PairExample> pairs = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            pairs.add(new PairExample(
                    "sound-" + i, new int[] {i}, new int[] {i + 1, i + 2}, new int[] {i + 3}, 0.1, null));
        }
        pairs.add(new PairExample("poisoned", new int[] {16}, new int[] {1}, new int[] {2}, 0.1, null));
        LanguageModel model = Tiny.model(false);
        try (Scope _ = Scope.open()) {
            model.decoder().embedding().narrow(0, 16, 1).fill_(Double.NaN);
        }
        TrainSettings settings = SETTINGS.train()
                .withBatch(new BatchSize.Rows(3))
                .withMaxSteps(6)
                .withOnNan(OnNan.SKIP);
        TrainingOutcome outcome = Align.train(
                model,
                pairs,
                SETTINGS.withTrain(settings).withDynamicBeta(DynamicBeta.PAPER),
                folder.resolve("a"),
                _ -> {});
        assertThat(outcome.skipped()).isEqualTo(2); // seven pairs by three: once in each of two epochs
    }

    @Test
    void a_moving_beta_resumes_with_its_averages() {
        AlignSettings settings = SETTINGS.withDynamicBeta(DynamicBeta.PAPER);
        LanguageModel straight = Tiny.model(true);
        train(straight, settings, "straight");
        List<TrainingProgress> seen = new ArrayList<>();
        LanguageModel first = Tiny.model(true);
        Align.train(first, reference(first), pairs(), settings, files("cut"), () -> seen.size() == 5, seen::add);
        LanguageModel second = Tiny.model(true);
        train(second, settings, "cut");
        Tiny.values(second)
                .forEach((name, values) -> assertThat(values)
                        .isEqualTo(straight.parameters().get(name).toFloats()));
        LanguageModel plain = Tiny.model(true);
        train(plain, SETTINGS, "plain");
        assertThat(Tiny.values(plain).get("model.norm.weight"))
                .isNotEqualTo(Tiny.values(straight).get("model.norm.weight"));
    }

    @Test
    void kto_logs_its_divergence_and_resumes_to_the_very_same_weights() throws IOException {
        AlignSettings kto = SETTINGS.withObjective(new Kto(1, 1));
        LanguageModel straight = Tiny.model(false);
        Align.train(straight, pairs(), kto, folder.resolve("kto"), _ -> {});
        List<JsonNode> lines = Tiny.metrics(TrainFiles.in(folder.resolve("kto")));
        assertThat(lines.getFirst().get("loss").asDouble()).isCloseTo(0.5, within(1e-5));
        assertThat(lines.getFirst().get("kl").asDouble()).isCloseTo(0, within(1e-5));
        assertThat(lines.getLast().get("loss").asDouble()).isLessThan(0.45);

        LanguageModel cut = Tiny.model(false);
        AlignData data = AlignData.of(cut, pairs(), kto.objective(), 1000, folder.resolve("reference"));
        List<TrainingProgress> seen = new ArrayList<>();
        BooleanSupplier afterThree = () -> seen.size() == 3;
        Align.train(
                TrainableModel.all(cut), Ranks.alone(), data, AlignData.NONE, kto, files("cut"), afterThree, seen::add);
        LanguageModel resumed = Tiny.model(false);
        Align.train(
                TrainableModel.all(resumed),
                Ranks.alone(),
                data,
                AlignData.NONE,
                kto,
                files("cut"),
                () -> false,
                _ -> {});
        Tiny.values(resumed)
                .forEach((name, values) -> assertThat(values)
                        .as(name)
                        .isEqualTo(straight.parameters().get(name).toFloats()));
    }

    @Test
    void kto_of_a_single_prompt_is_refused() {
        PairExample pair = pairs().getFirst();
        assertThatThrownBy(() -> Mismatched.of(List.of(pair, pair)))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("same prompt");
    }

    @Test
    void a_pair_of_weight_zero_moves_nothing_and_one_of_weight_two_counts_twice() {
        PairExample pair = pairs().getFirst();
        Function<Double, Double> norm = weight -> {
            LanguageModel model = Tiny.model(false);
            PairExample weighted = new PairExample(
                    "one", pair.prompt(), pair.chosen(), pair.rejected(), pair.beta(), weight, pair.gap());
            AlignData data = AlignData.of(model, List.of(weighted), new CogPo(), 1000, folder.resolve("w" + weight));
            return ObjectiveReport.of(model, data, new CogPo(), ChosenNll.NONE, 1000)
                    .gradGlobalNorm();
        };
        assertThat(norm.apply(0.0)).isZero();
        assertThat(norm.apply(2.0)).isCloseTo(2 * norm.apply(1.0), within(1e-6));
    }

    @Test
    void an_objective_without_reference_needs_none() {
        AlignSettings settings = SETTINGS.withObjective(new SimPo(2, 0.5));
        TrainingOutcome outcome = Align.train(
                Tiny.model(true), ReferenceLogps.none(), pairs(), settings, files("a"), () -> false, _ -> {});
        assertThat(outcome.steps()).isEqualTo(10);
        assertThatThrownBy(() -> Align.train(
                        Tiny.model(true), ReferenceLogps.none(), pairs(), SETTINGS, files("b"), () -> false, _ -> {}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("0 pairs for 18");
    }

    @Test
    void a_training_that_ends_early_asks_the_reference_for_its_own_pairs_only() {
        TrainSettings two = SETTINGS.train().withMaxSteps(2);
        int[] needed = BatchPlan.rowsTrainedOn(two, 18, i -> pairs().get(i).tokens());
        int batch = ((BatchSize.Rows) two.batch()).rows();
        assertThat(needed).hasSize(2 * batch).isSorted().doesNotHaveDuplicates();
        assertThat(BatchPlan.rowsTrainedOn(SETTINGS.train().withMaxSteps(1000), 18, _ -> 1))
                .hasSize(18);

        LanguageModel model = Tiny.model(true);
        List<Integer> done = new ArrayList<>();
        ReferenceLogps reference = ReferenceLogps.of(
                        model,
                        DType.F32,
                        pairs(),
                        needed,
                        40,
                        folder.resolve("store"),
                        Ranks.alone(),
                        () -> false,
                        done::add)
                .orElseThrow();
        assertThat(done).endsWith(needed.length);
        TrainingOutcome outcome =
                Align.train(model, reference, pairs(), SETTINGS.withTrain(two), files("early"), () -> false, _ -> {});
        assertThat(outcome.loss()).isFinite();
        assertThat(outcome.steps()).isEqualTo(2);
    }

    @Test
    void reference_log_probs_are_stored_under_what_they_depend_on() throws IOException {
        LanguageModel model = Tiny.model(true);
        List<Integer> done = new ArrayList<>();
        Path store = folder.resolve("store");
        String computed = ReferenceLogps.of(model, pairs(), 40, store, () -> false, done::add)
                .orElseThrow()
                .digest();
        assertThat(done).hasSizeGreaterThan(1).endsWith(18);
        done.clear();
        assertThat(ReferenceLogps.of(model, pairs(), 40, store, () -> false, done::add)
                        .orElseThrow()
                        .digest())
                .isEqualTo(computed);
        assertThat(done).isEmpty();
        ReferenceLogps.of(Tiny.model(true, 8), pairs(), 40, store, () -> false, done::add);
        assertThat(done).endsWith(18);
        done.clear();
        // fewer pairs are found among those that are there, as long as they are the same
        ReferenceLogps.of(model, pairs().subList(0, 9), 40, store, () -> false, done::add);
        assertThat(done).isEmpty();
        try (var files = Files.list(store)) {
            assertThat(files).as("one file a reference model").hasSize(2);
        }
    }

    @Test
    void reference_log_probs_that_were_stopped_go_on_to_the_very_same_numbers() throws IOException {
        LanguageModel model = Tiny.model(true);
        String straight = ReferenceLogps.of(model, pairs(), 40, folder.resolve("straight"), () -> false, _ -> {})
                .orElseThrow()
                .digest();
        Path store = folder.resolve("stopped");
        List<Integer> done = new ArrayList<>();
        assertThat(ReferenceLogps.of(model, pairs(), 40, store, () -> done.size() == 2, done::add))
                .isEmpty();
        try (var files = Files.list(store)) {
            Path file = files.findFirst().orElseThrow();
            Files.write(file, new byte[] {1, 2, 3}, java.nio.file.StandardOpenOption.APPEND); // torn by a kill
        }
        int before = done.getLast();
        done.clear();
        assertThat(ReferenceLogps.of(model, pairs(), 40, store, () -> false, done::add)
                        .orElseThrow()
                        .digest())
                .isEqualTo(straight);
        assertThat(done.getFirst()).isGreaterThan(before);
    }

    @Test
    void token_log_probs_do_not_depend_on_how_rows_are_packed() {
        LanguageModel model = Tiny.model(true);
        List<float[]> together = Scoring.tokenLogps(model, Tiny.rows(9), 1000);
        List<float[]> alone = Scoring.tokenLogps(model, Tiny.rows(9), 1);
        for (int i = 0; i < 9; i++) {
            assertThat(together.get(i)).containsExactly(alone.get(i), within(1e-5f));
            assertThat(together.get(i)).hasSameSizeAs(Tiny.rows(9).get(i).completion());
        }
    }

    private TrainingOutcome train(LanguageModel model, AlignSettings settings, String name) {
        return Align.train(model, reference(model), pairs(), settings, files(name), () -> false, _ -> {});
    }

    private static List<PairExample> pairs() {
        return Tiny.pairs(18);
    }

    private ReferenceLogps reference(LanguageModel model) {
        return ReferenceLogps.of(model, pairs(), 1000, folder.resolve("references"), () -> false, _ -> {})
                .orElseThrow();
    }

    private TrainFiles files(String name) {
        return TrainFiles.in(folder.resolve(name));
    }
}
