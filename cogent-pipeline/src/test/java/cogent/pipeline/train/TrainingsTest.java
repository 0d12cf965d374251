package cogent.pipeline.train;

import static org.assertj.core.api.Assertions.assertThat;

import cogent.model.decoder.LanguageModel;
import cogent.model.hf.ModelConfig;
import cogent.model.tensor.DType;
import cogent.model.tensor.GradMode;
import cogent.model.tensor.Scope;
import cogent.pipeline.recipe.RecipeReader;
import cogent.pipeline.recipe.TrainingConfig;
import cogent.pipeline.recipe.TrainingConfig.SaveType;
import cogent.playground.PlaygroundStudent;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainingsTest {
    @Test
    void adams_second_beta_is_the_recipes() {
        assertThat(beta2(List.of())).isEqualTo(0.999);
        assertThat(beta2(List.of("sft.adam_beta2=0.95"))).isEqualTo(0.95);
    }

    /** A student in bf16, its weights scaled by a little and by more. */
    @Test
    void a_model_is_saved_as_it_came_only_where_that_keeps_what_was_learnt(@TempDir Path folder) throws IOException {
        PlaygroundStudent.write(folder);
        try (LanguageModel made = LanguageModel.create(ModelConfig.read(folder.resolve("config.json")), 1)) {
            made.save(folder, DType.BF16, null);
        }
        try (LanguageModel model = LanguageModel.load(folder);
                var _ = GradMode.off()) {
            assertThat(SavedType.of(SaveType.AUTO, model, folder)).isEqualTo(new SavedType(DType.BF16, 1.0));
            scale(model, 1 + 1.0 / 2048);
            assertThat(SavedType.of(SaveType.AUTO, model, folder)).isEqualTo(new SavedType(DType.F32, 0.0));
            assertThat(SavedType.of(SaveType.BF16, model, folder).type()).isEqualTo(DType.BF16);
            scale(model, 1 + 1.0 / 16);
            assertThat(SavedType.of(SaveType.AUTO, model, folder).type()).isEqualTo(DType.BF16);
            assertThat(SavedType.of(SaveType.FP32, model, folder).type()).isEqualTo(DType.F32);
        }
    }

    private static void scale(LanguageModel model, double factor) {
        try (Scope _ = Scope.open()) {
            model.parameters().values().forEach(weight -> weight.mul_(factor));
        }
    }

    private static double beta2(List<String> sets) {
        TrainingConfig training = RecipeReader.defaults(sets).sft().training();
        return Trainings.settings(training, 7).optimiser().beta2();
    }
}
