package cogent.pipeline.train;

import cogent.model.decoder.LanguageModel;
import cogent.model.decoder.Lora;
import cogent.pipeline.keys.RecordJson;
import cogent.pipeline.recipe.Recipe;
import cogent.pipeline.recipe.TrainingConfig;
import cogent.pipeline.result.StageResult;
import cogent.pipeline.run.RunDirectory;
import cogent.pipeline.run.Stage;
import cogent.pipeline.run.StageContext;
import cogent.pipeline.run.StoppedException;
import cogent.pipeline.run.Students;
import cogent.pipeline.track.Trackers;
import cogent.train.loop.Sft;
import cogent.train.loop.TrainingOutcome;
import cogent.train.rows.Example;
import cogent.train.rows.TrainingRows;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Supervised fine-tuning of the student.
 *
 * @param name {@code sft}, or {@code raw-sft} for the baseline
 * @param rows what it learns from
 * @param target where the model goes
 */
public record SftStage(Recipe recipe, RunDirectory run, String name, Path rows, Path target) implements Stage {
    @Override
    public JsonNode settings() {
        ObjectNode settings = JsonMapper.shared().createObjectNode();
        settings.put("seed", recipe.seed());
        settings.put("device", recipe.student().device());
        Students.template(recipe, settings);
        settings.set("sft", RecordJson.identity(recipe.sft()));
        Trainings.leftOut(recipe, run, settings);
        return settings;
    }

    @Override
    public List<Path> inputs() {
        return selected()
                ? List.of(rows, Students.base(recipe, run), run.selection())
                : List.of(rows, Students.base(recipe, run));
    }

    /** The baseline learns from the corpus as it is. */
    private boolean selected() {
        return name.equals("sft") && recipe.sft().select().selects();
    }

    @Override
    public void check() {
        Trackers.check(recipe.sft().training().logTo(), recipe.tracking());
    }

    @Override
    public List<Path> outputs() {
        return List.of(target);
    }

    @Override
    public boolean isParallel() {
        return true;
    }

    @Override
    public void settle() {
        Trainings.removeCheckpoints(run, name);
    }

    @Override
    public StageResult run(StageContext context) {
        TrainingConfig training = recipe.sft().training();
        Path base = Students.base(recipe, run);
        if (context.ranks().isFirst()) {
            CheckpointOrigin.settle(this, run, context.listener());
        }
        try (LanguageModel model = Students.load(recipe, base, recipe.sft().training());
                Encodings encodings = Encodings.of(base, model, recipe.student().chatTemplateKwargs());
                Refusals refused = new Refusals(run, name, context.ranks())) {
            try (TrainingRows<Example> examples = Trainings.reader(
                                    model,
                                    encodings,
                                    training,
                                    recipe,
                                    run,
                                    selected() ? SelectStage.leftOut(run) : Map.of())
                            .sft(rows, refused);
                    @Nullable Lora adapter = Trainings.adapter(model, training, recipe.seed());
                    MetricsSink sink = MetricsSink.of(training.logTo(), recipe, run, this, context.listener())) {
                refused.done(examples, List.of(rows));
                Trainings.tellDropouts(context, name, model.config());
                Trainings.tellUnused(context, name, examples);
                Trainings.Split split = Trainings.Split.of(examples, training, recipe.seed());
                TrainingOutcome outcome = Sft.train(
                        Trainings.trainee(model, adapter, training),
                        context.ranks(),
                        TrainingRows.only(examples, split.others()),
                        TrainingRows.only(examples, split.heldOut()),
                        Trainings.settings(training, recipe.seed()),
                        Trainings.files(run, name),
                        context.stop()::asked,
                        p -> {
                            sink.accept(p);
                            Trainings.tell(context, name, p);
                        });
                sink.ended(outcome);
                if (outcome.stopped()) {
                    throw new StoppedException();
                }
                return Trainings.finish(
                        context.ranks(), model, adapter, encodings, training, base, target, outcome, examples);
            }
        }
    }
}
