package cogent.pipeline.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cogent.data.Gap;
import cogent.data.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

class RecipeReaderTest {
    @TempDir
    Path folder;

    @Test
    void an_empty_recipe_is_the_defaults() throws IOException {
        Recipe recipe = read("");
        assertThat(recipe.name()).isEqualTo("mine");
        assertThat(recipe.curate().beta(Gap.LARGE)).isEqualTo(0.5);
        assertThat(recipe.sft().learningRate()).isEqualTo(2e-5);
    }

    @Test
    void the_recipe_lays_over_the_defaults_and_sets_lay_over_the_recipe() throws IOException {
        Recipe recipe = read("sft: {epochs: 2, batch_size: 4}\n", "sft.epochs=5", "corpus.fields.problem=q");
        assertThat(recipe.sft().epochs()).isEqualTo(5);
        assertThat(recipe.sft().batchSize()).isEqualTo(4);
        assertThat(recipe.corpus().fields()).containsEntry("problem", "q");
    }

    @Test
    void an_unknown_key_names_its_line_and_the_key_that_was_meant() {
        assertThatThrownBy(() -> read("seed: 1\n\naligne:\n  beta: 2\n"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("mine.yaml:3")
                .hasMessageContaining("\"aligne\"")
                .hasMessageContaining("Did you mean \"align\"?");
        assertThatThrownBy(() -> read("sft:\n  epochs: 1\n  learnign_rate: 2\n"))
                .hasMessageContaining("mine.yaml:3")
                .hasMessageContaining("\"sft.learning_rate\"");
        assertThatThrownBy(() -> read("", "sft.learnign_rate=2")).hasMessageContaining("--set sft.learnign_rate");
    }

    @Test
    void a_value_of_the_wrong_kind_names_its_line_and_the_default() {
        assertThatThrownBy(() -> read("seed: 1\nsft:\n  batch_size: many\n"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("mine.yaml:3")
                .hasMessageContaining("sft.batch_size")
                .hasMessageContaining("many");
        assertThatThrownBy(() -> read("sft: 3\n"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("holds further keys");
        assertThatThrownBy(() -> read("curate:\n  critic:\n    votes: 2\n"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("mine.yaml:3")
                .hasMessageContaining("odd");
    }

    @Test
    void a_device_of_another_kind_is_refused_in_words() {
        assertThatThrownBy(() -> read("student: {device: gpu0}\n"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("mine.yaml:1")
                .hasMessageContaining("device is cpu, cuda or cuda:N");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "objective: dpo, gamma: 1.0                      | gamma is simpo's margin",
                "objective: dpo, divergence_alpha: 0.3           | divergence_alpha is for divergence alpha",
                "objective: dpo, dynamic_beta: {keep: 0.5}       | dynamic_beta is for objective beta-dpo",
                "schedule: wsd, warmup_ratio: 0.6, decay_ratio: 0.6 | more than the whole run together",
                "objective: kto                                  | not kto"
            })
    void settings_that_the_objective_or_schedule_does_not_know_are_refused(String align, String named) {
        assertThatThrownBy(() -> read("align: {" + align + "}\n"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining(named);
    }

    @ParameterizedTest
    @CsvSource({"top_k: -1, top_k", "min_p: 1.5, min_p", "repetition_penalty: 0, repetition_penalty"})
    void filters_of_an_evaluation_that_cannot_be_are_refused_by_name(String setting, String named) {
        assertThatThrownBy(() -> read("evaluate: {" + setting + "}\n"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("mine.yaml:1")
                .hasMessageContaining(named);
    }

    @Test
    void what_is_not_yaml_or_not_there_is_said_in_one_line() throws IOException {
        assertThatThrownBy(() -> read("seed: [1\n"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("not YAML");
        assertThatThrownBy(() -> read("- a\n- b\n")).isInstanceOf(InputException.class);
        assertThatThrownBy(() -> read("seed: 1\nseed: 2\n")).isInstanceOf(InputException.class);
        assertThatThrownBy(() -> RecipeReader.read(folder.resolve("none.yaml"), List.of()))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("none.yaml: no such recipe");
    }

    @Test
    void an_agent_may_have_its_own_endpoint_and_the_rest_of_the_teachers() throws IOException {
        Recipe recipe = read("teacher: {url: http://a/v1, model: big, retries: 3}\n"
                + "curate: {critic: {endpoint: {model: small, temperature: 0}}}\n");
        Recipe.Endpoint critic =
                RecipeReader.endpoint(recipe.teacher(), recipe.curate().critic().endpoint());
        assertThat(critic.model()).isEqualTo("small");
        assertThat(critic.url()).isEqualTo("http://a/v1");
        assertThat(critic.retries()).isEqualTo(3);
        assertThatThrownBy(() -> read("curate: {critic: {endpoint: {modle: small}}}\n"))
                .hasMessageContaining("curate.critic.endpoint.modle");
    }

    @Test
    void the_resolved_recipe_reads_back_as_itself() throws IOException {
        Recipe recipe = read("sft: {epochs: 2}\nevaluate: {data: {gsm8k: a.jsonl}}\n", "seed=9");
        Path resolved = folder.resolve("resolved.yaml");
        Files.writeString(resolved, RecipeReader.toYaml(recipe));
        assertThat(RecipeReader.read(resolved, List.of())).isEqualTo(recipe);
        assertThat(JsonMapper.shared().writeValueAsString(RecipeReader.toJson(recipe)))
                .contains("max_grad_norm");
    }

    private Recipe read(String yaml, String... sets) throws IOException {
        Path file = folder.resolve("mine.yaml");
        Files.writeString(file, yaml);
        return RecipeReader.read(file, List.of(sets));
    }
}
