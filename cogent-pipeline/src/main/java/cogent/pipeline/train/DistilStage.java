package cogent.pipeline.train;

import cogent.data.InputException;
import cogent.model.decoder.LanguageModel;
import cogent.model.decoder.Lora;
import cogent.model.text.Tokenizer;
import cogent.pipeline.keys.RecordJson;
import cogent.pipeline.recipe.Recipe;
import cogent.pipeline.recipe.Recipe.DistilConfig;
import cogent.pipeline.recipe.TrainingConfig;
import cogent.pipeline.result.StageResult;
import cogent.pipeline.run.ModelNames;
import cogent.pipeline.run.RunDirectory;
import cogent.pipeline.run.Stage;
import cogent.pipeline.run.StageContext;
import cogent.pipeline.run.StoppedException;
import cogent.pipeline.run.Students;
import cogent.pipeline.run.TrainingInputs;
import cogent.pipeline.track.Trackers;
import cogent.train.loop.Distil;
import cogent.train.loop.DistilSettings;
import cogent.train.loop.TrainingOutcome;
import cogent.train.rows.Example;
import cogent.train.rows.TrainingRows;
import java.nio.IntBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** On-policy distillation of the fine-tuned student on the prompts of SFT: the rival recipe, beside alignment. */
public record DistilStage(Recipe recipe, RunDirectory run) implements Stage {
    @Override
    public String name() {
        return "distil";
    }

    @Override
    public JsonNode settings() {
        ObjectNode settings = Students.reading(recipe);
        settings.set("distil", RecordJson.identity(recipe.distil()));
        Trainings.leftOut(recipe, run, settings);
        return settings;
    }

    @Override
    public List<Path> inputs() {
        return List.of(TrainingInputs.sftRows(recipe, run), student(), teacher());
    }

    @Override
    public List<Path> outputs() {
        return List.of(run.model(ModelNames.DISTILLED));
    }

    /** What can be known of the teacher's tokens before the student is trained. */
    @Override
    public void check() {
        Trackers.check(recipe.distil().training().logTo(), recipe.tracking());
        Path base = Students.base(recipe, run);
        if (Files.isDirectory(base) && Files.isDirectory(teacher())) {
            requireSameTokens(base);
        }
    }

    /** The teacher is asked about the student's own tokens. */
    private void requireSameTokens(Path student) {
        for (Path model : List.of(student, teacher())) {
            if (!Files.exists(model.resolve("tokenizer.json"))) {
                throw new InputException(
                        "distil.teacher: " + model + " has no tokenizer.json, so that nobody knows whether"
                                + " teacher and student mean the same by a token");
            }
        }
        try (Tokenizer own = Tokenizer.load(student);
                Tokenizer others = Tokenizer.load(teacher())) {
            own.unlike(others).ifPresent(difference -> {
                throw new InputException("distil.teacher: " + teacher() + " and the student " + student
                        + " do not share a tokenizer: " + difference + ". The teacher judges the student's own tokens:"
                        + " take one of the student's family, or let it write rationales instead (curate.author)");
            });
        }
    }

    @Override
    public boolean isParallel() {
        return true;
    }

    @Override
    public void settle() {
        Trainings.removeCheckpoints(run, name());
    }

    @Override
    public StageResult run(StageContext context) {
        DistilConfig distil = recipe.distil();
        TrainingConfig training = distil.training();
        Path from = student();
        requireSameTokens(from);
        if (context.ranks().isFirst()) {
            CheckpointOrigin.settle(this, run, context.listener());
        }
        try (LanguageModel teacher = Students.loadToRead(recipe, teacher());
                LanguageModel student =
                        Students.load(recipe, from, training); // last: its numerics hold for the training
                Encodings encodings =
                        Encodings.of(from, student, recipe.student().chatTemplateKwargs());
                Refusals refused = new Refusals(run, name(), context.ranks());
                TrainingRows<Example> rows = Trainings.reader(student, encodings, training, recipe, run)
                        .sft(TrainingInputs.sftRows(recipe, run), refused);
                @Nullable Lora adapter = Trainings.adapter(student, training, recipe.seed());
                MetricsSink sink = MetricsSink.of(training.logTo(), recipe, run, this, context.listener())) {
            refused.done(rows, List.of(TrainingInputs.sftRows(recipe, run)));
            Trainings.tellDropouts(context, name(), student.config());
            Tokenizer tokenizer = Objects.requireNonNull(encodings.tokenizer());
            TrainingOutcome outcome = Distil.train(
                    Trainings.trainee(student, adapter, training),
                    teacher,
                    context.ranks(),
                    TrainingRows.only(rows, onePerPrompt(rows)),
                    new DistilSettings(
                            Trainings.settings(training, recipe.seed()),
                            distil.maxNewTokens(),
                            Students.format(recipe, tokenizer).stopIds(),
                            distil.repliesAtOnce()),
                    Trainings.files(run, name()),
                    context.stop()::asked,
                    p -> {
                        sink.accept(p);
                        Trainings.tell(context, name(), p);
                    });
            sink.ended(outcome);
            if (outcome.stopped()) {
                throw new StoppedException();
            }
            return Trainings.finish(
                    context.ranks(),
                    student,
                    adapter,
                    encodings,
                    training,
                    from,
                    run.model(ModelNames.DISTILLED),
                    outcome,
                    rows);
        }
    }

    private static int[] onePerPrompt(List<Example> rows) {
        Set<IntBuffer> seen = new HashSet<>();
        return IntStream.range(0, rows.size())
                .filter(row -> seen.add(IntBuffer.wrap(rows.get(row).prompt())))
                .toArray();
    }

    /** As alignment starts. */
    private Path student() {
        return TrainingInputs.reference(recipe, run);
    }

    private Path teacher() {
        return Students.named(
                recipe,
                run,
                "distil.teacher",
                Objects.requireNonNull(recipe.distil().teacher()));
    }
}
