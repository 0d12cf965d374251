package cogent.cli.run;

import cogent.cli.recipe.Recipe;
import cogent.cli.recipe.RecipeReader;
import cogent.data.InputException;
import cogent.eval.Benchmark;
import cogent.eval.BenchmarkFile;
import cogent.eval.Comparison;
import cogent.eval.Evaluation;
import cogent.eval.Question;
import cogent.eval.Scores;
import cogent.model.LanguageModel;
import cogent.model.Sampling;
import cogent.model.Tokenizer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Measures the models of the run on the recipe's benchmarks, and compares them problem by problem. */
record EvaluateStage(Recipe recipe, RunDirectory run) implements Stage {
    @Override
    public String name() {
        return "evaluate";
    }

    @Override
    public JsonNode settings() {
        ObjectNode settings = JsonMapper.shared().createObjectNode();
        settings.put("seed", recipe.seed());
        settings.put("device", recipe.student().device());
        settings.put("prompt", recipe.format().prompt());
        settings.set("evaluate", RecipeReader.toJson(recipe.evaluate()));
        return settings;
    }

    @Override
    public List<Path> inputs() {
        return Stream.concat(
                        models().values().stream(),
                        recipe.evaluate().benchmarks().stream().map(this::data))
                .toList();
    }

    @Override
    public List<Path> outputs() {
        List<Path> outputs = new ArrayList<>();
        for (String benchmark : recipe.evaluate().benchmarks()) {
            models().keySet().forEach(model -> outputs.add(results(benchmark(benchmark), model)));
        }
        return outputs;
    }

    @Override
    public JsonNode run(StageContext context) {
        Map<String, Map<String, Scores>> scores = new LinkedHashMap<>();
        models().forEach((name, directory) -> {
            try (LanguageModel model = Trainings.load(recipe, directory);
                    Tokenizer tokenizer = Tokenizer.load(directory)) {
                for (String benchmark : recipe.evaluate().benchmarks()) {
                    scores.computeIfAbsent(benchmark, _ -> new LinkedHashMap<>())
                            .put(name, measure(name, directory, benchmark, model, tokenizer, context));
                }
            }
        });
        return summary(scores);
    }

    private Scores measure(
            String name,
            Path directory,
            String benchmarkName,
            LanguageModel model,
            Tokenizer tokenizer,
            StageContext context) {
        Benchmark benchmark = benchmark(benchmarkName);
        Recipe.Evaluate settings = recipe.evaluate();
        List<Question> questions = Question.read(benchmark, data(benchmarkName));
        if (settings.limit() > 0) {
            questions = questions.subList(0, Math.min(settings.limit(), questions.size()));
        }
        Sampling sampling = new Sampling(benchmark.temperature(), 0, benchmark.topP(), 0);
        try (LocalChat chat = new LocalChat(
                name,
                model,
                tokenizer,
                settings.batchSize(),
                benchmark.maxNewTokens(),
                sampling,
                recipe.seed(),
                Trainings.DATE)) {
            return new Evaluation(
                            benchmark,
                            questions,
                            benchmark.samples(),
                            chat,
                            Manifest.hashes(List.of(directory)) + " " + sampling + " " + benchmark.maxNewTokens() + " "
                                    + recipe.seed(),
                            2 * settings.batchSize(),
                            context.interrupt(),
                            p -> context.progress()
                                    .update(
                                            "evaluate",
                                            p.done(),
                                            p.total(),
                                            "answers",
                                            "%s on %s: %.1f %% correct"
                                                    .formatted(
                                                            Names.of(name),
                                                            benchmark.name(),
                                                            100.0 * p.right() / Math.max(1, p.done()))))
                    .run(results(benchmark, name))
                    .orElseThrow(Parked::new);
        }
    }

    /** The models that this run has or will have, in the order of the recipe. */
    private Map<String, Path> models() {
        Map<String, Path> models = new LinkedHashMap<>();
        for (String name : recipe.evaluate().models()) {
            switch (name) {
                case "base" -> models.put(name, Students.base(recipe, run));
                case "raw" -> putIf(recipe.rawSft().enabled(), models, name);
                case "sft" -> putIf(true, models, name);
                case "cogpo" -> putIf(recipe.align().enabled(), models, name);
                default ->
                    throw new InputException("evaluate.models: \"" + name + "\" is none of base, raw, sft, cogpo");
            }
        }
        return models;
    }

    private void putIf(boolean made, Map<String, Path> models, String name) {
        if (made) {
            models.put(name, run.model(name));
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
                        0,
                        1,
                        256)
                : BenchmarkFile.load(name);
        Recipe.Evaluate over = recipe.evaluate();
        return new Benchmark(
                own.name(),
                own.title(),
                own.about(),
                own.fields(),
                own.choices(),
                own.prompt(),
                own.grading(),
                own.tolerance(),
                over.samples() > 0 ? over.samples() : own.samples(),
                Objects.requireNonNullElse(over.temperature(), own.temperature()),
                Objects.requireNonNullElse(over.topP(), own.topP()),
                over.maxNewTokens() > 0 ? over.maxNewTokens() : own.maxNewTokens());
    }

    Path data(String benchmark) {
        if (Recipe.PLAYGROUND.equals(benchmark)) {
            return run.heldOut();
        }
        String path = recipe.evaluate().data().get(benchmark);
        if (path == null) {
            throw new InputException("evaluate.data: where is the data of " + benchmark
                    + "? Nothing is downloaded; give its file, e.g. --set evaluate.data." + benchmark + "=data/"
                    + benchmark + ".jsonl");
        }
        return Path.of(path);
    }

    Path results(Benchmark benchmark, String model) {
        return run.evaluation().resolve(benchmark.name()).resolve(model + ".jsonl");
    }

    private JsonNode summary(Map<String, Map<String, Scores>> all) {
        ObjectNode json = JsonMapper.shared().createObjectNode();
        ArrayNode benchmarks = json.putArray("benchmarks");
        List<String> lines = new ArrayList<>();
        all.forEach((name, byModel) -> {
            Benchmark benchmark = benchmark(name);
            ObjectNode entry = benchmarks.addObject();
            entry.put("name", benchmark.name()).put("title", benchmark.title());
            entry.put("decoding", decoding(benchmark));
            ArrayNode models = entry.putArray("models");
            byModel.forEach((model, scores) -> {
                models.add(scores(model, scores));
                lines.add("%s %.1f %%".formatted(Names.of(model), 100 * scores.accuracy()));
            });
            compare(entry.putArray("comparisons"), byModel);
        });
        return json.put("line", String.join(", ", lines));
    }

    private static String decoding(Benchmark benchmark) {
        String how = benchmark.temperature() == 0
                ? "greedy"
                : "temperature %s, top-p %s".formatted(benchmark.temperature(), benchmark.topP());
        return benchmark.samples() == 1 ? how : how + ", " + benchmark.samples() + " samples";
    }

    private static ObjectNode scores(String model, Scores scores) {
        return JsonMapper.shared()
                .createObjectNode()
                .put("model", model)
                .put("correct", scores.right())
                .put("n", scores.samples())
                .put("accuracy", scores.accuracy())
                .put("low", scores.interval().low())
                .put("high", scores.interval().high())
                .put("mean_tokens", scores.meanTokens())
                .put("truncated", scores.truncated())
                .put("unparsed", scores.unstated())
                .put("undecided", scores.undecided());
    }

    /** Every model against the first, and every one against the one before it. */
    private static void compare(ArrayNode comparisons, Map<String, Scores> byModel) {
        List<String> models = List.copyOf(byModel.keySet());
        for (int i = 1; i < models.size(); i++) {
            comparisons.add(comparison(models.get(i), models.getFirst(), byModel));
            if (i > 1) {
                comparisons.add(comparison(models.get(i), models.get(i - 1), byModel));
            }
        }
    }

    private static ObjectNode comparison(String model, String baseline, Map<String, Scores> byModel) {
        Comparison c = Comparison.of(
                Objects.requireNonNull(byModel.get(model)), Objects.requireNonNull(byModel.get(baseline)));
        return JsonMapper.shared()
                .createObjectNode()
                .put("model", model)
                .put("baseline", baseline)
                .put("difference", c.difference())
                .put("low", c.interval().low())
                .put("high", c.interval().high())
                .put("p", c.pValue())
                .put("gained", c.gained())
                .put("lost", c.lost())
                .put("n", c.n());
    }
}
