package cogent.train.forward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import cogent.data.InputException;
import cogent.model.decoder.LanguageModel;
import cogent.model.decoder.Lora;
import cogent.model.tensor.Ranks;
import cogent.train.Tiny;
import cogent.train.loop.Sft;
import cogent.train.loop.TrainFiles;
import cogent.train.loop.TrainSettings;
import cogent.train.loop.TrainingOutcome;
import cogent.train.optim.OptimiserSettings;
import cogent.train.rows.BatchSize;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Training a part of the weights, or an adapter beside them. */
class TrainableModelTest {
    private static final TrainSettings SETTINGS = TrainSettings.sft()
            .withBatch(new BatchSize.Rows(6))
            .withMaxSteps(20)
            .withOptimiser(OptimiserSettings.of(0.03))
            .withCheckpoints(6, 2);

    private static final Lora.Settings ADAPTER = new Lora.Settings(4, 8, false, 0.1, Lora.Settings.ALL_LINEAR);

    @TempDir
    Path folder;

    @Test
    void frozen_weights_stay_and_the_others_move() {
        LanguageModel model = Tiny.model(true);
        Map<String, float[]> before = Tiny.values(model);
        train(TrainableModel.allBut(model, List.of("model.embed_tokens.*", "*.layers.0.*")), "a", 99);
        Tiny.values(model).forEach((name, values) -> {
            if (name.contains("embed") || name.contains("layers.0")) {
                assertThat(values).as(name).isEqualTo(before.get(name));
            } else {
                assertThat(values).as(name).isNotEqualTo(before.get(name));
            }
        });
    }

    @Test
    void a_name_that_fits_nothing_and_a_freeze_of_everything_are_mistakes() {
        LanguageModel model = Tiny.model(true);
        assertThatThrownBy(() -> TrainableModel.allBut(model, List.of("embed")))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("embed")
                .hasMessageContaining("model.embed_tokens.weight");
        assertThatThrownBy(() -> TrainableModel.allBut(model, List.of("*")))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("no weight to train");
    }

    @Test
    void an_adapter_learns_while_the_model_stays_the_reference() {
        LanguageModel model = Tiny.model(true);
        Map<String, float[]> before = Tiny.values(model);
        try (Lora adapter = Lora.create(model, ADAPTER, 3)) {
            TrainableModel trained = TrainableModel.adapter(model, adapter);
            double loss =
                    Sft.evaluate(trained, Tiny.rows(20), Compute.standard()).get("eval_loss");
            train(trained, "a", 99);
            double after =
                    Sft.evaluate(trained, Tiny.rows(20), Compute.standard()).get("eval_loss");
            assertThat(after).isLessThan(0.9 * loss);
            Tiny.values(model)
                    .forEach((name, values) -> assertThat(values).as(name).isEqualTo(before.get(name)));
            assertThat(Sft.evaluate(TrainableModel.all(model), Tiny.rows(20), Compute.standard())
                            .get("eval_loss"))
                    .isCloseTo(loss, within(1e-5));
            adapter.merge();
            assertThat(Sft.evaluate(TrainableModel.all(model), Tiny.rows(20), Compute.standard())
                            .get("eval_loss"))
                    .isCloseTo(after, within(1e-5));
        }
    }

    @Test
    void an_adapter_with_dropout_that_was_stopped_continues_to_the_very_same_weights() {
        LanguageModel model = Tiny.model(true);
        try (Lora straight = Lora.create(model, ADAPTER, 3);
                Lora first = Lora.create(model, ADAPTER, 3);
                Lora second = Lora.create(model, ADAPTER, 3)) {
            train(TrainableModel.adapter(model, straight), "straight", 99);
            assertThat(train(TrainableModel.adapter(model, first), "cut", 8).stopped())
                    .isTrue();
            train(TrainableModel.adapter(model, second), "cut", 99);
            List<String> compared = new ArrayList<>();
            straight.parameters().forEach((name, value) -> {
                assertThat(second.parameters().get(name).toFloats()).as(name).isEqualTo(value.toFloats());
                compared.add(name);
            });
            assertThat(compared).hasSize(28);
        }
    }

    private TrainingOutcome train(TrainableModel trained, String name, int stopAt) {
        int[] steps = {0};
        return Sft.train(
                trained,
                Ranks.alone(),
                Tiny.rows(20),
                List.of(),
                SETTINGS,
                TrainFiles.in(folder.resolve(name)),
                () -> steps[0] >= stopAt,
                p -> steps[0] = p.step());
    }
}
