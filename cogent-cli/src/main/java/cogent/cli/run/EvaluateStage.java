package cogent.cli.run;

import cogent.data.Count;
import cogent.data.InputException;
import cogent.eval.Benchmark;
import cogent.eval.BenchmarkFile;
import cogent.eval.Evaluation;
import cogent.eval.Grader;
import cogent.eval.Question;
import cogent.eval.Regrading;
import cogent.eval.Scores;
import cogent.eval.code.Sandbox;
import cogent.llm.ChatException;
import cogent.llm.run.ChatModels;
import cogent.pipeline.recipe.Recipe;
import cogent.pipeline.recipe.RecipeReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Measures the models of the run on the recipe's benchmarks, and compares them problem by problem. */
record EvaluateStage(Recipe recipe, RunDirectory run) implements Stage {
    /** The models that a run itself has or makes. */
    static final List<String> OWN = List.of("base", "raw", "sft", "cogpo");

    @Override
    public String name() {
        return "evaluate";
    }

    @Override
    public JsonNode settings() {
        ObjectNode settings = Trainings.reading(recipe);
        settings.put("prompt", recipe.format().prompt());
        settings.set("evaluate", RecipeReader.toJson(recipe.evaluate()));
        CurateStage.strip(settings); // where the replies come from and what they cost
        return settings;
    }

    @Override
    public List<Path> inputs() {
        return Stream.concat(
                        models().stream().flatMap(model -> directory(model).stream()),
                        recipe.evaluate().benchmarks().stream().map(this::data))
                .toList();
    }

    @Override
    public List<Path> outputs() {
        List<Path> outputs = new ArrayList<>();
        for (String benchmark : recipe.evaluate().benchmarks()) {
            models().forEach(model -> outputs.add(results(benchmark(benchmark), model)));
        }
        return outputs;
    }

    @Override
    public JsonNode run(StageContext context) {
        Map<Benchmark, Map<String, Scores>> scores = new LinkedHashMap<>();
        try (ChatModels board = new ChatModels(context.database(), Teachers.budget(recipe.teacher()))) {
            context.interrupt().whenAsked(board::stopSending);
            for (String name : models()) {
                try (Answerer model = answerer(name, board)) {
                    for (String benchmarkName : recipe.evaluate().benchmarks()) {
                        Benchmark benchmark = benchmark(benchmarkName);
                        scores.computeIfAbsent(benchmark, _ -> new LinkedHashMap<>())
                                .put(name, measure(name, benchmark, questions(benchmarkName), model, context));
                    }
                }
            }
        }
        return EvaluationSummary.of(scores, Overlap.of(this, scores.keySet()), Names.of(recipe), recipe.evaluate());
    }

    private Answerer answerer(String name, ChatModels board) {
        return directory(name)
                .<Answerer>map(directory -> Answerer.Local.load(name, directory, recipe))
                .orElseGet(() -> new Answerer.Remote(
                        "evaluate.endpoints." + name, Teachers.evaluatedSettings(recipe, name), board));
    }

    private Scores measure(
            String name, Benchmark benchmark, List<Question> questions, Answerer model, StageContext context) {
        try (Answerer.Session session = model.on(benchmark);
                Grader grader = Grader.of(benchmark, this::sandbox)) {
            Scores scores = new Evaluation(
                            benchmark,
                            questions,
                            benchmark.samples(),
                            grader,
                            session.chat(),
                            session.settings(),
                            session.inFlight(),
                            context.interrupt(),
                            p -> context.progress()
                                    .update(
                                            "evaluate",
                                            p.done(),
                                            p.total(),
                                            "answers",
                                            "%s on %s: %.1f %% correct%s"
                                                    .formatted(
                                                            Names.of(recipe).of(name),
                                                            benchmark.name(),
                                                            100.0 * p.right() / Math.max(1, p.done()),
                                                            model.spent())))
                    .run(results(benchmark, name))
                    .orElseThrow(Parked::new);
            if (scores.failed() == scores.samples()) {
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
    JsonNode regrade(Progress progress) {
        Map<Benchmark, Map<String, Scores>> scores = new LinkedHashMap<>();
        for (String name : recipe.evaluate().benchmarks()) {
            Benchmark benchmark = benchmark(name);
            List<Question> questions = questions(name);
            try (Grader grader = Grader.of(benchmark, this::sandbox)) {
                for (String model : models()) {
                    Regrading.Outcome outcome = Regrading.of(benchmark, questions, grader, results(benchmark, model));
                    scores.computeIfAbsent(benchmark, _ -> new LinkedHashMap<>())
                            .put(model, outcome.scores());
                    progress.say(" regraded   %s on %s: %s, %s changed"
                            .formatted(
                                    Names.of(recipe).of(model),
                                    benchmark.name(),
                                    Count.of(outcome.scores().samples(), "answer"),
                                    Count.of(outcome.changed(), "verdict")));
                }
            }
        }
        return EvaluationSummary.of(scores, Overlap.of(this, scores.keySet()), Names.of(recipe), recipe.evaluate());
    }

    /** The questions that the recipe asks of a benchmark. */
    List<Question> questions(String benchmarkName) {
        List<Question> questions = Question.read(benchmark(benchmarkName), data(benchmarkName));
        int limit = recipe.evaluate().limit();
        return limit > 0 ? questions.subList(0, Math.min(limit, questions.size())) : questions;
    }

    /** The models in the order of the recipe: those it names, or all that it has or makes. */
    List<String> models() {
        Recipe.Evaluate settings = recipe.evaluate();
        if (settings.models().isEmpty()) {
            return Stream.concat(OWN.stream().filter(this::has), settings.endpoints().keySet().stream())
                    .toList();
        }
        for (String name : settings.models()) {
            if (!OWN.contains(name) && !settings.endpoints().containsKey(name)) {
                throw new InputException("evaluate.models: \"" + name + "\" is none of base, raw, sft, cogpo"
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
            case "cogpo" -> recipe.aligns() && (recipe.corpus().path() != null || recipe.bringsRows());
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
        for (String name : models()) {
            if (directory(name).isEmpty()) {
                Teachers.evaluated(recipe, name);
            }
        }
        if (recipe.evaluate().benchmarks().stream()
                .anyMatch(name -> benchmark(name).code() != null)) {
            sandbox().close();
        }
    }

    /** The benchmark with the recipe's settings laid over its own. */
    Benchmark benchmark(String name) {
        Benchmark own = Recipe.PLAYGROUND.equals(name)
                ? new Benchmark(
                        name,
                        "Playground, held-out problems",
                        "problems of the built-in world that are in no training row",
                        null,
                        null,
                        recipe.format().prompt(),
                        Benchmark.Grading.MATH,
                        0,
                        1,
                        1,
                        0,
                        1,
                        256,
                        null,
                        null,
                        List.of())
                : BenchmarkFile.load(name);
        Recipe.Evaluate over = recipe.evaluate();
        return own.sampled(
                over.samples() > 0 ? over.samples() : over.quick() ? own.quickSamples() : own.samples(),
                Objects.requireNonNullElse(over.temperature(), own.temperature()),
                Objects.requireNonNullElse(over.topP(), own.topP()),
                over.maxNewTokens() > 0 ? over.maxNewTokens() : own.maxNewTokens());
    }

    Path data(String benchmark) {
        return given(benchmark)
                .orElseThrow(() -> new InputException("evaluate.data: where is the data of " + benchmark
                        + "? Nothing is downloaded; give its file, e.g. --set evaluate.data." + benchmark + "=data/"
                        + benchmark + ".jsonl"));
    }

    /** Where the data of a benchmark is said to lie; empty when nothing is said. */
    Optional<Path> given(String benchmark) {
        if (Recipe.PLAYGROUND.equals(benchmark)) {
            return Optional.of(run.heldOut());
        }
        Map<String, String> given = recipe.evaluate().data();
        String own = BenchmarkFile.load(benchmark).name();
        return Optional.ofNullable(given.getOrDefault(benchmark, given.get(own)))
                .map(Path::of);
    }

    Path results(Benchmark benchmark, String model) {
        return run.evaluation().resolve(benchmark.name()).resolve(model + ".jsonl");
    }
}
