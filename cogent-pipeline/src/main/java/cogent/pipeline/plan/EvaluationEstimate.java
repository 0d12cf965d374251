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
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What it takes to answer the benchmarks, or the training problems. */
final class EvaluationEstimate {
    /** Of an answer besides the model: template, tokens, verdict, its line in the file; what evaluations on two cores took beyond it. */
    private static final double ANSWER_SECONDS = 0.002;

    private final Recipe recipe;
    private final ModelConfig student;
    private final ReplyLengths replies;
    private final Trial trial;

    EvaluationEstimate(Recipe recipe, ModelConfig student, ReplyLengths replies, Trial trial) {
        this.recipe = recipe;
        this.student = student;
        this.replies = replies;
        this.trial = trial;
    }

    /**
     * Texts that one model writes.
     *
     * @param prompt mean tokens
     */
    private record Work(long answers, double prompt, Lengths lengths) {
        double tokens() {
            return answers * lengths.mean();
        }
    }

    Estimate of(EvaluateStage stage) {
        List<Work> own = new ArrayList<>();
        List<Work> endpoints = new ArrayList<>();
        double seconds = 0;
        List<String> work = new ArrayList<>();
        for (String name : recipe.evaluate().benchmarks()) {
            Benchmark benchmark = stage.benchmarks().of(name);
            long answers = problems(stage, name) * benchmark.samples();
            work.add(name + " %,d × %d".formatted(answers / benchmark.samples(), benchmark.samples()));
            for (String model : stage.models()) {
                Work texts = new Work(
                        answers,
                        replies.prompt(stage, name),
                        replies.of(stage, name, model).upTo(benchmark.maxNewTokens()));
                if (recipe.evaluate().endpoints().containsKey(model)) {
                    endpoints.add(texts);
                    seconds += CurationEstimate.seconds(
                            recipe.evaluate().endpoints().get(model),
                            (double) answers,
                            texts.tokens() + (double) answers * texts.prompt(),
                            texts.tokens());
                } else {
                    own.add(texts);
                }
            }
        }
        long models = stage.models().stream()
                .filter(model -> !recipe.evaluate().endpoints().containsKey(model))
                .count();
        Estimate estimate = timed(
                Estimate.of(String.join(", ", work) + " for " + String.join(", ", stage.models())),
                own,
                recipe.evaluate().batchSize(),
                models,
                seconds);
        return endpoints.isEmpty() ? estimate : estimate.assuming(CurationEstimate.speed());
    }

    /** What it takes the SFT model to answer its own training problems, all of which are taken to pass the curation. */
    Estimate onPolicy(CorpusSize corpus) {
        OnPolicyConfig settings = recipe.onPolicy();
        long problems = settings.problems() > 0 ? Math.min(settings.problems(), corpus.rows()) : corpus.rows();
        return timed(
                Estimate.of("%s × %d for sft".formatted(Count.of(problems, "training problem"), settings.samples())),
                List.of(new Work(
                        problems * settings.samples(),
                        corpus.prompt(),
                        replies.trained().upTo(settings.maxNewTokens()))),
                settings.batchSize(),
                1,
                0);
    }

    /** Memory: weights, and keys and values of the texts under way. Time: as the trial took. */
    private Estimate timed(Estimate estimate, List<Work> own, int batchSize, long models, double others) {
        double tokens = own.stream().mapToDouble(Work::tokens).sum();
        double seconds = others;
        double memory = 0;
        double speed = 0;
        for (Work work : own) {
            int batch = Math.clamp(work.answers(), 1, batchSize);
            DType dtype = recipe.student().dtype().type();
            // several texts on a CPU are written with weights that are packed beside them
            int weights = batch > 1 && recipe.student().device().equals("cpu") ? 2 : 1;
            double positions = batch * (work.prompt() + work.lengths().mean());
            double cache = KvCache.bytesPerPosition(
                    student, new Device(recipe.student().device()), dtype);
            memory = Math.max(
                    memory,
                    Estimate.PROCESS_BYTES
                            + (double) weights * dtype.bytes() * ParameterShapes.count(student)
                            + positions * cache
                            + (double) batch * KvCache.bytesPerSlot(student));
            Optional<Answering> answering = trial.answering(batch, (int) Math.round(work.prompt()), (int)
                    Math.round(work.lengths().mean()));
            if (answering.isEmpty()) {
                return estimate.with("tokens", tokens).with("memory_bytes", memory);
            }
            seconds += answering.get().seconds(work.lengths().draw(work.answers()), batch)
                    + work.answers() * ANSWER_SECONDS;
            speed = answering.get().tokensPerSecond(batch);
        }
        Estimate sized = estimate.with("answers", (double)
                        own.stream().mapToLong(Work::answers).sum())
                .with("tokens", tokens);
        return (own.isEmpty() ? sized : sized.with("memory_bytes", memory).with("tokens_per_second", speed))
                .with("seconds", seconds + models * trial.loadSeconds())
                .measured();
    }

    private long problems(EvaluateStage stage, String name) {
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
