package cogent.pipeline.train;

import cogent.data.Count;
import cogent.model.decoder.LanguageModel;
import cogent.model.decoder.Lora;
import cogent.model.hf.ModelConfig;
import cogent.model.tensor.DType;
import cogent.model.tensor.Ranks;
import cogent.model.text.TemplateDefaults;
import cogent.pipeline.notes.Notes;
import cogent.pipeline.recipe.HoldOutConfig;
import cogent.pipeline.recipe.Recipe;
import cogent.pipeline.recipe.TrainingConfig;
import cogent.pipeline.result.TrainResult;
import cogent.pipeline.run.PipelineEvent;
import cogent.pipeline.run.RunDirectory;
import cogent.pipeline.run.StageContext;
import cogent.pipeline.run.StageDetail;
import cogent.pipeline.run.Students;
import cogent.train.forward.Compute;
import cogent.train.forward.TrainableModel;
import cogent.train.loop.HoldOut;
import cogent.train.loop.TrainFiles;
import cogent.train.loop.TrainSettings;
import cogent.train.loop.TrainingOutcome;
import cogent.train.loop.TrainingProgress;
import cogent.train.loop.TrialStep;
import cogent.train.optim.OptimiserSettings;
import cogent.train.rows.BatchSize;
import cogent.train.rows.LengthLimit;
import cogent.train.rows.RowReader;
import cogent.train.rows.TrainingRows;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** What the training stages share: from the recipe's words to the training room's settings, files and models. */
public final class Trainings {
    /** Said of replies that begin with a thought where the model's prompt has closed an empty one. */
    public static final String THINKING_UNASKED =
            "with a thought, where the model's prompt asks for none by its <think></think>: leave the tags out of"
                    + " format.completion, or have the template open a thought (student.chat_template_kwargs)";

    private Trainings() {}

    /** The training room's settings. */
    public static TrainSettings settings(TrainingConfig training, long seed) {
        HoldOutConfig holdOut = training.holdOut();
        return new TrainSettings(
                training.epochs(),
                training.maxSteps() > 0 ? OptionalInt.of(training.maxSteps()) : OptionalInt.empty(),
                training.batchTokens() > 0
                        ? new BatchSize.Tokens(training.batchTokens())
                        : new BatchSize.Rows(training.batchSize()),
                new Compute(
                        training.microBatchTokens(),
                        training.layout(),
                        training.recompute(),
                        training.shardOptimiser()),
                optimiser(training),
                seed,
                training.checkpointSteps(),
                training.checkpointsKept(),
                holdOut.share() == 0
                        ? HoldOut.NONE
                        : new HoldOut(holdOut.every(), holdOut.metric(), holdOut.patience(), holdOut.best()),
                training.onNan());
    }

    private static OptimiserSettings optimiser(TrainingConfig training) {
        return new OptimiserSettings(
                training.learningRate(),
                training.schedule(),
                training.warmupRatio(),
                training.weightDecay(),
                0.9,
                training.adamBeta2(),
                1e-8,
                training.maxGradNorm() > 0 ? training.maxGradNorm() : Double.POSITIVE_INFINITY,
                training.decayRatio(),
                training.noDecay());
    }

    /** A new adapter where the recipe asks for one, else null. */
    static @Nullable Lora adapter(LanguageModel model, TrainingConfig training, long seed) {
        return training.lora().rank() == 0
                ? null
                : Lora.create(model, training.lora().settings(), seed);
    }

    /** What moves in training. */
    static TrainableModel trainee(LanguageModel model, @Nullable Lora adapter, TrainingConfig training) {
        TrainableModel trainee = adapter == null
                ? TrainableModel.allBut(model, training.freeze())
                : TrainableModel.adapter(model, adapter);
        optimiser(training).requireKnown(trainee.parameters().keySet());
        return trainee.computing(compute(training));
    }

    /** The type of a training's products. */
    public static DType compute(TrainingConfig training) {
        return training.dtype().type();
    }

    /**
     * The rows that are held out, none where the recipe does not ask.
     *
     * @param others the rows that are trained on
     */
    @SuppressWarnings("ArrayRecordComponent") // used at once
    record Split(int[] others, int[] heldOut) {
        static Split of(TrainingRows<?> rows, TrainingConfig training, long seed) {
            int[] held = training.holdOut().share() == 0
                    ? new int[0]
                    : rows.heldOut(training.holdOut().share(), seed);
            return new Split(rows.others(held), held);
        }
    }

    static TrainFiles files(RunDirectory run, String stage) {
        return new TrainFiles(run.checkpoints(stage), run.metrics(stage));
    }

    /** Reads rows as this model's tokenizer and chat template have them. */
    static RowReader reader(
            LanguageModel model, Encodings encodings, TrainingConfig training, Recipe recipe, RunDirectory run) {
        return reader(model, encodings, training, recipe, run, Map.of());
    }

    /** @param unselected why rows are left out, by their ids, besides those that people left out */
    static RowReader reader(
            LanguageModel model,
            Encodings encodings,
            TrainingConfig training,
            Recipe recipe,
            RunDirectory run,
            Map<String, String> unselected) {
        SortedSet<String> leftOut = leftOut(recipe, run);
        return RowReader.of(model.config(), encodings.encoding(), limit(training), run.root())
                .leavingOut(row -> leftOut.contains(row) || leftOut.contains(Notes.sample(row))
                        ? Optional.of("left out by hand")
                        : Optional.ofNullable(unselected.get(row)));
    }

    /** The samples that people left out of training; rows of one's own come from no sample. */
    private static SortedSet<String> leftOut(Recipe recipe, RunDirectory run) {
        return recipe.bringsRows() ? new TreeSet<>() : Notes.of(run).leftOut();
    }

    /** They decide what a training comes to, as its settings do. */
    static void leftOut(Recipe recipe, RunDirectory run, ObjectNode settings) {
        SortedSet<String> ids = leftOut(recipe, run);
        if (!ids.isEmpty()) {
            ids.forEach(settings.putArray("left_out")::add);
        }
    }

    /** What becomes of long rows. */
    public static LengthLimit limit(TrainingConfig training) {
        return new LengthLimit(
                training.maxLength(),
                switch (training.truncate()) {
                    case PROMPT_LEFT -> LengthLimit.Policy.TRUNCATE_PROMPT;
                    case COMPLETION -> LengthLimit.Policy.TRUNCATE_COMPLETION;
                    case DROP -> LengthLimit.Policy.DROP;
                });
    }

    /** Tells where a training stands. */
    static void tell(StageContext context, String stage, TrainingProgress p) {
        if (!p.note().isEmpty()) {
            context.listener().on(new PipelineEvent.Warning(stage, p.note()));
        }
        context.progress(stage, p.step(), p.totalSteps(), "steps", new StageDetail.Training(p));
    }

    /** Warns of dropout that the student's config asks for in training. */
    static void tellDropouts(StageContext context, String stage, ModelConfig config) {
        if (!config.dropouts().isEmpty()) {
            context.listener()
                    .on(new PipelineEvent.Warning(
                            stage,
                            String.join(", ", config.dropouts()) + " of the student's config.json is left out:"
                                    + " nothing but an adapter's inputs is dropped in training"));
        }
    }

    /** Warns of what rows say that training makes no use of: tokens that steer the model in their text, and fields. */
    static void tellUnused(StageContext context, String stage, TrainingRows<?> rows) {
        if (!rows.unused().isEmpty()) {
            context.listener()
                    .on(new PipelineEvent.Warning(
                            stage, "fields of the rows that are not used: " + String.join(", ", rows.unused())));
        }
        if (rows.withControlTokens() > 0) {
            context.listener()
                    .on(new PipelineEvent.Warning(
                            stage,
                            "in the text of " + Count.of(rows.withControlTokens(), "row") + ": "
                                    + String.join(", ", rows.controlTokens())
                                    + ", trained as text, not as the tokens that steer the model"));
        }
        if (rows.thinkingUnasked() > 0) {
            context.listener()
                    .on(new PipelineEvent.Warning(
                            stage, Count.of(rows.thinkingUnasked(), "reply", "replies") + " " + THINKING_UNASKED));
        }
    }

    /** A step of a training on rows of that shape, on the weights as they are. */
    public static TrialStep trial(
            LanguageModel model, TrainingConfig training, TrialStep.Shape shape, Duration budget) {
        try (@Nullable Lora adapter = adapter(model, training, 0)) {
            return TrialStep.measure(
                    trainee(model, adapter, training), settings(training, 0), shape, training.batchSize(), budget);
        }
    }

    /** A step of distillation on replies of that shape. */
    public static TrialStep trial(
            LanguageModel model,
            LanguageModel teacher,
            TrainingConfig training,
            TrialStep.Shape shape,
            Duration budget) {
        try (@Nullable Lora adapter = adapter(model, training, 0)) {
            return TrialStep.distil(
                    trainee(model, adapter, training),
                    teacher,
                    settings(training, 0),
                    shape,
                    training.batchSize(),
                    budget);
        }
    }

    /** Removes the checkpoints of a training whose model is saved. */
    static void removeCheckpoints(RunDirectory run, String stage) {
        RunDirectory.delete(run.checkpoints(stage));
    }

    /**
     * Saves the trained model, the adapter merged into it and by itself, and says what was done.
     *
     * @param ranks of which the first saves
     * @param base the directory that was trained from
     */
    static TrainResult finish(
            Ranks ranks,
            LanguageModel model,
            @Nullable Lora adapter,
            Encodings encodings,
            TrainingConfig training,
            Path base,
            Path target,
            TrainingOutcome outcome,
            TrainingRows<?> rows) {
        if (!ranks.isFirst()) {
            return TrainResult.ofAnother(outcome.steps());
        }
        try {
            Files.createDirectories(target.toAbsolutePath().getParent());
            if (adapter != null) {
                adapter.save(target.resolveSibling(target.getFileName() + "-adapter"), base.toString());
                adapter.merge(); // the training is over: no second copy of the weights is needed
            }
            SavedType saved = SavedType.of(training.saveDtype(), model, base);
            model.save(target, saved.type(), encodings.tokenizer());
            TemplateDefaults.declare(target, encodings.template());
            return new TrainResult(
                    rows.size(),
                    rows.refused(),
                    rows.tooLong(),
                    rows.truncated(),
                    outcome.steps(),
                    outcome.skipped(),
                    outcome.loss(),
                    saved.type().torchName(),
                    Students.repeats(model.decoder().embedding().device()),
                    saved.kept(),
                    outcome.best().isPresent() ? (long) outcome.best().getAsInt() : null);
        } catch (IOException e) {
            throw new UncheckedIOException(target + ": the trained model cannot be saved", e);
        }
    }
}
