package cogent.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import cogent.model.process.Launch;
import cogent.model.tensor.Ranks;
import cogent.pipeline.recipe.Recipe;
import cogent.pipeline.recipe.RecipeReader;
import cogent.pipeline.run.ReplySource;
import cogent.pipeline.run.RunDirectory;
import cogent.pipeline.run.Stage;
import cogent.pipeline.run.StopRequest;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What several ranks measure and write with a model, against what one process does; the ranks are threads here. */
class PipelineRanksTest {
    private static final List<String> DIVIDED = List.of("curate", "select", "on-policy", "evaluate");
    private static final int RANKS = 3;

    @TempDir
    private Path folder;

    @Test
    void measurements_mistakes_and_answers_of_several_ranks_are_those_of_one_process() throws Exception {
        Recipe recipe = recipe();
        RunDirectory run = RunDirectory.of(recipe);
        Pipeline.of(recipe).run(_ -> {}, new StopRequest());
        Path alone = folder.resolve("alone");
        copy(run.root(), alone);
        for (Stage stage : Pipeline.of(recipe).all()) { // what was trained stays, and all that is divided is made anew
            if (DIVIDED.contains(stage.name())) {
                Files.delete(run.manifest(stage.name()));
                stage.outputs().forEach(RunDirectory::delete);
            }
        }
        Files.delete(run.database());
        Files.delete(run.ownAnswers());
        together(recipe);
        List<Path> files =
                new ArrayList<>(List.of(run.sftRows(), run.preferences(), run.selection(), run.ownAnswers()));
        try (Stream<Path> answers = Files.walk(run.evaluation())) {
            answers.filter(Files::isRegularFile).forEach(files::add);
        }
        assertThat(files)
                .hasSize(6)
                .allSatisfy(file -> assertThat(file)
                        .isNotEmptyFile()
                        .hasSameBinaryContentAs(alone.resolve(run.root().relativize(file))));
        try (Stream<Path> all = Files.walk(run.root())) {
            assertThat(all).noneMatch(file -> file.toString().contains(".rank-"));
        }
    }

    private static void together(Recipe recipe) throws Exception {
        int port;
        try (ServerSocket socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        try (ExecutorService threads =
                Executors.newThreadPerTaskExecutor(Thread.ofPlatform().factory())) {
            List<Future<?>> ends = new ArrayList<>();
            for (int rank = 0; rank < RANKS; rank++) {
                Launch launch = new Launch(rank, RANKS, rank, "127.0.0.1", port, false, 0, Duration.ofMinutes(2));
                ends.add(threads.submit(() -> {
                    try (Ranks ranks = Ranks.join(launch)) {
                        Pipeline pipeline = Pipeline.of(recipe);
                        if (ranks.isFirst()) {
                            pipeline.run(DIVIDED, new ReplySource.Live(), ranks, _ -> {}, new StopRequest());
                        } else {
                            pipeline.follow(ranks, new StopRequest());
                        }
                    }
                }));
            }
            for (Future<?> end : ends) {
                end.get();
            }
        }
    }

    private Recipe recipe() throws IOException {
        return RecipeReader.read(
                Files.writeString(folder.resolve("ranks.yaml"), """
                        name: ranks
                        runs: %s
                        corpus: {path: playground}
                        playground: {problems: 150, held_out: 8}
                        student: {model: playground}
                        teacher: {url: playground}
                        curate: {critic: {by: student, student: raw}}
                        raw_sft: {enabled: true}
                        sft: {max_steps: 12, batch_size: 8, learning_rate: 3e-3, select: {keep: 0.8}}
                        on_policy: {samples: 1, problems: 10, max_new_tokens: 24}
                        align: {max_steps: 1, batch_size: 4}
                        evaluate: {benchmarks: [playground], models: [sft, aligned], max_new_tokens: 16}
                        """.formatted(folder.resolve("runs"))), List.of());
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Path target = to.resolve(from.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(file, target);
                }
            }
        }
    }
}
