package cogent.pipeline.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cogent.data.Gap;
import cogent.data.InputException;
import cogent.pipeline.keys.RecordJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

class RecipeReaderTest {
    @TempDir
    Path folder;

    @Test
    void an_empty_recipe_is_the_defaults() throws IOException {
        Recipe recipe = read("");
        assertThat(recipe.name()).isEqualTo("mine");
        assertThat(recipe.curate().beta(Gap.LARGE)).isEqualTo(0.5);
        assertThat(recipe.sft().training().learningRate()).isEqualTo(2e-5);
    }

    @Test
    void the_recipe_lays_over_the_defaults_and_sets_lay_over_the_recipe() throws IOException {
        Recipe recipe = read("sft: {epochs: 2, batch_size: 4}\n", "sft.epochs=5", "corpus.fields.problem=q");
        assertThat(recipe.sft().training().epochs()).isEqualTo(5);
        assertThat(recipe.sft().training().batchSize()).isEqualTo(4);
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
    void a_study_is_told_apart_from_a_recipe() {
        assertThatThrownBy(() -> read("recipe: quickstart.yaml\nvariants:\n  CRV: {}\n"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("is a study")
                .hasMessageContaining("`cogent study ");
    }

    @Test
    void margins_that_no_one_would_know_are_refused_before_anything_is_spent() throws IOException {
        assertThatThrownBy(() -> read("align: {objective: madpo}\n"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("reward.enabled");
        assertThat(read("align: {objective: madpo}\nreward: {enabled: true}\n")
                        .reward()
                        .enabled())
                .isTrue();
        assertThat(read("align: {objective: madpo, rows: pairs.jsonl}\n")
                        .align()
                        .objective())
                .isEqualTo("madpo");
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
                "objective: rlhf                                 | not rlhf",
                "objective: dpo, dpop_lambda: 5                  | dpop_lambda is for objective dpop",
                "nll_per: pair                                   | nll_weight: 0",
                "decay_ratio: 0.3                                | decay_ratio is for schedule wsd",
                "max_grad_norm: -1                               | a number from 0",
                "lora: {alpha: 32}                               | align.lora.rank is 0, which is no adapter",
                "lora: {targets: [q_proj]}                       | align.lora.rank is 0, which is no adapter",
                "hold_out: {patience: 3}                         | align.hold_out.share is 0, so that no row is held out",
                "objective: dpo, kto: {desirable: 2}             | kto's weights are for objective kto"
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

    @ParameterizedTest
    @ValueSource(strings = {"../x", "/x", "a/../../x", "..", ".", "\\\\host\\x", "C:x"})
    void a_name_that_leads_out_of_the_runs_is_refused(String name) {
        assertThatThrownBy(() -> read("seed: 1\n", "name=" + name))
                .hasMessageContaining("is no folder within the runs");
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
        assertThatThrownBy(() -> RecipeReader.read(folder, List.of()))
                .isInstanceOf(InputException.class)
                .hasMessage(folder + ": is a folder, a recipe is a file");
        Files.writeString(folder.resolve("recipe.yaml"), "");
        assertThatThrownBy(() -> RecipeReader.read(folder, List.of()))
                .hasMessage(
                        folder + ": is a folder, a recipe is a file: this run's is " + folder.resolve("recipe.yaml"));
    }

    @Test
    void an_agent_may_have_its_own_endpoint_and_the_rest_of_the_teachers() throws IOException {
        Recipe recipe = read("teacher: {url: http://a/v1, model: big, retries: 3}\n"
                + "curate: {critic: {endpoint: {model: small, temperature: 0}}}\n");
        EndpointConfig critic = RecipeReader.endpoint(
                recipe.teacher(), recipe.curate().critic().agent().endpoint());
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
        assertThat(JsonMapper.shared().writeValueAsString(RecordJson.all(recipe)))
                .contains("max_grad_norm");
    }

    @Test
    void all_errors_of_a_file_are_told_at_once_each_with_its_line() {
        assertThatThrownBy(() -> read(
                        "sed: 1\nsft:\n  epochs: 0\n  lora: {rank: -1}\nalign:\n  divergence: kl\n  lr: 1e-6\n",
                        "threads=x"))
                .isInstanceOf(InputException.class)
                .satisfies(e -> assertThat(e.getMessage().lines().map(l -> l.substring(l.lastIndexOf('/') + 1)))
                        .satisfiesExactly(
                                l -> assertThat(l).startsWith("--set threads: \"threads\" cannot be \"x\""),
                                l -> assertThat(l)
                                        .startsWith("mine.yaml:1: unknown key \"sed\". Did you mean \"seed\"?"),
                                l -> assertThat(l)
                                        .isEqualTo("mine.yaml:3: \"sft.epochs\" cannot be 0: it takes a whole number"
                                                + " from 1; the default is 3"),
                                l -> assertThat(l).startsWith("mine.yaml:4: \"sft.lora.rank\" cannot be -1"),
                                l -> assertThat(l)
                                        .startsWith(
                                                "mine.yaml:6: \"align.divergence\" cannot be \"kl\": it takes one of"
                                                        + " reverse_kl, js, alpha"),
                                l -> assertThat(l).startsWith("mine.yaml:7: unknown key \"align.lr\"")));
    }

    /** Names of TRL, PEFT, transformers, LLaMA-Factory and axolotl. */
    @ParameterizedTest
    @CsvSource({
        "sft, lr, sft.learning_rate",
        "sft, num_epochs, sft.epochs",
        "sft, num_train_epochs, sft.epochs",
        "sft, per_device_train_batch_size, sft.batch_size",
        "sft, micro_batch_size, sft.batch_size",
        "sft, gradient_accumulation_steps, sft.batch_size",
        "sft, max_seq_length, sft.max_length",
        "sft, sequence_len, sft.max_length",
        "align, cutoff_len, align.max_length",
        "align, lr_scheduler_type, align.schedule",
        "align, lora_r, align.lora.rank",
        "sft, lora_alpha, sft.lora.alpha",
        "sft, lora_target_modules, sft.lora.targets",
        "sft, bf16, sft.dtype",
        "sft, gradient_checkpointing, sft.recompute",
        "sft, save_steps, sft.checkpoint_steps",
        "sft, report_to, sft.log_to",
        "align, loss_type, align.objective",
        "align, rpo_alpha, align.nll_weight",
        "student, model_name_or_path, student.model",
        "student, path, student.model",
        "teacher, base_url, teacher.url",
        "sft, beta, align.beta",
        "sft, rank, sft.lora.rank"
    })
    void another_tools_name_of_a_key_leads_to_ours(String section, String theirs, String ours) {
        assertThatThrownBy(() -> read("seed: 1\n" + section + ":\n  " + theirs + ": 1\n"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("mine.yaml:3: unknown key \"" + section + "." + theirs + "\": here it is ")
                .hasMessageContaining(ours + " (");
    }

    @Test
    void a_set_text_is_taken_as_it_is_and_other_values_are_yaml() throws IOException {
        Recipe recipe = read(
                "",
                "format.prompt=Question #1: {problem} # really",
                "evaluate.data.gsm8k=a #b.jsonl",
                "curate.critic.view=\"quoted # too\"",
                "sft.learning_rate=1e-4",
                "corpus.path=null",
                "align.gaps=[small, large]");
        assertThat(recipe.format().prompt()).isEqualTo("Question #1: {problem} # really");
        assertThat(recipe.evaluate().data()).isEqualTo(Map.of("gsm8k", "a #b.jsonl"));
        assertThat(recipe.curate().critic().view()).isEqualTo("quoted # too");
        assertThat(recipe.sft().training().learningRate()).isEqualTo(1e-4);
        assertThat(recipe.corpus().path()).isNull();
        assertThat(recipe.align().gaps()).containsExactly(Gap.SMALL, Gap.LARGE);
    }

    @Test
    void addresses_know_the_environments_variables() throws IOException {
        var variable = System.getenv().entrySet().stream()
                .filter(e -> e.getKey().matches("\\w+") && e.getValue().matches("[\\w/.:-]+"))
                .findFirst()
                .orElseThrow();
        String url = "'http://${" + variable.getKey() + "}/v1'";
        Recipe recipe = read("teacher: {url: " + url + ", model: m}\ncurate: {critic: {endpoint: {url: " + url
                + "}}}\nevaluate: {endpoints: {a: {url: " + url + ", model: m}}}");
        String expected = "http://" + variable.getValue() + "/v1";
        assertThat(recipe.teacher().url()).isEqualTo(expected);
        assertThat(RecipeReader.endpoint(
                                recipe.teacher(),
                                recipe.curate().critic().agent().endpoint())
                        .url())
                .isEqualTo(expected);
        assertThat(recipe.evaluate().endpoints().get("a").url()).isEqualTo(expected);
        assertThatThrownBy(() -> read("teacher: {url: 'http://${COGENT_NO_SUCH}/v1'}\n"))
                .hasMessageContaining("teacher.url: the environment variable COGENT_NO_SUCH is not set");
    }

    @Test
    void paths_know_the_home_folder_and_the_environments_variables() throws IOException {
        var variable = System.getenv().entrySet().stream()
                .filter(e -> e.getKey().matches("\\w+"))
                .findFirst()
                .orElseThrow();
        Recipe recipe = read("corpus: {path: ~/rows.jsonl}\nevaluate: {data: {a: '${" + variable.getKey()
                + "}/a.jsonl'}, benchmarks: [~/b.yaml]}\nformat: {prompt: '{problem} ~ ${NONE}'}");
        String home = System.getProperty("user.home");
        assertThat(recipe.corpus().path()).isEqualTo(home + "/rows.jsonl");
        assertThat(recipe.evaluate().benchmarks()).containsExactly(home + "/b.yaml");
        assertThat(recipe.evaluate().data()).containsEntry("a", variable.getValue() + "/a.jsonl");
        assertThat(recipe.format().prompt()).isEqualTo("{problem} ~ ${NONE}");
        assertThatThrownBy(() -> read("seed: 1\nsft: {rows: '${COGENT_NO_SUCH}/rows.jsonl'}\n"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("mine.yaml:2: sft.rows: the environment variable COGENT_NO_SUCH is not set");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sft: {epochs: null}",
                "sft: {epochs: 1.5}",
                "sft: {epochs: 99999999999}",
                "sft: {epochs: true}",
                "sft: {epochs: []}",
                "sft: {learning_rate: .inf}",
                "sft: {learning_rate: NaN}",
                "sft: {learning_rate: 0}",
                "align: {enabled: yes please}",
                "align: {gaps: small}",
                "align: {gaps: [null]}",
                "align: {gaps: {small: 1}}",
                "corpus: {fields: [a]}",
                "corpus: {fields: {a: null}}",
                "curate: {beta: 0.1}",
                "curate: {verifier: {checks: [critic]}}",
                "teacher: {extra_body: 1}",
                "evaluate: {endpoints: {a: 1}}",
                "evaluate: {endpoints: {base: {model: m}}}",
                "evaluate: {endpoints: {a: {budget_calls: 1}}}",
                "curate: {critic: {endpoint: {concurrency: 0}}}",
                "align: {objective: rlhf}",
                "name: [a]",
                "format: {prompt: no place}"
            })
    void values_of_other_kinds_are_refused_with_their_line(String yaml) {
        assertThatThrownBy(() -> read("seed: 1\n" + yaml + "\n"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("mine.yaml:2: ");
    }

    @Test
    void an_objective_may_be_a_class_of_ones_own() throws IOException {
        assertThat(read("align: {objective: org.example.Mine}").align().objective())
                .isEqualTo("org.example.Mine");
    }

    @Test
    void a_section_whose_keys_are_all_commented_out_is_the_default() throws IOException {
        assertThat(read("sft:\n  # epochs: 1\n")).isEqualTo(read(""));
    }

    private Recipe read(String yaml, String... sets) throws IOException {
        Path file = folder.resolve("mine.yaml");
        Files.writeString(file, yaml);
        return RecipeReader.read(file, List.of(sets));
    }
}
