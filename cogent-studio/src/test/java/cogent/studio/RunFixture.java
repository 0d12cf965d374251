package cogent.studio;

import cogent.pipeline.Pipeline;
import cogent.pipeline.recipe.Recipe;
import cogent.pipeline.recipe.RecipeReader;
import cogent.pipeline.run.ReplySource;
import cogent.pipeline.run.StopRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Run directories as a run leaves them. */
final class RunFixture {
    private RunFixture() {}

    /** A run of the playground that has done nothing yet. */
    static Path begun(Path runs, String name) throws IOException {
        Path run = Files.createDirectories(runs.resolve(name));
        Files.writeString(run.resolve("recipe.yaml"), recipe(runs, name, "corpus: {path: playground}"));
        return run;
    }

    /** The stages of a tiny recipe, run. */
    static Path done(Path runs, String name, String corpus, String... stages) throws IOException {
        Path file = Files.createTempFile("recipe", ".yaml");
        Recipe recipe = RecipeReader.read(Files.writeString(file, recipe(runs, name, corpus)), List.of());
        Pipeline pipeline = Pipeline.of(recipe);
        pipeline.run(
                stages.length == 0 ? pipeline.stages() : List.of(stages),
                new ReplySource.Live(),
                _ -> {},
                new StopRequest());
        return runs.resolve(name);
    }

    private static String recipe(Path runs, String name, String corpus) {
        return """
                name: "%s"
                runs: "%s"
                %s
                playground: {problems: 40, held_out: 6}
                student: {model: playground}
                teacher: {url: playground}
                sft: {max_steps: 3, batch_size: 4, learning_rate: 1e-3}
                align: {max_steps: 2, batch_size: 4}
                evaluate: {benchmarks: [playground], models: [sft, aligned], max_new_tokens: 8}
                """.formatted(name, runs, corpus);
    }
}
