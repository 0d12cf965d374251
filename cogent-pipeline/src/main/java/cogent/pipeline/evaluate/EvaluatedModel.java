package cogent.pipeline.evaluate;

import cogent.data.Sha256;
import cogent.eval.Benchmark;
import cogent.eval.Evaluation;
import cogent.eval.Grader;
import cogent.eval.Question;
import cogent.eval.Scores;
import cogent.llm.ChatModel;
import cogent.llm.SamplingParams;
import cogent.llm.meter.Meter;
import cogent.llm.openai.Endpoint;
import cogent.llm.run.ChatModels;
import cogent.local.LocalChatModel;
import cogent.model.decoder.LanguageModel;
import cogent.model.generate.Penalties;
import cogent.model.generate.Sampler;
import cogent.model.tensor.Ranks;
import cogent.model.text.Tokenizer;
import cogent.pipeline.curate.Teachers;
import cogent.pipeline.recipe.EndpointConfig;
import cogent.pipeline.recipe.EvaluateConfig;
import cogent.pipeline.recipe.Recipe;
import cogent.pipeline.run.Manifest;
import cogent.pipeline.run.StageContext;
import cogent.pipeline.run.StageDetail;
import cogent.pipeline.run.StoppedException;
import cogent.pipeline.run.Students;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** A model under evaluation, in this process or behind an endpoint; it answers as each benchmark wants it sampled. */
public interface EvaluatedModel extends AutoCloseable {
    /**
     * The model on one benchmark.
     *
     * @param settings all that replies depend on besides the prompt
     * @param inFlight calls on their way at once
     * @param group replies that are written in the same company whenever they are; {@link Integer#MAX_VALUE}: company may change
     * @param end frees what the benchmark took
     */
    record Session(ChatModel chat, String settings, int inFlight, int group, Runnable end) implements AutoCloseable {
        @Override
        public void close() {
            end.run();
        }

        /** Where company is fixed replies depend on it too: on all questions, and how they are dealt. */
        private String settings(List<Question> questions, int samples, Ranks ranks) {
            if (group == Integer.MAX_VALUE) {
                return settings;
            }
            Sha256 company = new Sha256();
            questions.forEach(question -> company.addPart(question.prompt()));
            return "%s in groups of %d of %s, %d times, by %d"
                    .formatted(settings, group, company.hex(), samples, ranks.count());
        }
    }

    Session on(Benchmark benchmark);

    /** Who is told of the answers, and under which names of stage, model and questions. */
    record Listener(StageContext context, String stage, String model, String questions) {}

    /**
     * Its answers to the questions, judged; what the results file holds already is not asked again.
     *
     * @throws StoppedException when the run was asked to stop
     */
    default Scores answers(
            Session session,
            Benchmark benchmark,
            List<Question> questions,
            Grader grader,
            Path results,
            Listener listener) {
        StageContext context = listener.context;
        String settings = session.settings(questions, benchmark.samples(), dealtTo(context));
        return new DividedAnswers(dealtTo(context), results)
                .of(
                        questions,
                        (own, file) -> new Evaluation(
                                        benchmark,
                                        own,
                                        grader,
                                        session.chat(),
                                        settings,
                                        session.inFlight(),
                                        session.group())
                                .run(
                                        file,
                                        context.stop()::asked,
                                        p -> context.progress(
                                                listener.stage,
                                                p.done(),
                                                p.total(),
                                                "answers",
                                                new StageDetail.Answering(
                                                        listener.model,
                                                        listener.questions,
                                                        (double) p.right() / Math.max(1, p.done()),
                                                        spent()))))
                .orElseThrow(StoppedException::new);
    }

    /** The ranks that answer a part each: all for a model that each has, the first alone for an endpoint. */
    default Ranks dealtTo(StageContext context) {
        return Ranks.alone();
    }

    /** What its calls came to so far; empty where nothing is counted. */
    Optional<Meter.Snapshot> spent();

    @Override
    void close();

    /** A Hugging Face directory, loaded once for all benchmarks. */
    record Local(String name, Path directory, Recipe recipe, LanguageModel model, Tokenizer tokenizer)
            implements EvaluatedModel {
        /** Times what is written at once: at the end of a group places stay empty, and what an interruption cut off is written again. */
        private static final int GROUP = 8;

        public static Local load(String name, Path directory, Recipe recipe) {
            LanguageModel model = Students.loadToRead(recipe, directory);
            try {
                return new Local(name, directory, recipe, model, Tokenizer.load(directory));
            } catch (RuntimeException e) {
                model.close();
                throw e;
            }
        }

        @Override
        public Session on(Benchmark benchmark) {
            EvaluateConfig evaluate = recipe.evaluate();
            Sampler sampling = new Sampler(
                    benchmark.temperature(),
                    evaluate.topK(),
                    benchmark.topP(),
                    evaluate.minP(),
                    Penalties.repetition(evaluate.repetitionPenalty()));
            return drawing(sampling, benchmark.maxNewTokens(), evaluate.batchSize());
        }

        /** @param batch replies written at once */
        public Session drawing(Sampler sampling, int maxNewTokens, int batch) {
            LocalChatModel chat = LocalChatModel.of(
                    name,
                    model,
                    tokenizer,
                    new LocalChatModel.Settings(
                            batch,
                            maxNewTokens,
                            sampling,
                            recipe.seed(),
                            Students.CLOCK,
                            recipe.student().chatTemplateKwargs()));
            String settings = Manifest.hashes(List.of(directory)) + " " + sampling + " " + maxNewTokens + " "
                    + recipe.seed() + Students.template(recipe);
            int group = recipe.student().deterministic() ? GROUP * batch : Integer.MAX_VALUE;
            return new Session(chat, settings, 2 * batch, group, chat::close);
        }

        @Override
        public Ranks dealtTo(StageContext context) {
            return context.ranks();
        }

        @Override
        public Optional<Meter.Snapshot> spent() {
            return Optional.empty();
        }

        @Override
        public void close() {
            tokenizer.close();
            model.close();
        }
    }

    /**
     * An OpenAI-compatible endpoint; its replies go into {@code run.db} like those of the agents.
     *
     * @param settings the recipe's; sampling that it leaves open is the benchmark's
     */
    record Remote(String key, EndpointConfig settings, ChatModels board) implements EvaluatedModel {
        @Override
        public Session on(Benchmark benchmark) {
            Endpoint endpoint = Teachers.endpoint(settings, key);
            SamplingParams own = endpoint.sampling();
            Endpoint sampled = endpoint.withSampling(new SamplingParams(
                    Objects.requireNonNullElse(own.temperature(), benchmark.temperature()),
                    Objects.requireNonNullElse(own.topP(), benchmark.topP()),
                    Objects.requireNonNullElse(own.maxTokens(), benchmark.maxNewTokens()),
                    own.seed(),
                    own.reasoningEffort(),
                    own.extraBody()));
            return new Session(
                    board.connect(sampled), sampled.identity(), settings.concurrency(), Integer.MAX_VALUE, () -> {});
        }

        @Override
        public Optional<Meter.Snapshot> spent() {
            return Optional.of(board.snapshot());
        }

        @Override
        public void close() {
            // the board is the stage's
        }
    }
}
