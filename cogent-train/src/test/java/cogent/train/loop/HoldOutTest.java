package cogent.train.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cogent.model.decoder.LanguageModel;
import cogent.model.tensor.Ranks;
import cogent.train.Tiny;
import cogent.train.forward.TrainableModel;
import cogent.train.optim.OptimiserSettings;
import cogent.train.rows.BatchSize;
import cogent.train.rows.Example;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Evaluation while training, the best checkpoint, stopping early, and steps that are not finite. */
class HoldOutTest {
    /** So hot that the held-out loss turns upwards soon. */
    private static final TrainSettings SETTINGS = TrainSettings.sft()
            .withBatch(new BatchSize.Rows(3))
            .withMaxSteps(30)
            .withOptimiser(OptimiserSettings.of(0.05))
            .withCheckpoints(7, 1)
            .withHoldOut(new HoldOut(2, HoldOut.Metric.LOSS, 0, true));

    @TempDir
    Path folder;

    @Test
    void the_best_weights_by_held_out_loss_are_what_is_left() throws IOException {
        LanguageModel model = Tiny.model(true);
        TrainingOutcome outcome = train(model, SETTINGS, "a", 99);
        List<JsonNode> evaluated = Tiny.metrics(files("a")).stream()
                .filter(line -> line.has("eval_loss"))
                .toList();
        assertThat(evaluated).hasSize(15);
        assertThat(evaluated.getFirst().has("eval_mean_token_accuracy")).isTrue();
        JsonNode best = evaluated.stream()
                .min(Comparator.comparingDouble(line -> line.get("eval_loss").asDouble()))
                .orElseThrow();
        assertThat(outcome.best()).hasValue(best.get("step").asInt());
        assertThat(best.get("step").asInt()).isLessThan(30);
        assertThat(Sft.evaluate(TrainableModel.all(model), heldOut(), SETTINGS.compute())
                        .get("eval_loss"))
                .isEqualTo(best.get("eval_loss").asDouble());
        try (Stream<Path> left = Files.list(folder.resolve("a/checkpoints"))) {
            assertThat(left.map(path -> path.getFileName().toString()))
                    .containsExactlyInAnyOrder(
                            "step-00000030",
                            "step-%08d".formatted(outcome.best().getAsInt()));
        }
    }

    @Test
    void training_ends_when_patience_does_and_stays_ended() throws IOException {
        TrainSettings impatient = SETTINGS.withHoldOut(new HoldOut(2, HoldOut.Metric.LOSS, 3, true));
        LanguageModel model = Tiny.model(true);
        TrainingOutcome outcome = train(model, impatient, "a", 99);
        assertThat(outcome.stopped()).isFalse();
        assertThat(outcome.steps()).isEqualTo(outcome.best().getAsInt() + 6).isLessThan(30);
        LanguageModel again = Tiny.model(true);
        assertThat(train(again, impatient, "a", 99).best()).isEqualTo(outcome.best());
        assertThat(Tiny.values(again).get("model.norm.weight"))
                .isEqualTo(Tiny.values(model).get("model.norm.weight"));
    }

    @Test
    void a_stopped_run_remembers_its_best() throws IOException {
        LanguageModel straight = Tiny.model(true);
        TrainingOutcome whole = train(straight, SETTINGS, "straight", 99);
        for (int stopAt : new int[] {5, 11, 20}) {
            train(Tiny.model(true), SETTINGS, "cut", stopAt);
        }
        LanguageModel last = Tiny.model(true);
        assertThat(train(last, SETTINGS, "cut", 99).best()).isEqualTo(whole.best());
        Tiny.values(last)
                .forEach((name, values) -> assertThat(values)
                        .isEqualTo(straight.parameters().get(name).toFloats()));
    }

    @Test
    void a_step_that_is_not_finite_stops_the_run_or_is_skipped_and_counted() throws IOException {
        List<Example> rows = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            rows.add(new Example("sound-" + i, new int[] {i}, new int[] {i + 1, i + 2}));
        }
        rows.add(new Example("poisoned", new int[] {16}, new int[] {1}));
        TrainSettings settings = SETTINGS.withHoldOut(HoldOut.NONE).withMaxSteps(6);
        assertThatThrownBy(() -> Sft.train(poisoned(), rows, settings, files("stop"), () -> false, _ -> {}))
                .isInstanceOf(DivergedException.class)
                .hasMessageContaining("poisoned");
        LanguageModel model = poisoned();
        List<String> notes = new ArrayList<>();
        TrainingOutcome outcome = Sft.train(
                model, rows, settings.withOnNan(OnNan.SKIP), files("skip"), () -> false, p -> notes.add(p.note()));
        assertThat(outcome.skipped()).isEqualTo(2); // seven rows by three: once in each of two epochs
        assertThat(notes.stream().filter(note -> note.contains("poisoned"))).hasSize(2);
        assertThat(model.parameters().get("model.norm.weight").toFloats()).doesNotContain(Float.NaN);
        assertThat(Tiny.metrics(files("skip")).getLast().get("skipped_steps").asInt())
                .isEqualTo(2);
    }

    @Test
    void an_evaluation_that_is_no_number_is_told_and_never_the_best() {
        List<Example> rows = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            rows.add(new Example("sound-" + i, new int[] {i}, new int[] {i + 1, i + 2}));
        }
        List<String> notes = new ArrayList<>();
        TrainingOutcome outcome = Sft.train(
                TrainableModel.all(poisoned()),
                Ranks.alone(),
                rows,
                List.of(new Example("poisoned", new int[] {16}, new int[] {1})),
                SETTINGS.withMaxSteps(4),
                files("a"),
                () -> false,
                p -> notes.add(p.note()));
        assertThat(outcome.best()).isEmpty();
        assertThat(notes).element(1).asString().contains("step 2", "NaN", "cannot be the best");
    }

    /** A model whose embedding of token 16 is not a number. */
    private static LanguageModel poisoned() {
        LanguageModel model = Tiny.model(false);
        try (cogent.model.tensor.Scope _ = cogent.model.tensor.Scope.open()) {
            model.decoder().embedding().narrow(0, 16, 1).fill_(Double.NaN);
        }
        return model;
    }

    private TrainingOutcome train(LanguageModel model, TrainSettings settings, String name, int stopAt) {
        int[] steps = {0};
        return Sft.train(
                TrainableModel.all(model),
                Ranks.alone(),
                Tiny.rows(12),
                heldOut(),
                settings,
                files(name),
                () -> steps[0] >= stopAt,
                p -> steps[0] = p.step());
    }

    private static List<Example> heldOut() {
        return Tiny.rows(19).subList(12, 19);
    }

    private TrainFiles files(String name) {
        return TrainFiles.in(folder.resolve(name));
    }
}
