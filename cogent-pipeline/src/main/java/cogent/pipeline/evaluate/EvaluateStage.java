package cogent.pipeline.evaluate;

import cogent.data.InputException;
import cogent.eval.Benchmark;
import cogent.eval.Grader;
import cogent.eval.Question;
import cogent.eval.Regrading;
import cogent.eval.ResultRow;
import cogent.eval.Scores;
import cogent.eval.code.Sandbox;
import cogent.llm.ChatException;
import cogent.llm.run.ChatModels;
import cogent.pipeline.curate.Teachers;
import cogent.pipeline.keys.RecordJson;
import cogent.pipeline.recipe.EvaluateConfig;
import cogent.pipeline.recipe.Recipe;
import cogent.pipeline.result.EvaluateResult;
import cogent.pipeline.result.StageResult;
import cogent.pipeline.run.Benchmarks;
import cogent.pipeline.run.ModelNames;
import cogent.pipeline.run.PipelineEvent;
import cogent.pipeline.run.PipelineListener;
import cogent.pipeline.run.RunDirectory;
import cogent.pipeline.run.Stage;
import cogent.pipeline.run.StageContext;
import cogent.pipeline.run.Students;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Measures the models of the run on the recipe's benchmarks, and compares them problem by problem. */
public record EvaluateStage(Recipe recipe, RunDirectory run, Benchmarks benchmarks) implements Stage {
    /** The models that a run itself has or makes. */
    static final List<String> OWN = List.of("base", "raw", "sft", ModelNames.ALIGNED, ModelNames.DISTILLED);

    public EvaluateStage(Recipe recipe, RunDirectory run) {
        this(recipe, run, new Benchmarks(recipe, run));
    }

    @Override
    public String name() {
        return "evaluate";
    }

    @Override
    public JsonNode settings() {
        ObjectNode settings = Students.reading(recipe);
        settings.put("prompt", recipe.format().prompt());
        settings.set("evaluate", RecordJson.identity(recipe.evaluate()));
        return settings;
    }

    @Override
    public List<Path> inputs() {
        return Stream.concat(
                        models().stream().flatMap(model -> directory(model).stream()),
                        recipe.evaluate().benchmarks().stream().map(benchmarks::data))
                .toList();
    }

    @Override
    public List<Path> outputs() {
        List<Path> outputs = new ArrayList<>();
        for (String benchmark : recipe.evaluate().benchmarks()) {
            models().forEach(model -> outputs.add(benchmarks.results(benchmarks.of(benchmark), model)));
        }
        return outputs;
    }

    /** Questions that an endpoint did not answer: it may, another time. */
    @Override
    public Optional<String> leftOpen() {
        boolean open = recipe.evaluate().benchmarks().stream()
                .map(benchmarks::of)
                .anyMatch(benchmark -> models().stream()
                        .filter(model -> directory(model).isEmpty())
                        .anyMatch(model -> ResultRow.anyFailed(benchmarks.results(benchmark, model))));
        return open ? Optional.of("some questions were not answered") : Optional.empty();
    }

    @Override
    public StageResult run(StageContext context) {
        recipe.evaluate().benchmarks().forEach(name -> tellUnused(name, context));
        Map<Benchmark, Map<String, Scores>> scores = new LinkedHashMap<>();
        try (ChatModels board = new ChatModels(context.database(), Teachers.budget(recipe.teacher()))) {
            context.stop().whenAsked(board::stopSending);
            try {
                for (String name : models()) {
                    measure(name, board, scores, context);
                }
            } finally {
                context.adapted(name(), board);
            }
        }
        return EvaluationSummary.of(scores, OverlapCheck.of(benchmarks, scores.keySet()), recipe.evaluate());
    }

    private void tellUnused(String benchmark, StageContext context) {
        List<String> unused = Question.unused(benchmarks.of(benchmark), benchmarks.data(benchmark));
        if (!unused.isEmpty()) {
            context.listener()
                    .on(new PipelineEvent.Warning(
                            name(), "fields of " + benchmark + " that are not used: " + String.join(", ", unused)));
        }
    }

    @Override
    public boolean isParallel() {
        return models().stream().anyMatch(name -> directory(name).isPresent());
    }

    /** Endpoints are asked by the first rank alone: their limits are of one process. */
    @Override
    public void help(StageContext context) {
        for (String name : models()) {
            directory(name).ifPresent(directory -> {
                try (EvaluatedModel model = EvaluatedModel.Local.load(name, directory, recipe)) {
                    for (String benchmark : recipe.evaluate().benchmarks()) {
                        Scores _ = measure(
                                name, benchmarks.of(benchmark), benchmarks.questions(benchmark), model, context);
                    }
                }
            });
        }
    }

    private void measure(
            String name, ChatModels board, Map<Benchmark, Map<String, Scores>> scores, StageContext context) {
        try (EvaluatedModel model = answerer(name, board)) {
            for (String benchmarkName : recipe.evaluate().benchmarks()) {
                Benchmark benchmark = benchmarks.of(benchmarkName);
                scores.computeIfAbsent(benchmark, _ -> new LinkedHashMap<>())
                        .put(name, measure(name, benchmark, benchmarks.questions(benchmarkName), model, context));
            }
        }
    }

    private EvaluatedModel answerer(String name, ChatModels board) {
        return directory(name)
                .<EvaluatedModel>map(directory -> EvaluatedModel.Local.load(name, directory, recipe))
                .orElseGet(() -> new EvaluatedModel.Remote(
                        "evaluate.endpoints." + name, Teachers.evaluatedSettings(recipe, name), board));
    }

    private Scores measure(
            String name, Benchmark benchmark, List<Question> questions, EvaluatedModel model, StageContext context) {
        try (EvaluatedModel.Session session = model.on(benchmark);
                Grader grader = Grader.of(benchmark, this::sandbox)) {
            Scores scores = model.answers(
                    session,
                    benchmark,
                    questions,
                    grader,
                    benchmarks.results(benchmark, name),
                    new EvaluatedModel.Listener(context, name(), name, benchmark.name()));
            if (scores.failed() == scores.samples() && scores.samples() > 0) {
                throw new ChatException(
                        ChatException.Kind.REQUEST,
                        name + " answered no question of " + benchmark.name() + ": "
                                + scores.problems()
                                        .getFirst()
                                        .samples()
                                        .getFirst()
                                        .grade()
                                        .verdict()
                                        .reason());
            }
            return scores;
        }
    }

    private Sandbox sandbox() {
        if (recipe.evaluate().unsandboxed()) {
            return Sandbox.none();
        }
        try {
            return Sandbox.open();
        } catch (InputException e) {
            throw new InputException(
                    e.getMessage()
                            + ". Programs that a model wrote are not run without one, unless you insist: on a machine"
                            + " with nothing to lose, --set evaluate.unsandboxed=true",
                    e);
        }
    }

    /**
     * Judges the replies of the finished evaluation anew, without asking a model.
     *
     * @throws InputException when there is no finished evaluation of this recipe
     */
    public EvaluateResult regrade(PipelineListener listener) {
        Map<Benchmark, Map<String, Scores>> scores = new LinkedHashMap<>();
        for (String name : recipe.evaluate().benchmarks()) {
            Benchmark benchmark = benchmarks.of(name);
            List<Question> questions = benchmarks.questions(name);
            try (Grader grader = Grader.of(benchmark, this::sandbox)) {
                for (String model : models()) {
                    Regrading.Outcome outcome =
                            Regrading.of(benchmark, questions, grader, benchmarks.results(benchmark, model));
                    scores.computeIfAbsent(benchmark, _ -> new LinkedHashMap<>())
                            .put(model, outcome.scores());
                    listener.on(new PipelineEvent.AnswersRegraded(
                            model, benchmark.name(), outcome.scores().samples(), outcome.changed()));
                }
            }
        }
        return EvaluationSummary.of(scores, OverlapCheck.of(benchmarks, scores.keySet()), recipe.evaluate());
    }

    /** The models in the order of the recipe: those it names, or all that it has or makes. */
    public List<String> models() {
        EvaluateConfig settings = recipe.evaluate();
        if (settings.models().isEmpty()) {
            return Stream.concat(OWN.stream().filter(this::has), settings.endpoints().keySet().stream())
                    .toList();
        }
        for (String name : settings.models()) {
            if (!OWN.contains(name) && !settings.endpoints().containsKey(name)) {
                throw new InputException("evaluate.models: \"" + name
                        + "\" is none of base, raw, sft, aligned, distilled"
                        + (name.equals("cogpo") ? " (what was cogpo is called aligned now)" : "")
                        + (settings.endpoints().isEmpty()
                                ? ", and evaluate.endpoints names none"
                                : ", nor of evaluate.endpoints: "
                                        + String.join(", ", settings.endpoints().keySet())));
            }
        }
        return settings.models().stream()
                .filter(name -> !OWN.contains(name) || name.equals("base") || has(name))
                .toList();
    }

    private boolean has(String own) {
        return switch (own) {
            case "base" -> recipe.student().model() != null;
            case "raw" -> recipe.rawSft().enabled();
            case ModelNames.ALIGNED -> recipe.aligns() && (recipe.corpus().path() != null || recipe.bringsRows());
            case ModelNames.DISTILLED -> recipe.distils();
            default -> recipe.corpus().path() != null || recipe.sft().rows() != null;
        };
    }

    /** Where a model of the run lies; empty for an endpoint. */
    private Optional<Path> directory(String model) {
        return recipe.evaluate().endpoints().containsKey(model)
                ? Optional.empty()
                : Optional.of(model.equals("base") ? Students.base(recipe, run) : run.model(model));
    }

    @Override
    public void check() {
        List<String> missing = new ArrayList<>();
        for (String name : models()) {
            if (directory(name).isEmpty()) {
                try {
                    Teachers.evaluated(recipe, name);
                } catch (InputException e) {
                    missing.add(String.valueOf(e.getMessage()));
                }
            }
        }
        for (String name : recipe.evaluate().benchmarks()) {
            // the playground's is made in the run, and the tests of programs are too many to read twice
            if (Files.exists(benchmarks.data(name)) && benchmarks.of(name).code() == null) {
                try {
                    List<Question> _ = benchmarks.questions(name);
                } catch (InputException e) {
                    missing.add(String.valueOf(e.getMessage()));
                }
            }
        }
        if (!missing.isEmpty()) {
            throw new InputException(String.join("\n", missing));
        }
        if (recipe.evaluate().benchmarks().stream()
                .anyMatch(name -> benchmarks.of(name).code() != null)) {
            sandbox().close();
        }
    }
}
