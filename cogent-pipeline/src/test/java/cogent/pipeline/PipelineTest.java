package cogent.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cogent.data.InputException;
import cogent.model.tensor.Ranks;
import cogent.pipeline.notes.Note;
import cogent.pipeline.notes.Notes;
import cogent.pipeline.recipe.Recipe;
import cogent.pipeline.recipe.RecipeReader;
import cogent.pipeline.result.CurateResult;
import cogent.pipeline.result.EvaluateResult;
import cogent.pipeline.result.StageResult;
import cogent.pipeline.result.TrainResult;
import cogent.pipeline.run.Manifest;
import cogent.pipeline.run.PipelineEvent;
import cogent.pipeline.run.PipelineEvent.RunEnded;
import cogent.pipeline.run.PipelineEvent.StageBegun;
import cogent.pipeline.run.PipelineEvent.StageFinished;
import cogent.pipeline.run.PipelineEvent.StageProgress;
import cogent.pipeline.run.PipelineEvent.Warning;
import cogent.pipeline.run.ReplySource;
import cogent.pipeline.run.RunDirectory;
import cogent.pipeline.run.StopRequest;
import cogent.pipeline.run.StoppedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The pipeline as a program uses it that has nothing of the command line. */
class PipelineTest {
    @TempDir
    private static Path folder;

    private static Recipe recipe;
    private static RunDirectory run;
    private static final List<PipelineEvent> EVENTS = Collections.synchronizedList(new ArrayList<>());
    private static SequencedMap<String, StageResult> results;
    private static String cardBefore;

    @BeforeAll
    static void runs_a_tiny_recipe() throws IOException {
        recipe = recipe("tiny");
        run = RunDirectory.of(recipe);
        Pipeline.of(recipe)
                .run(
                        List.of("playground", "curate", "sft"),
                        new ReplySource.Live(),
                        Ranks.alone(),
                        _ -> {},
                        new StopRequest());
        cardBefore = Files.readString(run.model("sft").resolve("README.md"));
        results = Pipeline.of(recipe).run(EVENTS::add, new StopRequest());
    }

    private static Recipe recipe(String name) throws IOException {
        return RecipeReader.read(
                Files.writeString(folder.resolve(name + ".yaml"), """
                        name: %s
                        runs: %s
                        corpus: {path: playground}
                        playground: {problems: 40, held_out: 6}
                        student: {model: playground}
                        teacher: {url: playground}
                        sft: {max_steps: 3, batch_size: 4, learning_rate: 1e-3, lora: {rank: 2}}
                        align: {objective: dpo, max_steps: 2, batch_size: 4}
                        evaluate: {benchmarks: [playground], models: [sft, aligned], max_new_tokens: 8}
                        """.formatted(name, folder)), List.of());
    }

    @Test
    void every_stage_gives_what_it_came_to() {
        assertThat(results.sequencedKeySet()).containsExactly("playground", "curate", "sft", "align", "evaluate");
        CurateResult curate = (CurateResult) results.get("curate");
        assertThat(curate.curation().samples()).isEqualTo(40);
        assertThat(curate.spent()).isPresent();
        assertThat(((TrainResult) results.get("align")).steps()).isEqualTo(2);
        assertThat(((EvaluateResult) results.get("evaluate"))
                        .benchmarks()
                        .getFirst()
                        .models())
                .extracting(model -> model.model() + " " + model.n())
                .containsExactly("sft 6", "aligned 6");
    }

    @Test
    void the_world_brings_its_student_only_where_it_is_trained() {
        Recipe other =
                RecipeReader.read(folder.resolve("tiny.yaml"), List.of("name=other", "student.model=" + run.student()));
        Pipeline.of(other)
                .run(List.of("playground"), new ReplySource.Live(), Ranks.alone(), _ -> {}, new StopRequest());
        assertThat(RunDirectory.of(other).corpus()).exists();
        assertThat(RunDirectory.of(other).student()).doesNotExist();
        assertThat(run.student()).exists();
    }

    @Test
    void a_manifest_keeps_the_very_result() {
        results.forEach((stage, result) -> assertThat(
                        Manifest.read(run.manifest(stage)).orElseThrow().result())
                .isEqualTo(result));
    }

    @Test
    void the_listener_is_told_what_begins_how_far_it_is_and_what_came_of_it() {
        assertThat(EVENTS)
                .filteredOn(StageBegun.class::isInstance)
                .containsExactly(new StageBegun("align"), new StageBegun("evaluate"));
        assertThat(EVENTS)
                .filteredOn(StageFinished.class::isInstance)
                .extracting(e -> ((StageFinished) e).before())
                .containsExactly(true, true, true, false, false);
        assertThat(EVENTS)
                .anyMatch(e ->
                        e instanceof StageProgress p && p.stage().equals("align") && p.done() == 2 && p.total() == 2);
        assertThat(EVENTS.getLast()).isEqualTo(new RunEnded());
    }

    @Test
    void a_stop_is_an_exception_and_the_same_call_continues() throws IOException {
        Recipe other = recipe("stopped");
        StopRequest stop = new StopRequest();
        assertThatThrownBy(() -> Pipeline.of(other)
                        .run(
                                e -> {
                                    if (e instanceof StageProgress p
                                            && p.stage().equals("sft")) {
                                        stop.ask();
                                    }
                                },
                                stop))
                .isInstanceOf(StoppedException.class);
        assertThat(RunStatus.of(other, RunDirectory.of(other)).next()).contains("sft");
        assertThat(Pipeline.of(other).run(_ -> {}, new StopRequest())).hasSize(5);
    }

    @Test
    void a_training_whose_settings_changed_begins_anew_and_keeps_what_it_had() throws IOException {
        Path file = folder.resolve("changed.yaml");
        Recipe before = recipe("changed");
        RunDirectory changed = RunDirectory.of(before);
        stopIn("sft", before);
        assertThat(changed.savedStep("sft")).isEqualTo(1);

        Recipe longer = RecipeReader.read(file, List.of("sft.max_steps=4"));
        assertThat(Pipeline.of(before).savedStep("sft")).isEqualTo(1);
        assertThat(Pipeline.of(longer).savedStep("sft")).isZero();
        assertThat(stopIn("sft", longer))
                .anyMatch(text -> text.contains("begins anew: sft.max_steps changed. Its 1 step"));
        assertThat(stopIn("align", before))
                .anyMatch(text -> text.contains("goes on from step 1, which it had reached"));
        assertThat(Files.readAllLines(changed.metrics("sft"))).hasSize(3);
        assertThat(((TrainResult) Pipeline.of(longer)
                                .run(List.of("sft"), new ReplySource.Live(), Ranks.alone(), _ -> {}, new StopRequest())
                                .get("sft"))
                        .steps())
                .isEqualTo(4);
    }

    /** @return the warnings until then */
    private static List<String> stopIn(String stage, Recipe recipe) {
        StopRequest stop = new StopRequest();
        List<String> warnings = new ArrayList<>();
        assertThatThrownBy(() -> Pipeline.of(recipe)
                        .run(
                                e -> {
                                    if (e instanceof Warning warning) {
                                        warnings.add(warning.text());
                                    }
                                    if (e instanceof StageProgress p
                                            && p.stage().equals(stage)) {
                                        stop.ask();
                                    }
                                },
                                stop))
                .isInstanceOf(StoppedException.class);
        return warnings;
    }

    @Test
    void a_sample_left_out_by_hand_is_trained_on_in_no_stage() throws IOException {
        Recipe other = recipe("left-out");
        RunDirectory made = RunDirectory.of(other);
        Pipeline.of(other).run(_ -> {}, new StopRequest());
        String id;
        try (var rows = cogent.data.file.RowFile.open(made.preferences())) {
            id = Notes.sample(rows.findFirst().orElseThrow().fields().path("id").asString());
        }
        Notes.put(made, id, new Note(false, true, ""));
        Pipeline pipeline = Pipeline.of(other);
        assertThat(pipeline.prospects().get("sft").why()).isEqualTo("left_out changed");
        assertThat(pipeline.prospects().get("curate").state()).isEqualTo(Pipeline.State.DONE);
        pipeline.run(_ -> {}, new StopRequest());
        for (String stage : List.of("sft", "align")) {
            assertThat(Files.readString(made.refused(stage))).as(stage).contains("left out by hand");
        }
        Notes.put(made, id, Note.NONE);
        assertThat(pipeline.prospects().get("sft").state()).isEqualTo(Pipeline.State.AGAIN);
    }

    @Test
    void a_model_says_what_it_is_and_how_good_once_that_is_known() throws IOException {
        assertThat(cardBefore).startsWith("---\nlibrary_name: transformers\n").contains("Not evaluated yet.");
        assertThat(Files.readString(run.model("aligned").resolve("README.md")))
                .contains(
                        "# tiny: CRV + DPO", "- dpo\n", "learning_rate: ", "| Playground, held-out problems | greedy |")
                .doesNotContain(folder.toString());
        assertThat(Files.readString(run.model("sft-adapter").resolve("README.md")))
                .contains("library_name: peft");
    }

    @Test
    void fields_and_dropout_that_are_not_used_and_control_tokens_that_are_text_are_warned_of_once() throws IOException {
        Path student = Files.createDirectory(folder.resolve("dropping"));
        try (Stream<Path> files = Files.list(run.root().resolve("playground/student"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.copy(file, student.resolve(file.getFileName()));
            }
        }
        Path config = student.resolve("config.json");
        Files.writeString(
                config, Files.readString(config).replaceFirst("(\"attention_dropout\"\\s*:\\s*)0\\.0", "$10.1"));
        Path corpus = Files.write(
                folder.resolve("corpus.jsonl"),
                Files.readAllLines(run.corpus()).stream()
                        .limit(5)
                        .map(line -> line.replaceFirst("\\{", "{\"system\":\"Be brief.\","))
                        .toList());
        Path rows = Files.writeString(
                folder.resolve("rows.jsonl"),
                "{\"prompt\":\"Tom has 2 <|assistant|>\",\"completion\":\"2\"}\n{\"prompt\":\"Tom has 2\",\"completion\":\"2\"}\n");
        Recipe own = RecipeReader.read(
                Files.writeString(folder.resolve("own.yaml"), """
                        name: own
                        runs: %s
                        corpus: {path: %s}
                        student: {model: %s}
                        teacher: {url: playground}
                        sft: {rows: %s, max_steps: 1, batch_size: 2}
                        """.formatted(folder, corpus, student, rows)), List.of());
        List<String> warnings = new ArrayList<>();
        Pipeline.of(own)
                .run(
                        List.of("curate", "sft"),
                        new ReplySource.Live(),
                        Ranks.alone(),
                        e -> {
                            if (e instanceof Warning warning) {
                                warnings.add(warning.text());
                            }
                        },
                        new StopRequest());
        assertThat(warnings)
                .containsExactly(
                        "fields of the corpus that are not used: system",
                        "attention_dropout 0.1 of the student's config.json is left out: nothing but an adapter's inputs is"
                                + " dropped in training",
                        "in the text of 1 row: <|assistant|>, trained as text, not as the tokens that steer the model");
    }

    @Test
    void curation_for_a_view_that_is_set_needs_no_student() throws IOException {
        Recipe elsewhere = RecipeReader.read(
                Files.writeString(folder.resolve("elsewhere.yaml"), """
                        name: elsewhere
                        runs: %s
                        corpus: {path: %s}
                        student: {model: nobody/not-on-any-hub}
                        teacher: {url: playground}
                        curate: {critic: {view: 0.5B}}
                        """.formatted(folder, run.corpus())), List.of());
        var curated = Pipeline.of(elsewhere).run(List.of("curate"), new ReplySource.Live(), _ -> {}, new StopRequest());
        assertThat(((CurateResult) Objects.requireNonNull(curated.get("curate"))).rows())
                .isPositive();
    }

    @Test
    void what_is_said_to_run_again_and_why_is_what_runs() throws IOException {
        Path file = folder.resolve("planned.yaml");
        Pipeline.of(recipe("planned")).run(_ -> {}, new StopRequest());
        Path prompt = Files.writeString(
                folder.resolve("verify.md"),
                cogent.curate.prompt.Prompt.builtIn(cogent.curate.prompt.AgentTask.VERIFY)
                        .text());
        List<String> changes = new ArrayList<>();
        for (List<String> change : List.of(
                List.of("evaluate.max_new_tokens=9", "evaluate"),
                List.of("align.max_steps=3", "align", "evaluate"),
                List.of("sft.learning_rate=2e-3", "sft", "align", "evaluate"),
                List.of("curate.beta.large=0.6", "curate", "align"),
                List.of("curate.prompts.verify=" + prompt, "curate"))) {
            changes.add(change.getFirst());
            String key = change.getFirst().replaceFirst("=.*", "");
            Pipeline pipeline = Pipeline.of(RecipeReader.read(file, changes));
            List<String> again = change.subList(1, change.size());
            var prospects = pipeline.prospects();
            assertThat(prospects.get(again.getFirst()).why())
                    .contains(key.replaceFirst("^(evaluate|align|sft)\\.", ""));
            assertThat(prospects.entrySet().stream()
                            .filter(prospect -> prospect.getValue().state() == Pipeline.State.AGAIN)
                            .map(java.util.Map.Entry::getKey))
                    .as(key)
                    .containsAll(again);
            List<PipelineEvent> events = new ArrayList<>();
            pipeline.run(events::add, new StopRequest());
            assertThat(events.stream().filter(StageBegun.class::isInstance).map(event -> ((StageBegun) event).stage()))
                    .as(key)
                    .containsAll(again);
            assertThat(events)
                    .filteredOn(event -> event instanceof Warning warning
                            && warning.text().contains("runs again and replaces what it made before"))
                    .hasSizeGreaterThanOrEqualTo(again.size());
            assertThat(pipeline.prospects().values()).allMatch(p -> p.state() == Pipeline.State.DONE);
        }
    }

    @Test
    void an_edited_card_stays_and_makes_nothing_run_again() throws IOException {
        Path card = run.model("sft").resolve("README.md");
        Files.writeString(card, "# mine\n");
        List<PipelineEvent> events = new ArrayList<>();
        Pipeline.of(recipe).run(events::add, new StopRequest());
        assertThat(events).noneMatch(StageBegun.class::isInstance);
        Pipeline.of(recipe).regrade(events::add);
        assertThat(card).hasContent("# mine\n");
        assertThat(events)
                .anyMatch(e -> e instanceof Warning warning && warning.text().contains(card.toString()));
    }

    @Test
    void the_card_names_the_base_by_its_name_on_the_hub_and_takes_its_licence() throws IOException {
        Path base = Files.createDirectories(folder.resolve("private/models--Qwen--Qwen2.5-0.5B/snapshots/a1"));
        Files.writeString(base.resolve("README.md"), "---\nlicense: apache-2.0\nlanguage: en\n---\nlicense: other\n");
        BaseModel known = BaseModel.of(RecipeReader.read(
                Files.writeString(folder.resolve("b.yaml"), "student: {model: %s}\n".formatted(base)), List.of()));
        assertThat(known.name()).contains("Qwen/Qwen2.5-0.5B");
        assertThat(known.license()).contains("apache-2.0");
    }

    @Test
    void a_run_of_an_earlier_version_is_refused_by_name_and_left_as_it_is() throws IOException {
        Recipe old = recipe("old");
        RunDirectory directory = RunDirectory.of(old);
        Path manifest = directory.manifest("curate");
        Files.createDirectories(manifest.getParent());
        Files.writeString(
                manifest, "{\"stage\": \"curate\", \"version\": \"0.1.0\", \"summary\": {\"line\": \"done\"}}");
        directory.write(old);
        for (var use : List.<org.assertj.core.api.ThrowableAssert.ThrowingCallable>of(
                () -> Pipeline.of(old).run(_ -> {}, new StopRequest()), directory::readRecipe)) {
            assertThatThrownBy(use)
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining(manifest.toString())
                    .hasMessageContaining("earlier version")
                    .hasMessageContaining("another name");
        }
        assertThat(Files.readString(manifest)).contains("summary");
        assertThat(directory.corpus()).doesNotExist();
    }

    @Test
    void an_address_with_a_password_is_refused_before_anything_is_written() throws IOException {
        for (String key : List.of("teacher.url", "curate.critic.endpoint.url", "evaluate.endpoints.big.url")) {
            Recipe secret = RecipeReader.read(
                    Files.writeString(folder.resolve("secret.yaml"), "name: secret\nruns: " + folder + "\n"),
                    List.of(key + "=http://me:hunter2@127.0.0.1/v1"));
            assertThatThrownBy(() -> Pipeline.of(secret))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining(key)
                    .hasMessageContaining("key_env")
                    .hasMessageNotContaining("hunter2");
            assertThat(RunDirectory.of(secret).root()).doesNotExist();
        }
        for (String address : List.of(
                "me:hunter2@h/v1",
                "http://me:hunter2@my_host/v1",
                "http://a http://me:hun^ter2@h",
                "http://h/v1#hunter2")) {
            Recipe secret = RecipeReader.defaults(List.of("name=secret", "runs=" + folder, "teacher.url=" + address));
            assertThatThrownBy(() -> Pipeline.of(secret)).as(address).hasMessageContaining("key_env");
        }
    }

    @Test
    void what_a_killed_run_left_half_written_is_gone_after_the_next_start() throws IOException {
        Path dead = run.root().resolve("evaluation/.sft.jsonl.999999999-1.tmp");
        Path alive = run.root().resolve(".report.html.1-1.tmp");
        Files.writeString(dead, "{");
        Files.writeString(alive, "<");
        Pipeline.of(recipe).run(_ -> {}, new StopRequest());
        assertThat(dead).doesNotExist();
        assertThat(alive).exists();
        Files.delete(alive);
    }
}
