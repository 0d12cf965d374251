package cogent.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import cogent.answer.Answers;
import cogent.cli.Cogent.Ran;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What the SFT model gets wrong of its own training problems becomes rejected sides. */
final class OnPolicyTest {
    @TempDir
    static Path folder;

    private static Path run;
    private static Path recipe;
    private static Ran ran;

    @BeforeAll
    static void a_student_that_knows_the_form_and_not_the_numbers() throws IOException {
        run = folder.resolve("runs/x");
        recipe = Cogent.playground(folder, """
                playground: {problems: 150, held_out: 1, steps: 1, largest: 9}
                curate: {distractor: {per_problem: 0}}
                sft: {max_steps: 50, batch_size: 32, learning_rate: 3.0e-3, checkpoint_steps: 50}
                on_policy: {samples: 3, per_problem: 2, problems: 60, max_new_tokens: 60, batch_size: 64}
                align: {max_steps: 2, batch_size: 8, gaps: [small, large], dtype: bf16}
                """);
        ran = Cogent.run("run", recipe);
        assertThat(ran.code()).as(ran.err()).isZero();
    }

    @Test
    void each_pair_sets_a_wrong_answer_of_the_student_against_the_suitable_rationale_of_its_problem() {
        Map<String, JsonNode> suitable = rows("sft.jsonl").stream()
                .collect(Collectors.toMap(row -> row.get("id").asString(), Function.identity()));
        Map<String, String> answers = rows("playground/corpus.jsonl").stream()
                .collect(Collectors.toMap(
                        row -> row.get("id").asString(),
                        row -> row.get("answer").asString()));
        List<JsonNode> mistakes = rows("mistakes.jsonl");
        assertThat(mistakes).isNotEmpty().allSatisfy(pair -> {
            String id = pair.get("id").asString().replaceFirst("#student-[12]$", "");
            assertThat(pair.get("chosen")).isEqualTo(suitable.get(id).get("completion"));
            assertThat(pair.get("prompt")).isEqualTo(suitable.get(id).get("prompt"));
            assertThat(Answers.extract(pair.get("rejected").asString())).get().isNotEqualTo(answers.get(id));
            assertThat(pair.get("gap").asString()).isEqualTo("large");
            assertThat(pair.get("beta").asDouble()).isEqualTo(0.5);
            assertThat(pair.get("rejected_from").asString()).isEqualTo("student");
        });
        assertThat(mistakes).extracting(pair -> pair.get("id").asString()).doesNotHaveDuplicates();
    }

    @Test
    void in_mixed_precision_too_the_policy_begins_as_its_reference() {
        assertThat(rows("metrics/align.jsonl").getFirst().get("loss").asDouble())
                .isCloseTo(Math.log(2), within(2e-3));
        Ran refused = Cogent.run("plan", recipe, "--set", "align.dtype=fp16");
        assertThat(refused.code()).isEqualTo(2);
        assertThat(refused.err()).contains("align.dtype");
    }

    @Test
    void alignment_learns_from_them_and_the_curation_s_pairs_and_so_does_who_takes_the_export() {
        List<String> gaps = Stream.of("preferences.jsonl", "mistakes.jsonl")
                .flatMap(file -> rows(file).stream())
                .map(pair -> pair.get("gap").asString())
                .toList();
        assertThat(gaps).contains("small", "large");
        long taken = gaps.stream().filter(gap -> !gap.equals("medium")).count();
        assertThat(ran.err())
                .containsPattern("on-policy +180 answers to training problems, [0-9.]+ % correct; \\d+ pairs")
                .containsPattern("align +2 steps on " + taken + " rows");
        Path exported = folder.resolve("pairs.jsonl");
        assertThat(Cogent.run("export", run, "preferences", "--format", "trl", "--out", exported)
                        .code())
                .isZero();
        assertThat(exported).content().hasLineCount(gaps.size());
    }

    @Test
    void answers_are_kept_and_only_more_of_them_are_asked() throws IOException {
        Path answers = run.resolve("own-answers.jsonl");
        // asked again, it would not say this
        Files.writeString(answers, Files.readString(answers).replaceFirst("\"reply\":\"", "$0Planted. "));
        List<JsonNode> before = rows("own-answers.jsonl");
        Ran again = Cogent.run("align", recipe, "--set", "on_policy.samples=4");
        assertThat(again.code()).as(again.err()).isZero();
        List<JsonNode> after = rows("own-answers.jsonl");
        assertThat(after).hasSize(240).containsAll(before);
        assertThat(Cogent.run("align", recipe, "--set", "on_policy.samples=3").err())
                .contains("180 answers");
    }

    @Test
    void behind_a_template_that_is_told_to_open_the_thought_pairs_come_out_and_answers_are_found() throws IOException {
        Path student = Files.createDirectories(folder.resolve("opens"));
        for (String name : List.of("config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json")) {
            Files.copy(run.resolve("playground/student").resolve(name), student.resolve(name));
        }
        Files.writeString(student.resolve("chat_template.jinja"), """
                {%- for m in messages %}{{ '<|' + m.role + '|>' + m.content }}{% if m.role == 'assistant' %}{{ '<|end|>' }}{% endif %}
                {%- endfor %}{% if add_generation_prompt %}{{ '<|assistant|>' + ('<think>\\n' if thinks else '') }}{% endif %}""");
        Path opened = Files.writeString(folder.resolve("opened.yaml"), """
                runs: %s
                threads: 1
                corpus: {path: playground}
                student: {model: %s, dtype: bf16, chat_template_kwargs: {thinks: true}}
                teacher: {url: playground}
                format: {prompt: "{problem}", completion: "<think>\\n{rationale}\\n</think>\\n\\n\\\\boxed{{answer}}"}
                playground: {problems: 150, held_out: 10, steps: 1, largest: 9}
                curate: {distractor: {per_problem: 0}}
                sft: {max_steps: 40, batch_size: 32, learning_rate: 3.0e-3}
                on_policy: {samples: 2, per_problem: 2, problems: 30, max_new_tokens: 60, batch_size: 64}
                align: {max_steps: 1, batch_size: 8}
                evaluate: {benchmarks: [playground], models: [aligned]}
                """.formatted(folder.resolve("runs"), student));
        Ran whole = Cogent.run("run", opened);
        assertThat(whole.code()).as(whole.err()).isZero();
        Path made = folder.resolve("runs/opened");
        assertThat(Cogent.rows(made.resolve("mistakes.jsonl")))
                .isNotEmpty()
                .allSatisfy(pair -> assertThat(pair.get("rejected").asString())
                        .startsWith("<think>\n")
                        .contains("</think>"));
        assertThat(Cogent.rows(made.resolve("own-answers.jsonl"))).allSatisfy(answer -> {
            String reply = answer.get("reply").asString();
            assertThat(reply).startsWith("<think>\n");
            if (!reply.contains("</think>")) {
                assertThat(answer.get("verdict").asString()).isEqualTo("unknown");
            }
        });
        assertThat(Cogent.rows(made.resolve("evaluation/playground/aligned.jsonl")))
                .anySatisfy(
                        answer -> assertThat(answer.get("stated").asBoolean()).isTrue());
        for (String model : List.of("sft", "aligned")) {
            assertThat(made.resolve("models").resolve(model).resolve("chat_template.jinja"))
                    .content()
                    .startsWith("{% if thinks is not defined %}{% set thinks = true %}{% endif %}\n{%- for")
                    .containsOnlyOnce("is not defined");
        }
        assertThat(Cogent.run("plan", opened, "--set", "student.chat_template_kwargs={thinks: false}")
                        .out())
                .containsPattern("chat_template_kwargs\\s+changed");
        Ran unknown = Cogent.run("run", opened, "--set", "student.chat_template_kwargs={think: true}");
        assertThat((unknown.out() + unknown.err()).replaceAll("\\s+", " "))
                .contains("student.chat_template_kwargs: the chat template of " + student + " does not mention think");
        assertThat(Cogent.run("plan", opened, "--set", "student.chat_template_kwargs={think: true}")
                        .out()
                        .replaceAll("\\s+", " "))
                .contains("missing: student.chat_template_kwargs: the chat template of");
    }

    @Test
    void a_sample_s_story_shows_its_mistakes() {
        JsonNode pair = rows("mistakes.jsonl").getFirst();
        String id = pair.get("id").asString().replaceFirst("#student-[12]$", "");
        assertThat(Cogent.run("show", run, "--sample", id).out())
                .containsPattern("student +wrong, the rejected side of a pair: \\d+ lines")
                .contains(pair.get("rejected")
                        .asString()
                        .lines()
                        .findFirst()
                        .orElseThrow()
                        .strip());
    }

    @Test
    void plan_counts_the_answers() {
        String plan = Cogent.run("plan", recipe, "--set", "on_policy.samples=5").out();
        assertThat(plan.replaceAll("\\s+", " "))
                .contains("on-policy again 60 training problems × 5 for sft (on_policy.samples changed)");
    }

    @Test
    void several_greedy_replies_are_refused() {
        Ran refused = Cogent.run("plan", recipe, "--set", "on_policy.temperature=0");
        assertThat(refused.code()).isEqualTo(2);
        assertThat(refused.err()).contains("on_policy", "samples must be 1");
    }

    private static List<JsonNode> rows(String file) {
        return Cogent.rows(run.resolve(file));
    }
}
