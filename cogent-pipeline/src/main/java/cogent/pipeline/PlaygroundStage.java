package cogent.pipeline;

import cogent.data.Problem;
import cogent.data.Sample;
import cogent.data.file.JsonLinesWriter;
import cogent.model.decoder.LanguageModel;
import cogent.model.hf.ModelConfig;
import cogent.model.hf.ParameterShapes;
import cogent.model.tensor.DType;
import cogent.model.text.Tokenizer;
import cogent.pipeline.keys.RecordJson;
import cogent.pipeline.recipe.PlaygroundConfig;
import cogent.pipeline.recipe.Recipe;
import cogent.pipeline.result.PlaygroundResult;
import cogent.pipeline.result.StageResult;
import cogent.pipeline.run.RunDirectory;
import cogent.pipeline.run.Stage;
import cogent.pipeline.run.StageContext;
import cogent.playground.PlaygroundStudent;
import cogent.playground.World;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Writes the built-in world's corpus, its held-out problems and, where the recipe trains it, its untrained student. */
record PlaygroundStage(Recipe recipe, RunDirectory run) implements Stage {
    @Override
    public String name() {
        return "playground";
    }

    @Override
    public JsonNode settings() {
        return JsonMapper.shared()
                .valueToTree(Map.of(
                        "seed",
                        recipe.seed(),
                        "world",
                        RecordJson.identity(recipe.playground()),
                        "student",
                        withStudent()));
    }

    @Override
    public List<Path> inputs() {
        return List.of();
    }

    @Override
    public List<Path> outputs() {
        List<Path> rows = List.of(run.corpus(), run.heldOut());
        return withStudent()
                ? Stream.concat(rows.stream(), Stream.of(run.student())).toList()
                : rows;
    }

    private boolean withStudent() {
        return Recipe.PLAYGROUND.equals(recipe.student().model());
    }

    @Override
    public StageResult run(StageContext context) {
        PlaygroundConfig settings = recipe.playground();
        World world = new World(settings.steps(), settings.largest());
        try (Stream<Sample> corpus = world.corpus(settings.problems(), recipe.seed());
                JsonLinesWriter out = JsonLinesWriter.create(run.corpus())) {
            corpus.forEach(sample -> out.write(
                    row(sample.problem(), Map.of("rationale", sample.rationale().text()))));
            out.commit();
        }
        try (Stream<Problem> heldOut = world.heldOut(settings.heldOut(), recipe.seed());
                JsonLinesWriter out = JsonLinesWriter.create(run.heldOut())) {
            heldOut.forEach(problem -> out.write(row(problem, Map.of())));
            out.commit();
        }
        return new PlaygroundResult(settings.problems(), settings.heldOut(), withStudent() ? writeStudent() : 0);
    }

    private long writeStudent() {
        PlaygroundStudent.write(run.student());
        try (LanguageModel model =
                        LanguageModel.create(ModelConfig.read(run.student().resolve("config.json")), recipe.seed());
                Tokenizer tokenizer = Tokenizer.load(run.student())) {
            model.save(run.student(), DType.F32, tokenizer);
            return ParameterShapes.count(model.config());
        } catch (IOException e) {
            throw new UncheckedIOException(run.student() + ": cannot be written", e);
        }
    }

    private static Map<String, String> row(Problem problem, Map<String, String> more) {
        Map<String, String> row = new LinkedHashMap<>();
        row.put("id", problem.id());
        row.put("problem", problem.text());
        row.put("answer", problem.answer());
        row.putAll(more);
        return row;
    }
}
