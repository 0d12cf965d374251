package cogent.studio;

import cogent.llm.store.RunDatabase;
import cogent.model.tensor.Ranks;
import cogent.pipeline.Pipeline;
import cogent.pipeline.recipe.Recipe;
import cogent.pipeline.recipe.RecipeReader;
import cogent.pipeline.run.ReplySource;
import cogent.pipeline.run.StopRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.json.JsonMapper;

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
                Ranks.alone(),
                _ -> {},
                new StopRequest());
        return runs.resolve(name);
    }

    /** A copy of a run of 40 samples, with as many samples as that. */
    static void many(Path runs, String from, String name, int samples) throws Exception {
        Path run = runs.resolve(name);
        Files.createDirectory(run);
        Files.copy(runs.resolve(from).resolve("recipe.yaml"), run.resolve("recipe.yaml"));
        Files.copy(runs.resolve(from).resolve("run.db"), run.resolve("run.db"));
        change(run, """
                WITH RECURSIVE n(i) AS (SELECT 40 UNION ALL SELECT i + 1 FROM n WHERE i < ? - 1)
                INSERT INTO samples SELECT i, 'big-' || i, key, state, label, rounds, kept, reason,
                  replace(story, '"id":"' || id || '"', '"id":"big-' || i || '"')
                FROM n JOIN samples ON position = i % 40""", samples);
    }

    /** A copy of a run whose first sample is called so, and in whose texts it stands everywhere. */
    static void hostile(Path runs, String from, String name, String text) throws Exception {
        copy(runs, from, name);
        String json = JsonMapper.shared().writeValueAsString(text);
        String within = json.substring(1, json.length() - 1);
        change(
                runs.resolve(name),
                "UPDATE samples SET story = replace(replace(replace(story, 'How many', ? || 'How many'), '\\\\boxed', ?"
                        + " || '\\\\boxed'), ' = ', ' = ' || ?)",
                within,
                within,
                within);
        change(
                runs.resolve(name),
                "UPDATE samples SET id = ?, story = replace(story, '\"id\":\"' || id || '\"', '\"id\":' || ?) WHERE position = 0",
                text,
                json);
    }

    /** A copy of a run that stopped before its last samples were answered. */
    static void unanswered(Path runs, String from, String name, int samples) throws Exception {
        copy(runs, from, name);
        Files.delete(runs.resolve(name).resolve("stages/curate.json"));
        change(
                runs.resolve(name),
                "UPDATE samples SET state = 'failed', reason = 'no reply' WHERE position IN"
                        + " (SELECT position FROM samples ORDER BY position DESC LIMIT ?)",
                samples);
    }

    /** A copy of a run in whose database one story was torn off. */
    static void torn(Path runs, String from, String name, int position) throws Exception {
        copy(runs, from, name);
        change(runs.resolve(name), "UPDATE samples SET story = substr(story, 1, 40) WHERE position = ?", position);
    }

    static void copy(Path runs, String from, String name) throws IOException {
        try (Stream<Path> files = Files.walk(runs.resolve(from))) {
            for (Path file : files.toList()) {
                Files.copy(file, runs.resolve(name).resolve(runs.resolve(from).relativize(file)));
            }
        }
    }

    private static void change(Path run, String sql, Object... values) throws Exception {
        try (RunDatabase database = RunDatabase.open(run)) {
            database.write(connection -> {
                try (PreparedStatement statement = connection.prepareStatement(sql)) {
                    for (int i = 0; i < values.length; i++) {
                        statement.setObject(i + 1, values[i]);
                    }
                    return statement.executeUpdate();
                }
            });
        }
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
