package cogent.cli.run;

import cogent.cli.recipe.Recipe;
import cogent.data.JsonLinesWriter;
import cogent.data.RefusedRow;
import cogent.model.ChatFormat;
import cogent.model.LanguageModel;
import cogent.model.Tokenizer;
import cogent.tensor.DType;
import cogent.tensor.Device;
import cogent.tensor.LibTorch;
import cogent.train.BatchSize;
import cogent.train.Encoding;
import cogent.train.LengthLimit;
import cogent.train.OptimiserSettings;
import cogent.train.Outcome;
import cogent.train.Progress;
import cogent.train.RowReader;
import cogent.train.Schedule;
import cogent.train.TrainFiles;
import cogent.train.TrainSettings;
import cogent.train.TrainingRows;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What the training stages share: from the recipe's words to the training room's settings, files and models. */
final class Trainings {
    /** Checkpoints on disk; the one before the last outlives a torn disk. */
    private static final int KEPT = 2;

    /** The date that templates such as Llama's write into a prompt: one for all, so that a run can be repeated. */
    static final LocalDateTime DATE = LocalDateTime.of(2026, 1, 1, 0, 0);

    private Trainings() {}

    static TrainSettings settings(Recipe.Training training, long seed) {
        return new TrainSettings(
                training.epochs(),
                training.maxSteps() > 0 ? OptionalInt.of(training.maxSteps()) : OptionalInt.empty(),
                new BatchSize.Rows(training.batchSize()),
                training.microBatchTokens(),
                new OptimiserSettings(
                        training.learningRate(),
                        Schedule.valueOf(training.schedule().toUpperCase(Locale.ROOT)),
                        training.warmupRatio(),
                        training.weightDecay(),
                        0.9,
                        0.999,
                        1e-8,
                        training.maxGradNorm() > 0 ? training.maxGradNorm() : Double.POSITIVE_INFINITY),
                seed,
                training.checkpointSteps(),
                KEPT);
    }

    static TrainFiles files(RunDirectory run, String stage) {
        return new TrainFiles(run.checkpoints(stage), run.metrics(stage));
    }

    /** The student, ready to compute as the recipe says. */
    static LanguageModel load(Recipe recipe, Path directory) {
        LibTorch.threads(Banner.threads(recipe));
        return LanguageModel.load(directory, new Device(recipe.student().device()), DType.F32);
    }

    /** Reads rows as this model's tokenizer and chat template have them. */
    static RowReader reader(LanguageModel model, Tokenizer tokenizer, Recipe.Training training, RunDirectory run) {
        ChatFormat format = ChatFormat.of(tokenizer, JsonMapper.shared().createObjectNode(), DATE);
        return new RowReader(
                Encoding.of(format), model.config().vocabSize(), LengthLimit.drop(training.maxLength()), run.root());
    }

    /** The sink of rows that a training leaves out: a file of their own, so that none vanishes silently. */
    static JsonLinesWriter refusals(RunDirectory run, String stage) {
        return JsonLinesWriter.create(run.root().resolve("refused-" + stage + ".jsonl"));
    }

    static void refuse(JsonLinesWriter sink, RefusedRow row) {
        sink.write(row);
    }

    /** The live line. */
    static void show(StageContext context, String stage, Progress p) {
        String margins = Stream.of("small", "medium", "large")
                .flatMap(
                        gap -> Optional.ofNullable(p.metrics().get("rewards/margins/" + gap))
                                .map(m -> "%s %+.2f".formatted(gap, m))
                                .stream())
                .reduce((a, b) -> a + "  " + b)
                .map(m -> "  margin " + m)
                .orElse("");
        context.progress()
                .update(
                        stage,
                        p.step(),
                        p.totalSteps(),
                        "steps",
                        "loss %.3f%s  %.1fk tok/s".formatted(p.loss(), margins, p.tokensPerSecond() / 1e3));
    }

    /** Removes the checkpoints of a training whose model is saved. */
    static void removeCheckpoints(RunDirectory run, String stage) {
        RunDirectory.delete(run.checkpoints(stage));
    }

    /** Saves the trained model and says what was done. */
    static JsonNode finish(
            LanguageModel model, Tokenizer tokenizer, Path target, Outcome outcome, TrainingRows<?> rows) {
        try {
            Files.createDirectories(target.toAbsolutePath().getParent());
            model.save(target, model.config().dtype(), tokenizer);
        } catch (IOException e) {
            throw new UncheckedIOException(target + ": the trained model cannot be saved", e);
        }
        String left = rows.refused() == 0
                ? ""
                : ", %,d rows left out (%,d too long)".formatted(rows.refused(), rows.tooLong());
        return JsonMapper.shared()
                .createObjectNode()
                .put("rows", rows.size())
                .put("refused", rows.refused())
                .put("too_long", rows.tooLong())
                .put("steps", outcome.steps())
                .put("loss", outcome.loss())
                .put(
                        "line",
                        "%,d steps on %,d rows%s, loss %.4f"
                                .formatted(outcome.steps(), rows.size(), left, outcome.loss()));
    }
}
