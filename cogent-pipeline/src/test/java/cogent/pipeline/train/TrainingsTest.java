package cogent.pipeline.train;

import static org.assertj.core.api.Assertions.assertThat;

import cogent.pipeline.recipe.RecipeReader;
import cogent.pipeline.recipe.TrainingConfig;
import java.util.List;
import org.junit.jupiter.api.Test;

class TrainingsTest {
    @Test
    void adams_second_beta_is_the_recipes() {
        assertThat(beta2(List.of())).isEqualTo(0.999);
        assertThat(beta2(List.of("sft.adam_beta2=0.95"))).isEqualTo(0.95);
    }

    private static double beta2(List<String> sets) {
        TrainingConfig training = RecipeReader.defaults(sets).sft().training();
        return Trainings.settings(training, 7).optimiser().beta2();
    }
}
