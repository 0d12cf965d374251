package cogent.pipeline.plan;

import cogent.data.Count;
import cogent.data.InputException;
import cogent.model.hf.ModelConfig;
import cogent.model.tensor.DType;
import cogent.model.tensor.Device;
import cogent.model.tensor.LibTorch;
import cogent.model.tensor.MachineSpeed;
import cogent.pipeline.Pipeline;
import cogent.pipeline.evaluate.EvaluateStage;
import cogent.pipeline.recipe.Recipe;
import cogent.pipeline.recipe.TrainingConfig;
import cogent.pipeline.result.StageResult;
import cogent.pipeline.run.HubNames;
import cogent.pipeline.run.Manifest;
import cogent.pipeline.run.RunDirectory;
import cogent.pipeline.run.Students;
import cogent.pipeline.train.Trainings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a run would do, before anything is spent: its stages, and what each will take as far as that can be told from the
 * recipe, the corpus, the student's config and a look at how fast this machine is. Sends nothing.
 */
public final class Plan {
    private static final Duration MEASURED = Duration.ofMillis(200);

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
    private final Map<DType, MachineSpeed> machine = new EnumMap<>(DType.class);
    private @Nullable CorpusSize corpus;

    private Plan(Recipe recipe) {
        this.recipe = recipe;
        this.pipeline = Pipeline.of(recipe);
        this.run = RunDirectory.of(recipe);
    }

    /** Looks at everything the recipe names. */
    public static Plan of(Recipe recipe) {
        Plan plan = new Plan(recipe);
        plan.missing.addAll(plan.pipeline.missing());
        plan.pipeline.prospects().forEach((stage, prospect) -> {
            Optional<Manifest> done = prospect.state() == Pipeline.State.DONE
                    ? Manifest.read(plan.run.manifest(stage))
                    : Optional.empty();
            plan.rows.add(new Row(
                    stage,
                    prospect.state(),
                    prospect.why(),
                    done.map(Manifest::result),
                    done.map(m -> Estimate.of("").with("seconds", m.seconds())).orElseGet(() -> plan.future(stage))));
        });
        return plan;
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

    /** How many floating-point operations a second this machine's matrix products reach in training. */
    public double trainingFlops() {
        return machine(Trainings.compute(recipe.sft().training())).gemmFlops();
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
                    training(
                            stage,
                            TrainingEstimate.sft(
                                    corpus(), run.rawRows(), recipe.sft().training()),
                            recipe.sft().training());
                case "sft" ->
                    training(
                            stage,
                            recipe.sft().rows() == null
                                    ? TrainingEstimate.sft(
                                            corpus(),
                                            run.sftRows(),
                                            recipe.sft().training())
                                    : own(recipe.sft().rows(), 1),
                            recipe.sft().training());
                case "on-policy" -> EvaluationEstimate.onPolicy(recipe, student(), corpus(), this::machine);
                case "align" ->
                    training(
                            stage,
                            recipe.align().rows() == null
                                    ? TrainingEstimate.align(corpus(), run, recipe)
                                    : own(recipe.align().rows(), 2),
                            recipe.align().training());
                case "evaluate" ->
                    EvaluationEstimate.of(recipe, new EvaluateStage(recipe, run), student(), corpus(), this::machine);
                default -> Estimate.of("");
            };
        } catch (InputException e) {
            return Estimate.of(String.valueOf(e.getMessage())); // the run would stop there too; the plan goes on
        }
    }

    private Estimate training(String stage, TrainingEstimate size, TrainingConfig settings) {
        return size.of(settings, pipeline.savedStep(stage), student(), () -> machine(Trainings.compute(settings)));
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

    /** Measured when the first estimate asks for it: a plan of work that is done needs none. */
    private MachineSpeed machine(DType dtype) {
        return machine.computeIfAbsent(dtype, type -> {
            LibTorch.threads(Students.threads(recipe));
            return MachineSpeed.measure(Device.named(recipe.student().device()), type, MEASURED);
        });
    }

    /** For reading models: their arithmetic is what limits only large batches. */
    private MachineSpeed machine() {
        return machine(DType.F32);
    }

    private ModelConfig student() {
        try (Students.Directory student = Students.readable(recipe, run)) {
            return ModelConfig.read(student.path().resolve("config.json"));
        }
    }
}
