package cogent.pipeline.run;

import static org.assertj.core.api.Assertions.assertThat;

import cogent.data.Count;
import cogent.pipeline.recipe.RecipeReader;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ModelNamesTest {
    @ParameterizedTest
    @CsvSource({
        "cogpo, CRV + CogPO",
        "dpo, CRV + DPO",
        "beta-dpo, CRV + β-DPO",
        "dpop, CRV + DPOP",
        "simpo, CRV + SimPO",
        "hinge, CRV + hinge"
    })
    void the_aligned_model_is_called_by_the_objective_that_trained_it(String objective, String name) {
        ModelNames names = ModelNames.of(RecipeReader.defaults(List.of("align.objective=" + objective)));
        assertThat(names.of("aligned")).isEqualTo(name);
        assertThat(names.of("sft")).isEqualTo("CRV");
        assertThat(ModelNames.means("aligned", name)).isTrue();
        assertThat(ModelNames.means("sft", name)).isFalse();
        assertThat(ModelNames.means(name, name)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"sft.rows=a.jsonl, SFT, SFT + DPO", "align.rows=a.jsonl, base, base + DPO"})
    void a_model_of_rows_that_were_not_curated_here_is_not_called_crv(String setting, String sft, String aligned) {
        ModelNames names = ModelNames.of(RecipeReader.defaults(List.of("align.objective=dpo", setting)));
        assertThat(names.of("sft")).isEqualTo(sft);
        assertThat(names.of("aligned")).isEqualTo(aligned);
        assertThat(ModelNames.means("aligned", aligned)).isTrue();
    }

    @Test
    void one_is_one() {
        assertThat(Count.of(1, "row")).isEqualTo("1 row");
        assertThat(Count.of(1000, "row")).isEqualTo("1,000 rows");
        assertThat(Count.of(0, "reply", "replies")).isEqualTo("0 replies");
    }
}
