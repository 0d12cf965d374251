package cogent.pipeline.plan;

import cogent.data.Count;
import cogent.data.InputException;
import cogent.model.hf.ModelConfig;
import cogent.pipeline.Pipeline;
import cogent.pipeline.evaluate.EvaluateStage;
import cogent.pipeline.recipe.Recipe;
import cogent.pipeline.recipe.TrainingConfig;
import cogent.pipeline.result.StageResult;
import cogent.pipeline.run.HubNames;
import cogent.pipeline.run.Manifest;
import cogent.pipeline.run.RunDirectory;
import cogent.pipeline.run.Students;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a run would do, before anything is spent: its stages, and what each will take as far as that can be told from the
 * recipe, the corpus, and the student at work for half a second. Sends nothing.
 */
public final class Plan {
    /**
     * A stage.
     *
     * @param why what has changed, of a stage that runs again
     * @param done what it came to, where it is done
     * @param estimate what it will take; of a stage that is done, what it took
     */
    public record Row(String stage, Pipeline.State state, String why, Optional<StageResult> done, Estimate estimate) {}

    private final Recipe recipe;
    private final Pipeline pipeline;
    private final RunDirectory run;
    private final List<Row> rows = new ArrayList<>();
    private final List<String> missing = new ArrayList<>();
    private final Trial trial;
    private @Nullable CorpusSize corpus;

    private Plan(Recipe recipe) {
        this.recipe = recipe;
        this.pipeline = Pipeline.of(recipe);
        this.run = RunDirectory.of(recipe);
        this.trial = new Trial(recipe, run);
    }

    /** Looks at everything the recipe names. */
    public static Plan of(Recipe recipe) {
        Plan plan = new Plan(recipe);
        try (Trial _ = plan.trial) {
            plan.look();
        }
        return plan;
    }

    private void look() {
        missing.addAll(pipeline.missing());
        pipeline.prospects().forEach((stage, prospect) -> {
            Optional<Manifest> done =
                    prospect.state() == Pipeline.State.DONE ? Manifest.read(run.manifest(stage)) : Optional.empty();
            rows.add(new Row(
                    stage,
                    prospect.state(),
                    prospect.why(),
                    done.map(Manifest::result),
                    done.map(m -> Estimate.of("").with("seconds", m.seconds())).orElseGet(() -> future(stage))));
        });
    }

    public Recipe recipe() {
        return recipe;
    }

    public List<Row> rows() {
        return List.copyOf(rows);
    }

    /** What keeps the run from beginning: files, keys and addresses that are missing. */
    public List<String> missing() {
        return List.copyOf(missing);
    }

    /** Whether nothing is left to do. */
    public boolean complete() {
        return rows.stream().allMatch(row -> row.state() == Pipeline.State.DONE);
    }

    private Estimate future(String stage) {
        try {
            return switch (stage) {
                case "playground" ->
                    Estimate.of("%s, %,d held out, an untrained student"
                            .formatted(
                                    Count.of(recipe.playground().problems(), "problem"),
                                    recipe.playground().heldOut()));
                case "author" -> CurationEstimate.author(recipe, corpus());
                case "raw-rows" -> Estimate.of("the corpus as it is, as training rows");
                case "curate" -> CurationEstimate.of(recipe, corpus());
                case "select" -> Estimate.of("one pass of the student over the rows, without gradients");
                case "raw-sft" ->
                    training(stage, made(run.rawRows()), recipe.sft().training());
                case "sft" ->
                    training(
                            stage,
                            recipe.sft().rows() == null
                                    ? made(run.sftRows())
                                    : own(recipe.sft().rows(), 1),
                            recipe.sft().training());
                case "on-policy" -> EvaluationEstimate.onPolicy(recipe, corpus(), student(), trial);
                case "reward" -> training(stage, pairs(), recipe.reward().training());
                case "align" -> training(stage, pairs(), recipe.align().training());
                case "distil" ->
                    Estimate.of("the prompts of SFT, answered by the student at every step and read by the teacher;"
                            + " how long that takes is known when it answers");
                case "evaluate" ->
                    EvaluationEstimate.of(recipe, new EvaluateStage(recipe, run), corpus(), student(), trial);
                default -> Estimate.of("");
            };
        } catch (InputException e) {
            return Estimate.of(String.valueOf(e.getMessage())); // the run would stop there too; the plan goes on
        }
    }

    private Estimate training(String stage, TrainingEstimate size, TrainingConfig settings) {
        return size.of(settings, pipeline.savedStep(stage), student(), trial);
    }

    /** Rows that an earlier stage makes; as long as they are where they are there. */
    private TrainingEstimate made(Path rows) {
        TrainingConfig training = recipe.sft().training();
        TrainingEstimate size = TrainingEstimate.sft(corpus(), rows, training);
        return Files.exists(rows)
                ? size.asLongAs(own(rows.toString(), 1), RowFrame.ofChat(recipe, run), training.maxLength())
                : size;
    }

    private TrainingEstimate pairs() {
        return recipe.align().rows() == null
                ? TrainingEstimate.align(corpus(), run, recipe)
                : own(recipe.align().rows(), 2);
    }

    private TrainingEstimate own(String rows, int sequences) {
        return OwnRows.of(HubNames.ofEnvironment().data(rows))
                .estimate(sequences, texts -> CorpusSize.charactersPerToken(recipe, run, texts));
    }

    /** Counted once: it may be large. */
    private CorpusSize corpus() {
        if (corpus == null) {
            corpus = CorpusSize.of(recipe, run);
        }
        return corpus;
    }

    private ModelConfig student() {
        try (Students.Directory student = Students.readable(recipe, run)) {
            return ModelConfig.read(student.path().resolve("config.json"));
        }
    }
}
