package cogent.pipeline.run;

import cogent.data.InputException;
import cogent.eval.Benchmark;
import cogent.eval.BenchmarkFile;
import cogent.eval.Question;
import cogent.pipeline.recipe.EvaluateConfig;
import cogent.pipeline.recipe.Recipe;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** The benchmarks of a recipe: how they are asked, where their data lies and where the answers of a run go. */
public record Benchmarks(Recipe recipe, RunDirectory run) {
    /** The questions that the recipe asks of a benchmark. */
    public List<Question> questions(String benchmarkName) {
        List<Question> questions = Question.read(of(benchmarkName), data(benchmarkName));
        int limit = recipe.evaluate().limit();
        return limit > 0 ? questions.subList(0, Math.min(limit, questions.size())) : questions;
    }

    /** The benchmark with the recipe's settings laid over its own. */
    public Benchmark of(String name) {
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
        EvaluateConfig over = recipe.evaluate();
        return own.sampled(
                over.samples() > 0 ? over.samples() : over.quick() ? own.quickSamples() : own.samples(),
                Objects.requireNonNullElse(over.temperature(), own.temperature()),
                Objects.requireNonNullElse(over.topP(), own.topP()),
                over.maxNewTokens() > 0 ? over.maxNewTokens() : own.maxNewTokens());
    }

    public Path data(String benchmark) {
        return given(benchmark)
                .orElseThrow(() -> new InputException("evaluate.data: where is the data of " + benchmark
                        + "? Give its file, e.g. --set evaluate.data." + benchmark + "=data/" + benchmark
                        + ".jsonl, or its name on the hub: hf://datasets/OWNER/NAME/CONFIGURATION/SPLIT"));
    }

    /** Where the data of a benchmark is said to lie; empty when nothing is said. */
    public Optional<Path> given(String benchmark) {
        if (Recipe.PLAYGROUND.equals(benchmark)) {
            return Optional.of(run.heldOut());
        }
        Map<String, String> given = recipe.evaluate().data();
        String own = BenchmarkFile.load(benchmark).name();
        return Optional.ofNullable(given.getOrDefault(benchmark, given.get(own)))
                .map(HubNames.ofEnvironment()::data);
    }

    public Path results(Benchmark benchmark, String model) {
        return run.evaluation().resolve(benchmark.name()).resolve(model + ".jsonl");
    }
}
