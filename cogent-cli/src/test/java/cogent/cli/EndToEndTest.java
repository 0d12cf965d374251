package cogent.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import cogent.cli.Cogent.Child;
import cogent.cli.Cogent.Ran;
import cogent.llm.store.RunDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A tiny playground recipe through all stages: what it leaves, what it does not do again, how it continues. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EndToEndTest {
    private static final List<String> STAGES =
            List.of("playground", "raw-rows", "raw-sft", "curate", "sft", "align", "evaluate");

    @TempDir
    static Path folder;

    private Path whole;
    private Ran first;

    @BeforeAll
    void one_run_from_start_to_end() throws IOException {
        whole = folder.resolve("runs/whole");
        first = Cogent.run("run", recipe("whole"));
        assertThat(first.code()).as(first.err()).isZero();
    }

    @Test
    void a_run_leaves_rows_models_and_a_manifest_of_every_stage() throws IOException {
        for (String file : List.of("recipe.yaml", "run.db", "sft.jsonl", "preferences.jsonl", "refused.jsonl")) {
            assertThat(whole.resolve(file)).exists();
        }
        assertThat(Files.readAllLines(whole.resolve("sft.jsonl"))).hasSize(150);
        for (String model : List.of("raw", "sft", "aligned")) {
            assertThat(whole.resolve("models").resolve(model).resolve("model.safetensors"))
                    .isNotEmptyFile();
        }
        for (String stage : STAGES) {
            assertThat(whole.resolve("stages").resolve(stage + ".json")).isNotEmptyFile();
        }
        assertThat(Files.readAllLines(whole.resolve("metrics/sft.jsonl"))).hasSize(10);
        assertThat(whole.resolve("checkpoints/sft")).doesNotExist();
        assertThat(first.out()).contains("held-out problems (n = 20, greedy)", "CRV + CogPO");
    }

    @Test
    void a_second_run_does_nothing() throws IOException {
        var before = Files.getLastModifiedTime(whole.resolve("models/aligned/model.safetensors"));
        Ran again = Cogent.run("run", recipe("whole"));
        assertThat(again.code()).isZero();
        assertThat(again.err().lines().filter(l -> l.contains("done before"))).hasSize(STAGES.size());
        assertThat(Files.getLastModifiedTime(whole.resolve("models/aligned/model.safetensors")))
                .isEqualTo(before);
        assertThat(again.out()).isEqualTo(first.out());
    }

    @Test
    void plan_says_that_all_is_done_and_after_a_change_what_is_not() throws IOException {
        assertThat(Cogent.run("plan", recipe("whole")).out()).doesNotContain("to do", " again ");
        assertThat(Cogent.run("plan", recipe("whole"), "--set", "align.max_steps=3")
                        .out()
                        .lines()
                        .filter(l -> l.contains(" again "))
                        .map(l -> l.strip().split(" ", -1)[0]))
                .containsExactly("align", "evaluate");
    }

    @Test
    void a_changed_setting_reruns_only_the_stages_that_it_concerns() throws IOException {
        Path recipe = recipe("changed");
        assertThat(Cogent.run("run", recipe).code()).isZero();
        Ran changed = Cogent.run("run", recipe, "--set", "align.max_steps=2");
        assertThat(changed.code()).as(changed.err()).isZero();
        assertThat(changed.err().lines().filter(l -> l.contains("done before"))).hasSize(STAGES.size() - 2);
        assertThat(changed.err()).contains("2 steps on");
        assertThat(folder.resolve("runs/changed/recipe.yaml")).content().contains("max_steps: 2");
    }

    @ParameterizedTest
    @CsvSource({"curate,TERM", "sft,INT", "raw-sft,KILL", "align,TERM"})
    void a_run_that_was_cut_off_continues_to_the_same_bytes(String stage, String signal) throws Exception {
        assumeFalse(signal.equals("INT") && Cogent.ignoresInterrupts(), "SIGINT is ignored here and in children");
        String name = stage + "-" + signal;
        Path run = folder.resolve("runs").resolve(name);
        Child child = Cogent.start(folder, "run", recipe(name));
        Path metrics = run.resolve("metrics").resolve(stage + ".jsonl");
        assertThat(child.waitFor(
                        () -> stage.equals("curate") ? calls(run) >= 20 : Files.exists(metrics) && lines(metrics) >= 3))
                .as(Files.readString(child.log()))
                .isTrue();
        child.signal(signal);
        Ran stopped = child.end();
        if (!signal.equals("KILL")) {
            assertThat(stopped.code()).as(stopped.err()).isEqualTo(signal.equals("TERM") ? 143 : 130);
            assertThat(stopped.err()).contains("Stopping", "Saved. Continue with: ", " run " + recipe(name));
        }
        assertThat(run.resolve("stages").resolve(stage + ".json")).doesNotExist();

        Ran continued = Cogent.run("run", recipe(name));
        assertThat(continued.code()).as(continued.err()).isZero();
        assertThat(continued.out()).isEqualTo(first.out().replace("runs/whole", "runs/" + name));
        for (String file : List.of(
                "raw.jsonl",
                "sft.jsonl",
                "preferences.jsonl",
                "refused.jsonl",
                "models/raw/model.safetensors",
                "models/sft/model.safetensors",
                "models/aligned/model.safetensors")) {
            assertThat(run.resolve(file)).hasSameBinaryContentAs(whole.resolve(file));
        }
        assertThat(Files.readAllLines(run.resolve("metrics/sft.jsonl"))).hasSize(10);
    }

    @Test
    void adapters_held_out_rows_and_dashboards_are_a_matter_of_the_recipe() throws IOException {
        List<Object> command = new java.util.ArrayList<>(List.of("run", recipe("adapter")));
        for (String set : List.of(
                "raw_sft.enabled=false",
                "sft.lora.rank=4",
                "sft.lora.dropout=0.1",
                "sft.hold_out={share: 0.2, every: 5}",
                "align.objective=dpo",
                "align.lora.rank=4",
                "align.hold_out={share: 0.2, every: 4, metric: accuracy}",
                "align.layout=packed",
                "align.recompute=2",
                "align.log_to=[tensorboard]",
                "evaluate.models=[sft, aligned]")) {
            command.addAll(List.of("--set", set));
        }
        Ran ran = Cogent.run(command.toArray());
        assertThat(ran.code()).as(ran.err()).isZero();
        Path run = folder.resolve("runs/adapter");
        for (String model : List.of("sft", "aligned")) {
            assertThat(run.resolve("models/" + model + "/model.safetensors")).isNotEmptyFile();
            assertThat(run.resolve("models/" + model + "-adapter/adapter_config.json"))
                    .isNotEmptyFile();
            assertThat(run.resolve("models/" + model + "-adapter/adapter_model.safetensors"))
                    .isNotEmptyFile();
        }
        assertThat(run.resolve("metrics/sft.jsonl")).content().contains("\"eval_loss\":");
        assertThat(run.resolve("metrics/align.jsonl")).content().contains("\"eval_rewards/accuracies\":", "\"mfu\":");
        assertThat(run.resolve("tensorboard/align")).isNotEmptyDirectory();
        assertThat(ran.err()).contains("the best held-out one");
        assertThat(Cogent.run("inspect", "batch", recipe("adapter"), "--stage", "align", "--rows", 2)
                        .out())
                .contains("gap ", "chosen:", "rejected:", " + ", " . ");
    }

    private Path recipe(String name) throws IOException {
        Path file = folder.resolve(name + ".yaml");
        if (!Files.exists(file)) {
            Files.writeString(file, """
                    runs: %s
                    threads: 1
                    corpus: {path: playground}
                    student: {model: playground}
                    teacher: {url: playground}
                    playground: {problems: 150, held_out: 20, steps: 1, largest: 20}
                    format: {prompt: "{problem}", completion: "{rationale}"}
                    raw_sft: {enabled: true}
                    sft: {max_steps: 10, batch_size: 8, learning_rate: 3.0e-3, checkpoint_steps: 2}
                    align: {max_steps: 8, batch_size: 8, learning_rate: 1.0e-5, checkpoint_steps: 2}
                    evaluate:
                      {benchmarks: [playground], models: [raw, sft, aligned], temperature: 0, max_new_tokens: 30,
                       batch_size: 20}
                    """.formatted(folder.resolve("runs")));
        }
        return file;
    }

    private static long calls(Path run) {
        return Files.exists(run.resolve("stages/raw-sft.json"))
                ? RunDatabase.peek(run, c -> {
                    try (var rows = c.createStatement().executeQuery("SELECT count(*) FROM calls")) {
                        return rows.getLong(1);
                    }
                })
                : 0;
    }

    private static long lines(Path file) throws IOException {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.count();
        }
    }
}
