package cogent.pipeline.plan;

import cogent.data.Count;
import cogent.data.InputException;
import cogent.eval.Benchmark;
import cogent.model.decoder.KvCache;
import cogent.model.hf.ModelConfig;
import cogent.model.hf.ParameterShapes;
import cogent.model.tensor.DType;
import cogent.model.tensor.Device;
import cogent.pipeline.evaluate.EvaluateStage;
import cogent.pipeline.recipe.OnPolicyConfig;
import cogent.pipeline.recipe.Recipe;
import java.nio.file.Files;

/** What it takes to answer the benchmarks, if answers are as long as the corpus's rationales. */
final class EvaluationEstimate {
    private EvaluationEstimate() {}

    static Estimate of(Recipe recipe, EvaluateStage stage, CorpusSize corpus, ModelConfig student, Trial trial) {
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
        Estimate estimate = Estimate.of(work + " for " + String.join(", ", stage.models()))
                .with("answers", (double) answers)
                .with("tokens", tokens);
        return measured(estimate, recipe, student, recipe.evaluate().batchSize(), corpus, answers, tokens, trial);
    }

    /** What it takes the SFT model to answer its own training problems, all of which are taken to pass the curation. */
    static Estimate onPolicy(Recipe recipe, CorpusSize corpus, ModelConfig student, Trial trial) {
        OnPolicyConfig settings = recipe.onPolicy();
        long problems = settings.problems() > 0 ? Math.min(settings.problems(), corpus.rows()) : corpus.rows();
        long answers = problems * settings.samples();
        double tokens = answers * Math.min(settings.maxNewTokens(), corpus.rationale());
        Estimate estimate = Estimate.of(
                        "%s × %d for sft".formatted(Count.of(problems, "training problem"), settings.samples()))
                .with("answers", (double) answers)
                .with("tokens", tokens);
        return measured(estimate, recipe, student, settings.batchSize(), corpus, answers, tokens, trial);
    }

    /** Memory: weights, and keys and values of the texts under way. Time: as the trial took. */
    private static Estimate measured(
            Estimate estimate,
            Recipe recipe,
            ModelConfig student,
            int batchSize,
            CorpusSize corpus,
            long answers,
            double tokens,
            Trial trial) {
        int batch = Math.clamp(answers, 1, batchSize);
        DType dtype = recipe.student().dtype().type();
        double positions = batch * (corpus.prompt() + tokens / Math.max(1, answers));
        double cache =
                KvCache.bytesPerPosition(student, new Device(recipe.student().device()), dtype);
        Estimate sized = estimate.with(
                "memory_bytes",
                Estimate.PROCESS_BYTES
                        + (double) dtype.bytes() * ParameterShapes.count(student)
                        + positions * cache
                        + (double) batch * KvCache.bytesPerSlot(student));
        return trial.answering(batch, (int) Math.round(corpus.prompt()))
                .map(one -> sized.with("tokens_per_second", batch / one.stepSeconds())
                        .with("seconds", answers * one.promptSeconds() + tokens / batch * one.stepSeconds()))
                .orElse(sized);
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
