package cogent.mlflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cogent.data.InputException;
import cogent.pipeline.Pipeline;
import cogent.pipeline.recipe.Recipe;
import cogent.pipeline.recipe.RecipeReader;
import cogent.pipeline.recipe.TrackingConfig;
import cogent.pipeline.recipe.TrainingConfig.Tracker;
import cogent.pipeline.run.PipelineEvent.StageProgress;
import cogent.pipeline.run.PipelineEvent.Warning;
import cogent.pipeline.run.ReplySource;
import cogent.pipeline.run.RunDirectory;
import cogent.pipeline.run.StopRequest;
import cogent.pipeline.run.StoppedException;
import cogent.pipeline.track.TrackedRun;
import cogent.pipeline.track.TrackedTraining;
import cogent.pipeline.track.Trackers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MlflowServiceTest {
    @TempDir
    Path folder;

    private final List<String> warnings = new ArrayList<>();
    private ScriptedServer server;

    @BeforeEach
    void start() throws Exception {
        server = new ScriptedServer();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void it_is_found_from_a_thread_of_another_class_loader() {
        Thread thread = Thread.currentThread();
        ClassLoader own = thread.getContextClassLoader();
        // which a common pool's threads have in a Spring Boot jar
        thread.setContextClassLoader(ClassLoader.getPlatformClassLoader());
        try {
            assertThat(Trackers.of(Tracker.MLFLOW).name()).isEqualTo("mlflow");
        } finally {
            thread.setContextClassLoader(own);
        }
    }

    private Recipe recipe() throws Exception {
        return RecipeReader.read(
                Files.writeString(folder.resolve("mine.yaml"), """
                        name: mine
                        runs: %s
                        corpus: {path: playground}
                        playground: {problems: 20, held_out: 0}
                        student: {model: playground}
                        teacher: {url: playground}
                        sft: {max_steps: 3, batch_size: 4, checkpoint_steps: 1, log_to: [mlflow]}
                        evaluate: {benchmarks: []}
                        tracking: {mlflow: "%s", experiment: small}
                        """.formatted(folder, server.address())), List.of());
    }

    private void run(Recipe recipe, int until) {
        StopRequest stop = new StopRequest();
        Pipeline.of(recipe)
                .run(
                        List.of("playground", "curate", "sft"),
                        new ReplySource.Live(),
                        event -> {
                            if (event instanceof Warning warning) {
                                warnings.add(warning.text());
                            }
                            if (event instanceof StageProgress p && p.stage().equals("sft") && p.done() == until) {
                                stop.ask();
                            }
                        },
                        stop);
    }

    @Test
    void a_training_has_its_params_metrics_tags_and_files_there() throws Exception {
        run(recipe(), 99);
        assertThat(server.experiments).containsExactly("small");
        ScriptedServer.StoredRun run = server.only();
        assertThat(run.name).isEqualTo("mine sft");
        assertThat(run.status).isEqualTo("FINISHED");
        assertThat(run.params)
                .containsEntry("sft.max_steps", "3")
                .containsEntry("student.model", "playground")
                .containsEntry("seed", "7")
                .doesNotContainKey("sft.log_to");
        assertThat(run.tags).containsEntry("cogent.run", "mine").containsEntry("cogent.stage", "sft");
        assertThat(run.metrics.stream().filter(m -> m.startsWith("loss ")).map(m -> m.split(" ", -1)[1]))
                .containsExactly("1", "2", "3");
        assertThat(run.metrics).noneMatch(m -> m.startsWith("step "));
        assertThat(run.files).containsOnlyKeys("recipe.yaml", "environment.json", "sft.jsonl", "refused-sft.jsonl");
        assertThat(run.files.get("sft.jsonl").lines()).hasSize(3);
        assertThat(warnings).noneMatch(text -> text.contains("mlflow"));
    }

    @Test
    void a_training_that_was_cut_off_goes_on_in_the_same_run() throws Exception {
        assertThatThrownBy(() -> run(recipe(), 1)).isInstanceOf(StoppedException.class);
        assertThat(server.only().status).isEqualTo("KILLED");
        run(recipe(), 99);
        assertThat(server.runs).hasSize(1);
        assertThat(server.only().status).isEqualTo("FINISHED");
        assertThat(server.only().metrics.stream()
                        .filter(m -> m.startsWith("loss "))
                        .map(m -> m.split(" ", -1)[1]))
                .containsExactly("1", "2", "3");
    }

    @Test
    void a_server_that_is_not_there_is_told_at_the_first_step() throws Exception {
        Recipe recipe = recipe();
        server.close();
        assertThatThrownBy(() -> run(recipe, 99))
                .isInstanceOf(InputException.class)
                .hasMessageContaining(server.address() + " cannot be had")
                .hasMessageContaining("no step was kept");
        assertThat(RunDirectory.of(recipe).savedStep("sft")).isZero();
    }

    @Test
    void a_server_that_fails_on_the_way_ends_no_training_and_what_it_missed_is_said() throws Exception {
        TrackedTraining training = new TrackedTraining(new RunDirectory(folder.resolve("r")), "sft", Map.of("a", "1"));
        TrackingConfig config = new TrackingConfig(server.address(), "small");
        try (TrackedRun run = new MlflowService(Map.of()).begin(training, config, warnings::add)) {
            server.refusing = true;
            run.log(1, Map.of("loss", 2.0, "nan", Double.NaN));
            run.finish();
        }
        assertThat(warnings).anyMatch(text -> text.contains("2 values did not reach"));
    }

    @Test
    void files_kept_elsewhere_are_said_and_the_run_is_finished_all_the_same() throws Exception {
        server.artifacts = "s3://bucket/";
        run(recipe(), 99);
        assertThat(server.only().files).isEmpty();
        assertThat(server.only().status).isEqualTo("FINISHED");
        assertThat(warnings).anyMatch(text -> text.contains("s3://bucket/") && text.contains("were not uploaded"));
    }

    @Test
    void user_and_password_come_from_mlflows_variables_and_reach_files_too() throws Exception {
        var service = new MlflowService(Map.of(
                "MLFLOW_TRACKING_URI", server.address() + "/",
                "MLFLOW_TRACKING_USERNAME", "me",
                "MLFLOW_TRACKING_PASSWORD", "secret"));
        Path run = Files.createDirectories(folder.resolve("r"));
        Files.writeString(run.resolve("recipe.yaml"), "name: r\n");
        TrackedTraining training = new TrackedTraining(new RunDirectory(run), "sft", Map.of("long", "x".repeat(900)));
        try (TrackedRun tracked = service.begin(training, new TrackingConfig(null, "e"), warnings::add)) {
            tracked.finish();
        }
        assertThat(server.authorizations).isNotEmpty().allMatch("Basic bWU6c2VjcmV0"::equals);
        assertThat(server.only().files).containsKey("recipe.yaml");
        assertThat(server.only().params.get("long")).hasSize(500).endsWith("…");
    }

    @Test
    void an_address_that_is_none_is_refused_before_anything_runs() {
        for (String address : new String[] {null, "", "mlruns", "databricks"}) {
            assertThatThrownBy(() -> new MlflowService(Map.of()).check(new TrackingConfig(address, "e")))
                    .hasMessageContaining("needs the address of a tracking server");
        }
    }

    @Test
    void an_address_with_a_password_is_written_nowhere() throws Exception {
        Recipe recipe =
                RecipeReader.read(Files.writeString(folder.resolve("secret.yaml"), """
                        name: secret
                        runs: %s
                        corpus: {path: playground}
                        student: {model: playground}
                        tracking: {mlflow: "http://me:secret@localhost:1"}
                        """.formatted(folder)), List.of());
        assertThatThrownBy(() -> Pipeline.of(recipe))
                .hasMessageContaining("tracking.mlflow")
                .hasMessageNotContaining("me:secret");
    }
}
