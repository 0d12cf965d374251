package cogent.pipeline.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cogent.data.InputException;
import cogent.pipeline.recipe.Recipe;
import cogent.pipeline.study.Study.Comparison;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class StudyReaderTest {
    private static final String STUDY = """
            recipe:
              sft: {epochs: 2}
              evaluate: {benchmarks: [playground], models: [base, raw, sft, aligned]}
            seeds: [1, 2]
            variants:
              plain: {align.enabled: false}
              DPO 0.1:
                align: {beta: 0.1}
              raw: {raw_sft.enabled: true, evaluate.models: [raw]}
            baseline: plain
            """;

    @TempDir
    Path folder;

    private Study read(String text, String... sets) {
        try {
            return StudyReader.read(Files.writeString(folder.resolve("s.yaml"), text), List.of(sets), List.of(), 1);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void every_variant_has_a_recipe_for_each_seed_with_one_model_to_measure() {
        Study study = read(STUDY, "sft.batch_size=16");
        assertThat(study.variants()).extracting(Study.Variant::name).containsExactly("plain", "DPO 0.1", "raw");
        Recipe dpo = study.variants().get(1).recipes().get(1);
        assertThat(dpo.seed()).isEqualTo(2);
        assertThat(dpo.name()).isEqualTo("dpo-0.1-2");
        assertThat(dpo.runs()).isEqualTo("runs/s");
        assertThat(dpo.sft().training().epochs()).isEqualTo(2);
        assertThat(dpo.sft().training().batchSize()).isEqualTo(16);
        assertThat(dpo.threads()).isEqualTo(1);
        assertThat(study.variants())
                .extracting(v -> v.recipes().getFirst().evaluate().models())
                .containsExactly(List.of("sft"), List.of("aligned"), List.of("raw"));
    }

    @Test
    void all_variants_are_compared_with_the_baseline_unless_the_study_says_otherwise() {
        assertThat(read(STUDY).comparisons())
                .containsExactly(new Comparison("DPO 0.1", "plain"), new Comparison("raw", "plain"));
        assertThat(read(STUDY + "compare: [raw, [DPO 0.1, raw]]").comparisons())
                .containsExactly(new Comparison("raw", "plain"), new Comparison("DPO 0.1", "raw"));
    }

    @Test
    void a_recipe_is_found_beside_the_study() throws IOException {
        Files.writeString(
                folder.resolve("r.yaml"), "name: other\nevaluate: {benchmarks: [playground], models: [sft]}\n");
        Study study = read("recipe: r.yaml\nseeds: [3]\nvariants: {one: {}}\n");
        assertThat(study.baseline()).isEqualTo("one");
        assertThat(study.variants().getFirst().recipes().getFirst().name()).isEqualTo("one-3");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                align: {beta: 0.1}             | align: {betta: 0.1}          | s.yaml:8: unknown key "align.betta". Did you mean
                align: {beta: 0.1}             | align: {beta: 0.1}           | ok
                align: {beta: 0.1}             | align: {epochs: 0}           | s.yaml:8: "align.epochs" cannot be 0
                align: {beta: 0.1}             | seed: 3                      | the study's, not a variant's
                plain: {align.enabled: false}  | plain: {algn.enabled: false} | s.yaml:6: unknown key "algn"
                plain: {align.enabled: false}  | plain: 3                     | variant "plain" is a mapping
                DPO 0.1:                       | plain!:                      | needs a name of its own
                seeds: [1, 2]                  | seeds: []                    | no seeds
                seeds: [1, 2]                  | seeds: 5                     | seeds is a list
                seeds: [1, 2]                  | seeds: [1, 1]                | twice
                seeds: [1, 2]                  | sedes: [1, 2]                | Did you mean "seeds"?
                baseline: plain                | baseline: plian              | Did you mean "plain"?
                baseline: plain                | compare: [raw]               | baseline is missing
                baseline: plain                | 'baseline: raw
                compare: [[raw, raw]]'                                        | against itself
                """)
    void mistakes_are_told_with_their_place(String from, String to, String message) {
        String text = STUDY.replace(from, to);
        if (message.equals("ok")) {
            assertThat(read(text)).isNotNull();
        } else {
            assertThatThrownBy(() -> read(text))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining(message);
        }
    }

    @Test
    void a_study_without_evaluation_compares_nothing() {
        assertThatThrownBy(() -> read(STUDY.replace("benchmarks: [playground], ", "")))
                .hasMessageContaining("nothing is evaluated");
    }

    @Test
    void a_missing_recipe_is_named() {
        assertThatThrownBy(() -> read("recipe: no.yaml\nseeds: [1]\nvariants: {a: {}}\n"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("no.yaml: no such recipe");
    }
}
