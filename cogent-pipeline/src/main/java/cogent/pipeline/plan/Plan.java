package cogent.pipeline.plan;

import cogent.data.Count;
import cogent.data.InputException;
import cogent.llm.meter.UsageTotals;
import cogent.llm.run.ChatModels;
import cogent.model.hf.ModelConfig;
import cogent.pipeline.Pipeline;
import cogent.pipeline.evaluate.EvaluateStage;
import cogent.pipeline.plan.TrainingEstimate.Readings;
import cogent.pipeline.recipe.AlignConfig;
import cogent.pipeline.recipe.Recipe;
import cogent.pipeline.recipe.TrainingConfig;
import cogent.pipeline.result.StageResult;
import cogent.pipeline.run.HubNames;
import cogent.pipeline.run.Manifest;
import cogent.pipeline.run.RunDirectory;
import cogent.pipeline.run.Students;
import cogent.pipeline.run.TrainingInputs;
import cogent.train.loop.TrialStep;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * What a run would do, before anything is spent: its stages, and what each will take as far as that can be told from the
 * recipe, the corpus, and the student at work for some seconds. Sends nothing.
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
    private final Consumer<String> progress;
    private @Nullable CorpusSize corpus;
    private Optional<CurationTrial> curation = Optional.empty();
    private boolean curationTried;

    private Plan(Recipe recipe, Consumer<String> progress) {
        this.recipe = recipe;
        this.pipeline = Pipeline.of(recipe);
        this.run = RunDirectory.of(recipe);
        this.progress = progress;
        this.trial = new Trial(recipe, run, progress);
    }

    /** Looks at everything the recipe names. */
    public static Plan of(Recipe recipe) {
        return of(recipe, _ -> {});
    }

    /** @param progress told what is tried, for about ten seconds */
    public static Plan of(Recipe recipe, Consumer<String> progress) {
        Plan plan = new Plan(recipe, progress);
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

    /** Replies that the run holds, of which a curation that is still to do asks for none again; 0 where none is. */
    public long storedReplies() {
        boolean asks = rows.stream()
                .anyMatch(row -> row.state() != Pipeline.State.DONE
                        && List.of("author", "curate").contains(row.stage()));
        return asks
                        && run.isBegun()
                        && !Recipe.PLAYGROUND.equals(recipe.teacher().url())
                ? ChatModels.spent(run.root()).values().stream()
                        .mapToLong(UsageTotals::calls)
                        .sum()
                : 0;
    }

    private Estimate future(String stage) {
        try {
            return switch (stage) {
                case "playground" ->
                    Estimate.of("%s, %,d held out%s"
                            .formatted(
                                    Count.of(recipe.playground().problems(), "problem"),
                                    recipe.playground().heldOut(),
                                    Recipe.PLAYGROUND.equals(recipe.student().model())
                                            ? ", an untrained student"
                                            : ""));
                case "author" -> CurationEstimate.author(recipe, corpus());
                case "raw-rows" -> Estimate.of("the corpus as it is, as training rows");
                case "curate" -> CurationEstimate.of(recipe, corpus(), curation(), trial);
                case "select" -> select();
                case "raw-sft" ->
                    training(stage, made(run.rawRows()), recipe.sft().training(), Readings.NONE);
                case "sft" -> training(stage, sftRows(), recipe.sft().training(), Readings.NONE);
                case "on-policy" -> answers().onPolicy(corpus());
                case "reward" -> {
                    AlignConfig reward = recipe.align().asReward(recipe.reward().training());
                    yield training(stage, pairs(), reward.training(), Readings.of(reward, false));
                }
                case "align" -> {
                    AlignConfig align = recipe.align();
                    yield training(
                            stage,
                            pairs(),
                            align.training(),
                            Readings.of(align, recipe.reward().enabled()));
                }
                case "distil" -> distil();
                case "evaluate" -> answers().of(new EvaluateStage(recipe, run));
                default -> Estimate.of("");
            };
        } catch (InputException e) {
            String message = String.valueOf(e.getMessage()); // the run would stop there too; the plan goes on
            boolean told = missing.stream().anyMatch(what -> what.startsWith(message));
            return Estimate.of(told ? "needs what is missing, below" : message);
        }
    }

    private EvaluationEstimate answers() {
        return new EvaluationEstimate(recipe, student(), replies(), trial);
    }

    private ReplyLengths replies() {
        return new ReplyLengths(recipe, run, () -> corpus().problems(), () -> corpus().replies(), this::curated, trial);
    }

    /** What trained models learn to say: the rows that are there or that come of the curation's trial, else the corpus's. */
    private Lengths curated() {
        ToDoubleFunction<List<String>> perToken = texts -> CorpusSize.charactersPerToken(recipe, run, texts);
        int frame = RowFrame.ofChat(recipe, run).reply();
        if (recipe.sft().rows() != null) {
            return OwnRows.of(TrainingInputs.sftRows(recipe, run)).lengths(perToken, frame);
        }
        if (recipe.corpus().path() == null) {
            return Lengths.all(
                    recipe.align().rows() == null
                            ? CorpusSize.UNWRITTEN
                            : pairs().shape(true).completion());
        }
        if (Files.exists(run.sftRows())) {
            return OwnRows.of(run.sftRows()).lengths(perToken, frame);
        }
        return curation().map(tried -> tried.rows().lengths(perToken, frame)).orElseGet(() -> corpus().replies());
    }

    private Optional<CurationTrial> curation() {
        if (!curationTried) {
            curationTried = true;
            curation = CurationTrial.of(recipe, run, corpus().rows(), progress);
        }
        return curation;
    }

    private Estimate select() {
        TrainingEstimate rows = sftRows().within(recipe.sft().training());
        Estimate estimate = Estimate.of("%s, read by the student".formatted(Count.of(rows.rows(), "row")))
                .with("rows", (double) rows.rows());
        return trial.reading(rows.shape(false))
                .map(row -> estimate.with("seconds", rows.rows() * row + trial.loadSeconds())
                        .measured())
                .orElse(estimate);
    }

    private Estimate distil() {
        Recipe.DistilConfig distil = recipe.distil();
        TrainingConfig training = distil.training();
        TrainingEstimate rows = sftRows().within(training);
        long steps = rows.steps(training) - Math.min(rows.steps(training), pipeline.savedStep("distil"));
        int batch = (int) Math.min(training.batchSize(), rows.rows());
        Lengths replies = curated().upTo(distil.maxNewTokens());
        Estimate estimate = Estimate.of(
                        "%s of %d replies, each read by the teacher".formatted(Count.of(steps, "step"), batch))
                .with("steps", (double) steps)
                .with("tokens", steps * batch * replies.mean());
        Path teacher = Students.named(recipe, run, "distil.teacher", Objects.requireNonNull(distil.teacher()));
        if (!Files.isDirectory(teacher)) {
            return estimate; // missing, and named there
        }
        int atOnce = Math.min(batch, distil.repliesAtOnce());
        TrialStep.Shape shape = rows.shape(false);
        TrainingMemory memory = TrainingMemory.of(training, student(), 1, 1, trial.card());
        AtOnce load = AtOnce.of(training, recipe.seed(), rows.rows(), replies.map(n -> n + shape.prompt()), 1, 0);
        Estimate sized = estimate.with(
                "memory_bytes",
                memory.bytes(load)
                        + memory.teacher(
                                ModelConfig.read(teacher.resolve("config.json")),
                                recipe.student().dtype().type()));
        Optional<Answering> writing = trial.answering(atOnce, shape.prompt(), (int) Math.round(replies.mean()));
        return trial.distilling(
                        teacher,
                        training,
                        new TrialStep.Shape(shape.prompt(), (int) Math.max(2, Math.round(replies.mean())), false))
                .flatMap(step -> writing.map(said -> sized.with(
                                "seconds",
                                steps
                                                * (said.seconds(replies.draw(batch), atOnce)
                                                        + batch * step.rowSeconds()
                                                        + step.updateSeconds())
                                        + step.firstSeconds()
                                        + trial.loadSeconds()
                                        + trial.seconds(
                                                TrainingEstimate.written(training, student(), steps),
                                                2 * TrainingEstimate.weights(student())))
                        .measured()))
                .orElse(sized);
    }

    private TrainingEstimate sftRows() {
        return recipe.sft().rows() == null
                ? made(run.sftRows())
                : own(recipe.sft().rows(), 1);
    }

    private Estimate training(String stage, TrainingEstimate size, TrainingConfig settings, Readings readings) {
        return size.within(settings).of(settings, recipe.seed(), pipeline.savedStep(stage), student(), readings, trial);
    }

    /** Rows that an earlier stage makes; as long as they are where they are there. */
    private TrainingEstimate made(Path rows) {
        TrainingEstimate size = TrainingEstimate.sft(corpus(), rows);
        return Files.exists(rows) ? size.asLongAs(own(rows.toString(), 1)) : size;
    }

    private TrainingEstimate pairs() {
        return recipe.align().rows() == null
                ? TrainingEstimate.align(corpus(), run, recipe)
                : own(recipe.align().rows(), 2);
    }

    private TrainingEstimate own(String rows, int sequences) {
        OwnRows own = OwnRows.of(HubNames.ofEnvironment().data(rows));
        TrainingEstimate bare = own.estimate(sequences, texts -> CorpusSize.charactersPerToken(recipe, run, texts));
        return own.isTokens() ? bare : bare.in(RowFrame.ofChat(recipe, run));
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
