package cogent.pipeline.plan;

import cogent.data.Count;
import cogent.data.InputException;
import cogent.eval.Benchmark;
import cogent.model.hf.ModelConfig;
import cogent.model.hf.ParameterShapes;
import cogent.model.tensor.MachineSpeed;
import cogent.pipeline.evaluate.EvaluateStage;
import cogent.pipeline.recipe.OnPolicyConfig;
import cogent.pipeline.recipe.Recipe;
import java.nio.file.Files;
import java.util.function.Supplier;

/** What it takes to answer the benchmarks, if answers are as long as the corpus's rationales. */
final class EvaluationEstimate {
    /** Time of a decoding step that is neither arithmetic nor reading weights, per layer; measured on two cores. */
    private static final double LAYER_SECONDS = 0.001;

    private EvaluationEstimate() {}

    static Estimate of(
            Recipe recipe, EvaluateStage stage, ModelConfig model, CorpusSize corpus, Supplier<MachineSpeed> machine) {
        long answers = 0;
        double tokens = 0;
        StringBuilder work = new StringBuilder();
        int models = stage.models().size();
        for (String name : recipe.evaluate().benchmarks()) {
            Benchmark benchmark = stage.benchmarks().of(name);
            long problems = problems(recipe, stage, name);
            work.append(work.isEmpty() ? "" : ", ")
                    .append(name)
                    .append(" %,d × %d".formatted(problems, benchmark.samples()));
            answers += models * problems * benchmark.samples();
            tokens += models * problems * benchmark.samples() * Math.min(benchmark.maxNewTokens(), corpus.rationale());
        }
        return Estimate.of(work + " for " + String.join(", ", stage.models()))
                .with("answers", (double) answers)
                .with("tokens", tokens)
                .with("seconds", seconds(recipe.evaluate().batchSize(), model, corpus, answers, tokens, machine.get()));
    }

    /** What it takes the SFT model to answer its own training problems, all of which are taken to pass the curation. */
    static Estimate onPolicy(Recipe recipe, ModelConfig model, CorpusSize corpus, Supplier<MachineSpeed> machine) {
        OnPolicyConfig settings = recipe.onPolicy();
        long problems = settings.problems() > 0 ? Math.min(settings.problems(), corpus.rows()) : corpus.rows();
        long answers = problems * settings.samples();
        double tokens = answers * Math.min(settings.maxNewTokens(), corpus.rationale());
        return Estimate.of("%s × %d for sft".formatted(Count.of(problems, "training problem"), settings.samples()))
                .with("answers", (double) answers)
                .with("tokens", tokens)
                .with("seconds", seconds(settings.batchSize(), model, corpus, answers, tokens, machine.get()));
    }

    private static double seconds(
            int batchSize, ModelConfig model, CorpusSize corpus, long answers, double tokens, MachineSpeed machine) {
        double batch = Math.clamp(answers, 1, batchSize);
        double flops = 2.0 * ParameterShapes.count(model) / (Estimate.OF_PEAK * machine.gemmFlops());
        double step = Math.max(Float.BYTES * (double) ParameterShapes.count(model) / machine.copyBytes(), batch * flops)
                + model.layers() * LAYER_SECONDS;
        return answers * corpus.problem() * flops + tokens / batch * step;
    }

    private static long problems(Recipe recipe, EvaluateStage stage, String name) {
        int limit = recipe.evaluate().limit() > 0 ? recipe.evaluate().limit() : Integer.MAX_VALUE;
        if (Recipe.PLAYGROUND.equals(name)) {
            return Math.min(limit, recipe.playground().heldOut());
        }
        if (!Files.exists(stage.benchmarks().data(name))) {
            throw new InputException(
                    "the data of " + name + ", " + stage.benchmarks().data(name) + ", is not there");
        }
        return stage.benchmarks().questions(name).size();
    }
}
