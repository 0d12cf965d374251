package cogent.train.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.within;

import cogent.data.InputException;
import cogent.model.decoder.LanguageModel;
import cogent.model.tensor.GradMode;
import cogent.model.tensor.LibTorch;
import cogent.model.tensor.Scope;
import cogent.model.tensor.Tensor;
import cogent.train.Tiny;
import cogent.train.forward.BatchLayout;
import cogent.train.forward.Compute;
import cogent.train.forward.PackedRows;
import cogent.train.optim.OptimiserSettings;
import cogent.train.rows.BatchSize;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class SftTest {
    private static final String PROJECTION = "model.layers.0.self_attn.q_proj.weight";

    private static final TrainSettings SETTINGS = TrainSettings.sft()
            .withBatch(new BatchSize.Rows(4))
            .withMaxSteps(12)
            .withOptimiser(OptimiserSettings.of(0.02))
            .withCheckpoints(5, 2);

    @TempDir
    Path folder;

    @Test
    void the_loss_is_the_mean_over_all_completion_tokens_of_the_batch_and_falls() throws IOException {
        LanguageModel model = Tiny.model(true);
        TrainSettings settings =
                SETTINGS.withMaxSteps(60).withBatch(new BatchSize.Rows(20)).withCheckpoints(1000, 1);
        double before;
        try (Scope _ = Scope.open()) {
            PackedRows rows = PackedRows.of(Tiny.rows(20));
            before = -Tiny.logProbs(model, model.decoder().hidden(rows.inputs()), rows)
                    .mean()
                    .item();
        }
        TrainingOutcome outcome = train(model, settings, "a");
        assertThat(outcome.stopped()).isFalse();
        assertThat(outcome.steps()).isEqualTo(60);
        List<JsonNode> lines = Tiny.metrics(files("a"));
        assertThat(lines).hasSize(60);
        assertThat(lines.getFirst().get("loss").asDouble()).isCloseTo(before, within(1e-5));
        assertThat(lines.getFirst().get("learning_rate").asDouble()).isZero();
        assertThat(outcome.loss()).isLessThan(before / 2);
        assertThat(lines.getLast().get("mean_token_accuracy").asDouble()).isGreaterThan(0.4);
        assertThat(lines.getLast().get("epoch").asDouble()).isEqualTo(60);
        assertThat(lines.getFirst().propertyNames())
                .contains("grad_norm", "num_tokens", "tokens_per_second", "mean_token_accuracy", "step");
    }

    @Test
    void accumulated_parts_train_like_the_whole_batch() {
        LanguageModel whole = Tiny.model(true);
        LanguageModel parts = Tiny.model(true);
        train(whole, SETTINGS, "whole");
        train(parts, SETTINGS.withMicroBatchTokens(7), "parts");
        Tiny.values(parts)
                .forEach((name, values) -> assertThat(values)
                        .as(name)
                        .containsExactly(whole.parameters().get(name).toFloats(), within(1e-4f)));
    }

    @Test
    void a_stopped_run_continues_to_the_very_same_weights_and_metrics() throws IOException {
        LanguageModel straight = Tiny.model(true);
        train(straight, SETTINGS, "straight");

        LanguageModel first = Tiny.model(true);
        List<TrainingProgress> seen = new ArrayList<>();
        TrainingOutcome stopped =
                Sft.train(first, Tiny.rows(20), SETTINGS, files("cut"), () -> seen.size() == 7, seen::add);
        assertThat(stopped.stopped()).isTrue();
        assertThat(stopped.steps()).isEqualTo(7);
        assertThat(stopped.checkpoint()).exists();

        LanguageModel second = Tiny.model(true);
        TrainingOutcome done = train(second, SETTINGS, "cut");
        assertThat(done.stopped()).isFalse();
        assertThat(done.steps()).isEqualTo(12);
        Tiny.values(second)
                .forEach((name, values) -> assertThat(values)
                        .isEqualTo(straight.parameters().get(name).toFloats()));
        assertThat(Tiny.metrics(files("cut")).stream().map(line -> line.get("loss")))
                .isEqualTo(Tiny.metrics(files("straight")).stream()
                        .map(line -> line.get("loss"))
                        .toList());
    }

    @Test
    void an_interrupt_stops_a_run_after_its_step_and_the_same_call_continues() {
        LanguageModel straight = Tiny.model(true);
        train(straight, SETTINGS, "straight");
        TrainingOutcome stopped =
                Sft.train(Tiny.model(true), Tiny.rows(20), SETTINGS, files("cut"), () -> false, progress -> {
                    if (progress.step()
                            == 6) { // one after a checkpoint: it is written with the interrupt still pending
                        Thread.currentThread().interrupt();
                    }
                });
        assertThat(Thread.interrupted()).isTrue();
        assertThat(stopped.stopped()).isTrue();
        assertThat(stopped.steps()).isEqualTo(6);
        LanguageModel second = Tiny.model(true);
        assertThat(train(second, SETTINGS, "cut").stopped()).isFalse();
        Tiny.values(second)
                .forEach((name, values) -> assertThat(values)
                        .isEqualTo(straight.parameters().get(name).toFloats()));
    }

    @Test
    void a_second_run_in_a_folder_where_one_goes_on_is_refused_and_leaves_it_alone() {
        List<Throwable> refusals = new ArrayList<>();
        TrainingOutcome first =
                Sft.train(Tiny.model(true), Tiny.rows(20), SETTINGS, files("one"), () -> false, progress -> {
                    if (progress.step() == 5) {
                        refusals.add(catchThrowable(() -> train(Tiny.model(true), SETTINGS, "one")));
                    }
                });
        assertThat(refusals)
                .singleElement()
                .satisfies(e -> assertThat(e)
                        .isInstanceOf(InputException.class)
                        .hasMessageContaining("metrics.jsonl: another training writes here"));
        assertThat(first.steps()).isEqualTo(12);
        assertThat(train(Tiny.model(true), SETTINGS, "one").steps()).isEqualTo(12);
    }

    @Test
    void a_finished_run_is_only_loaded() {
        LanguageModel model = Tiny.model(true);
        train(model, SETTINGS, "a");
        LanguageModel again = Tiny.model(true);
        TrainingOutcome outcome = train(again, SETTINGS, "a");
        assertThat(outcome.steps()).isEqualTo(12);
        assertThat(again.parameters().get(PROJECTION).toFloats())
                .isEqualTo(model.parameters().get(PROJECTION).toFloats());
    }

    @Test
    void only_the_newest_checkpoints_stay() throws IOException {
        train(Tiny.model(true), SETTINGS, "a");
        try (Stream<Path> all = Files.list(folder.resolve("a/checkpoints"))) {
            assertThat(all.map(path -> path.getFileName().toString()))
                    .containsExactlyInAnyOrder("step-00000010", "step-00000012");
        }
    }

    @Test
    void checkpoints_of_another_run_are_refused() {
        train(Tiny.model(true), SETTINGS, "a");
        assertThatThrownBy(() -> train(Tiny.model(true), SETTINGS.withSeed(1), "a"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("other rows, settings or starting weights");
        assertThatThrownBy(() -> Sft.train(Tiny.model(true), Tiny.rows(19), SETTINGS, files("a"), () -> false, _ -> {}))
                .isInstanceOf(InputException.class);
        // when to save does not decide the result
        train(Tiny.model(true), SETTINGS.withCheckpoints(3, 1), "a");
    }

    /** As after an out-of-memory: lower what only says how to compute, and go on. */
    @Test
    void a_stopped_run_goes_on_with_another_way_to_compute() throws IOException {
        LanguageModel straight = Tiny.model(true);
        train(straight, SETTINGS, "straight");
        for (Compute compute : List.of(
                new Compute(16, BatchLayout.SHARED, 0),
                new Compute(8192, BatchLayout.PADDED, 0),
                new Compute(8192, BatchLayout.SHARED, 1),
                new Compute(16, BatchLayout.PADDED, 2))) {
            String run = compute.toString();
            List<TrainingProgress> seen = new ArrayList<>();
            Sft.train(Tiny.model(true), Tiny.rows(20), SETTINGS, files(run), () -> seen.size() == 7, seen::add);
            List<JsonNode> before = Tiny.metrics(files(run));

            LanguageModel second = Tiny.model(true);
            TrainingOutcome done = train(second, SETTINGS.withCompute(compute), run);
            assertThat(done.steps()).isEqualTo(12);
            assertThat(Tiny.metrics(files(run))).hasSize(12).startsWith(before.toArray(JsonNode[]::new));
            Tiny.values(second)
                    .forEach((name, values) -> assertThat(values)
                            .as(run + " " + name)
                            .containsExactly(straight.parameters().get(name).toFloats(), within(1e-3f)));
        }
    }

    @Test
    void no_rows_are_an_input_error() {
        assertThatThrownBy(() -> Sft.train(Tiny.model(true), List.of(), SETTINGS, files("a"), () -> false, _ -> {}))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("no rows");
    }

    @Test
    void a_loss_that_is_no_number_stops_with_the_rows_and_the_last_good_checkpoint() {
        LanguageModel model = Tiny.model(true);
        assertThatThrownBy(() -> Sft.train(model, Tiny.rows(20), SETTINGS, files("a"), () -> false, progress -> {
                    if (progress.step() == 6) {
                        poison(model.parameters());
                    }
                }))
                .isInstanceOf(DivergedException.class)
                .hasMessageContaining("step 7")
                .hasMessageContaining("row-")
                .hasMessageContaining("step-00000005");
    }

    @Test
    void memory_does_not_grow_with_the_steps() {
        List<Long> handles = new ArrayList<>();
        Sft.train(
                Tiny.model(true),
                Tiny.rows(20),
                SETTINGS.withMaxSteps(300).withCheckpoints(1000, 1),
                files("a"),
                () -> false,
                _ -> handles.add(LibTorch.liveHandles()));
        // fewer are no leak: the collector may take what an earlier test left
        assertThat(handles.getLast()).isLessThanOrEqualTo(handles.get(10));
    }

    private static void poison(Map<String, Tensor> parameters) {
        try (Scope _ = Scope.open();
                var _ = GradMode.off()) {
            parameters.get(PROJECTION).fill_(Double.NaN);
        }
    }

    private TrainingOutcome train(LanguageModel model, TrainSettings settings, String name) {
        return Sft.train(model, Tiny.rows(20), settings, files(name), () -> false, _ -> {});
    }

    private TrainFiles files(String name) {
        return TrainFiles.in(folder.resolve(name));
    }
}
