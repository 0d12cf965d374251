package cogent.pipeline;

import cogent.data.AtomicFile;
import cogent.data.InputException;
import cogent.data.file.JsonLinesWriter;
import cogent.data.file.Row;
import cogent.data.file.RowFile;
import cogent.eval.BenchmarkFile;
import cogent.llm.store.RunDatabase;
import cogent.model.tensor.Ranks;
import cogent.pipeline.curate.AuthorStage;
import cogent.pipeline.curate.Cleaning;
import cogent.pipeline.curate.CurateStage;
import cogent.pipeline.curate.Teachers;
import cogent.pipeline.evaluate.EvaluateStage;
import cogent.pipeline.recipe.Recipe;
import cogent.pipeline.result.CurateResult;
import cogent.pipeline.result.EvaluateResult;
import cogent.pipeline.result.StageResult;
import cogent.pipeline.result.TrainResult;
import cogent.pipeline.run.Environment;
import cogent.pipeline.run.HubNames;
import cogent.pipeline.run.Manifest;
import cogent.pipeline.run.PipelineEvent;
import cogent.pipeline.run.PipelineEvent.StageFinished;
import cogent.pipeline.run.PipelineListener;
import cogent.pipeline.run.ReplySource;
import cogent.pipeline.run.RunDirectory;
import cogent.pipeline.run.Stage;
import cogent.pipeline.run.StageContext;
import cogent.pipeline.run.StopRequest;
import cogent.pipeline.run.StoppedException;
import cogent.pipeline.run.Students;
import cogent.pipeline.run.UnfinishedException;
import cogent.pipeline.run.Version;
import cogent.pipeline.train.AlignStage;
import cogent.pipeline.train.CheckpointOrigin;
import cogent.pipeline.train.DistilStage;
import cogent.pipeline.train.SftStage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.stream.Stream;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The stages of a recipe in their order, and the running of them. */
public final class Pipeline {
    /** What a stage is about to do. */
    public enum State {
        DONE,
        TO_DO,
        /** It was done, and something that its outputs depend on has changed. */
        AGAIN,
        NEEDS_EARLIER
    }

    /**
     * What becomes of a stage.
     *
     * @param why what has changed, of one that runs again; else empty
     */
    public record Prospect(State state, String why) {}

    /** What the first rank says after the last stage. */
    private static final String NOTHING_MORE = "";

    private final Recipe recipe;
    private final RunDirectory run;
    private final List<Stage> stages;

    private Pipeline(Recipe recipe, RunDirectory run, List<Stage> stages) {
        this.recipe = recipe;
        this.run = run;
        this.stages = stages;
    }

    /**
     * The stages that the recipe asks for.
     *
     * @throws InputException when the run is there already and an earlier version of Cogent made it, or when an address
     *     in the recipe holds a password
     */
    public static Pipeline of(Recipe recipe) {
        RunDirectory run = RunDirectory.of(recipe);
        run.requireCurrent();
        Teachers.requireNoSecrets(recipe);
        return new Pipeline(recipe, run, Stages.of(recipe, run));
    }

    /** The stages themselves, for those who run them one by one. */
    List<Stage> all() {
        return stages;
    }

    public List<String> stages() {
        return stages.stream().map(Stage::name).toList();
    }

    /** What becomes of every stage, by its name: one that runs again has those run again that read its outputs. */
    public SequencedMap<String, Prospect> prospects() {
        SequencedMap<String, Prospect> prospects = new LinkedHashMap<>();
        for (Stage stage : stages) {
            try {
                prospects.put(stage.name(), prospect(stage, prospects));
            } catch (InputException e) {
                prospects.put(stage.name(), new Prospect(State.TO_DO, "")); // what it lacks is among what is missing
            }
        }
        return prospects;
    }

    private Prospect prospect(Stage stage, Map<String, Prospect> earlier) {
        Optional<String> producer = stage.inputs().stream()
                .flatMap(input -> producer(input).stream())
                .filter(name -> earlier.containsKey(name) && earlier.get(name).state() != State.DONE)
                .findFirst();
        Optional<Manifest> made = Manifest.read(run.manifest(stage.name()));
        if (producer.isPresent()) {
            return made.isPresent()
                    ? new Prospect(State.AGAIN, producer.get() + " runs before it")
                    : new Prospect(State.NEEDS_EARLIER, "");
        }
        if (made.isEmpty() || !stage.inputs().stream().allMatch(Files::exists)) {
            return new Prospect(State.TO_DO, "");
        }
        return change(made.get(), stage)
                .map(why -> new Prospect(State.AGAIN, why))
                .orElseGet(() -> new Prospect(State.DONE, ""));
    }

    /** Steps of a training that are saved and that it would go on from; 0 where it would begin anew. */
    public long savedStep(String stage) {
        return stages.stream()
                .filter(s -> s.name().equals(stage)
                        && CheckpointOrigin.change(s, run).isEmpty())
                .mapToLong(_ -> run.savedStep(stage))
                .findFirst()
                .orElse(0);
    }

    /** What keeps the run from beginning, in the order of its stages: files, keys and addresses that are missing. */
    public List<String> missing() {
        return missing(stages, true);
    }

    /**
     * The same of some of the stages: those that are done need nothing.
     *
     * @param sends whether endpoints will be asked, and not stored replies alone
     */
    private List<String> missing(List<Stage> asked, boolean sends) {
        SequencedMap<String, Prospect> prospects = prospects();
        List<Stage> toDo = asked.stream()
                .filter(stage ->
                        Objects.requireNonNull(prospects.get(stage.name())).state() != State.DONE)
                .toList();
        Set<String> missing = new LinkedHashSet<>();
        for (Stage stage : toDo) {
            refusal(() -> {
                        List<String> absent = absent(stage);
                        missing.addAll(absent);
                        if (absent.isEmpty()) {
                            stage.check();
                        }
                    })
                    .ifPresent(missing::add);
            if (sends && (stage instanceof CurateStage || stage instanceof AuthorStage)) {
                missing.addAll(Teachers.missing(recipe));
            }
        }
        refusal(() -> checkStudent(toDo)).ifPresent(missing::add);
        return List.copyOf(missing);
    }

    /** Once for all stages that need it. */
    private void checkStudent(List<Stage> toDo) {
        boolean trains = toDo.stream()
                .anyMatch(s -> s instanceof SftStage || s instanceof AlignStage || s instanceof DistilStage);
        boolean asks = toDo.stream()
                .anyMatch(s -> s instanceof EvaluateStage
                        || (s instanceof CurateStage && recipe.curate().asksStudent()));
        String model = recipe.student().model();
        boolean made = model == null || model.equals(Recipe.PLAYGROUND);
        if ((!trains && !asks) || !(made || Files.exists(Students.base(recipe, run)))) {
            return; // or it is not there, which a stage says
        }
        if (trains) {
            Students.requireKnown(recipe);
            Students.requireWhole(recipe);
        }
        Students.requireTemplate(recipe);
    }

    private static Optional<String> refusal(Runnable check) {
        try {
            check.run();
            return Optional.empty();
        } catch (InputException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    /**
     * Runs the stages that are not done yet.
     *
     * @return what every stage came to, by its name, those done before included
     * @throws StoppedException when it was asked to stop; everything so far is saved, and the same call continues
     * @throws InputException when the user has to mend something
     * @throws cogent.llm.ChatException when an endpoint fails for good
     */
    public SequencedMap<String, StageResult> run(PipelineListener listener, StopRequest stop) {
        return run(stages(), new ReplySource.Live(), Ranks.alone(), listener, stop);
    }

    /** The same for some of the stages, with replies from elsewhere, by one process. */
    public SequencedMap<String, StageResult> run(
            List<String> only, ReplySource replies, PipelineListener listener, StopRequest stop) {
        return run(only, replies, Ranks.alone(), listener, stop);
    }

    /**
     * The same among several processes.
     *
     * @param only the names of the stages to run
     * @param ranks that help with the stages that can be divided: the others {@link #follow}
     * @throws UnfinishedException when that is all that could be done for now
     */
    public SequencedMap<String, StageResult> run(
            List<String> only, ReplySource replies, Ranks ranks, PipelineListener listener, StopRequest stop) {
        if (only.contains("evaluate") && recipe.evaluate().benchmarks().isEmpty()) {
            throw new InputException("evaluate.benchmarks is empty: name built-in ones ("
                    + String.join(", ", BenchmarkFile.BUILT_IN) + ", playground) or files of your own");
        }
        requireAsked(only.getLast());
        List<Stage> asked =
                stages.stream().filter(stage -> only.contains(stage.name())).toList();
        HubNames.ofEnvironment().fetch(recipe, readsStudent(asked), listener);
        boolean sends = !(replies instanceof ReplySource.Reparse || replies instanceof ReplySource.Batch);
        requireGiven(asked, sends);
        // the lock first: a second process must not touch the recipe of the one that is running
        try (RunDatabase database = run.open(recipe)) {
            AtomicFile.removeAbandoned(run.root());
            run.write(recipe);
            warnUnchecked(only, listener);
            StageContext context = new StageContext(database, listener, stop, replies, ranks);
            try {
                SequencedMap<String, StageResult> results = new LinkedHashMap<>();
                for (Stage stage : asked) {
                    StageResult result = run(stage, context);
                    results.put(stage.name(), result);
                    if (stage instanceof CurateStage curate && result instanceof CurateResult curated) {
                        curate.requireRows(curated);
                    }
                }
                ranks.say(NOTHING_MORE);
                ranks.barrier(); // the first holds the line: it stays until all have heard
                return results;
            } finally {
                listener.on(new PipelineEvent.RunEnded());
            }
        }
    }

    /**
     * Does its share of the stages that the first rank runs, as it comes to them, until that one has done with all.
     *
     * @throws StoppedException when any rank was asked to stop
     */
    public void follow(Ranks ranks, StopRequest stop) {
        Path scratch = scratch();
        try (RunDatabase nobodys = RunDatabase.open(scratch)) {
            StageContext context = new StageContext(nobodys, _ -> {}, stop, new ReplySource.Live(), ranks);
            for (String name = ranks.hear(); !name.equals(NOTHING_MORE); name = ranks.hear()) {
                String next = name;
                stages.stream()
                        .filter(stage -> stage.name().equals(next))
                        .findFirst()
                        .orElseThrow()
                        .help(context);
            }
            ranks.barrier();
        } finally {
            RunDirectory.delete(scratch);
        }
    }

    private static Path scratch() {
        try {
            return Files.createTempDirectory("cogent-rank");
        } catch (IOException e) {
            throw new UncheckedIOException("no temporary folder for this rank", e);
        }
    }

    /** Judges the answers of the finished evaluation anew; everything else stays as it is. */
    public EvaluateResult regrade(PipelineListener listener) {
        EvaluateStage stage = new EvaluateStage(recipe, run);
        Manifest done = Manifest.read(run.manifest(stage.name()))
                .filter(m -> stage.outputs().stream().allMatch(Files::exists))
                .orElseThrow(() -> new InputException(run.root()
                        + ": no finished evaluation to judge anew; `cogent evaluate` with this recipe makes one"));
        try (RunDatabase _ = run.open(recipe)) { // held, so that no run writes meanwhile
            EvaluateResult result = stage.regrade(listener);
            new Manifest(
                            done.stage(),
                            done.version(),
                            done.settings(),
                            done.inputs(),
                            done.seconds(),
                            Instant.now().toString(),
                            result,
                            done.from())
                    .write(run.manifest(stage.name()));
            writeCards(stage.name(), result, listener);
            listener.on(new PipelineEvent.RunEnded());
            return result;
        }
    }

    private void warnUnchecked(List<String> only, PipelineListener listener) {
        List<String> unseen = only.contains("curate") ? Cleaning.unseen(recipe) : List.of();
        if (!unseen.isEmpty()) {
            listener.on(new PipelineEvent.Warning("curate", "careful: " + Cleaning.unchecked(unseen)));
        }
    }

    /** Curation for a view that is set needs an endpoint, and no model. */
    private boolean readsStudent(List<Stage> asked) {
        return recipe.curate().asksStudent()
                || recipe.curate().critic().view() == null
                || !asked.stream().allMatch(stage -> stage instanceof CurateStage || stage instanceof AuthorStage);
    }

    /** Why a stage that was done is not done; empty when it is. */
    private static Optional<String> change(Manifest made, Stage stage) {
        return made.result() instanceof CurateResult curated && curated.rows() == 0
                ? Optional.of("no row came of it")
                : made.change(stage);
    }

    /** What was made before is not replaced without a word. */
    private void warnAgain(Stage stage, PipelineListener listener) {
        Manifest.read(run.manifest(stage.name()))
                .flatMap(made -> change(made, stage))
                .ifPresent(why -> listener.on(new PipelineEvent.Warning(
                        stage.name(), "runs again and replaces what it made before: " + why)));
    }

    /** A command for one stage is not answered by doing nothing. */
    private void requireAsked(String name) {
        if (stages.stream().anyMatch(stage -> stage.name().equals(name))) {
            return;
        }
        throw new InputException("this recipe has no stage " + name + ": "
                + switch (name) {
                    case "curate" -> "corpus.path is not set, and the rows to train on are the recipe's own";
                    case "sft" -> "sft.rows is not set";
                    case "align" -> recipe.align().enabled() ? "align.rows is not set" : "align.enabled is false";
                    default -> "it only evaluates";
                });
    }

    /** What the user has to give is there before the first stage begins: the last may be hours away. */
    void requireGiven(List<Stage> asked, boolean sends) {
        List<String> missing = missing(asked, sends);
        if (!missing.isEmpty()) {
            throw new InputException(String.join("\n", missing));
        }
    }

    private List<String> absent(Stage stage) {
        return stage.inputs().stream()
                .filter(input -> !Files.exists(input) && producer(input).isEmpty())
                .map(input -> input + ": no such file or folder, and " + stage.name()
                        + " needs it. Check its path in the recipe; nothing was run.")
                .toList();
    }

    private StageResult run(Stage stage, StageContext context) {
        for (Path input : stage.inputs()) {
            if (!Files.exists(input)) {
                throw new InputException(stage.name() + " needs " + input + ", which is not there: "
                        + producer(input)
                                .map(s -> "run `cogent " + command(s) + "` with this recipe first")
                                .orElse("check the recipe"));
            }
        }
        if ((stage instanceof CurateStage || stage instanceof AuthorStage)
                && context.replies() instanceof ReplySource.Reparse) {
            Manifest.delete(run.manifest(stage.name()));
        }
        warnAgain(stage, context.listener());
        Optional<Manifest> before = current(stage);
        Manifest done = before.orElseGet(() -> perform(stage, context));
        Duration took = before.isPresent() ? Duration.ZERO : Duration.ofMillis(Math.round(1000 * done.seconds()));
        context.listener().on(new StageFinished(stage.name(), done.result(), took, before.isPresent()));
        return done.result();
    }

    /**
     * Does a stage's work and writes its manifest.
     *
     * @throws StoppedException when it was asked to stop
     */
    Manifest perform(Stage stage, StageContext context) {
        long start = System.nanoTime();
        context.listener().on(new PipelineEvent.StageBegun(stage.name()));
        var hashes = Manifest.hashes(stage.inputs());
        Environment.record(recipe, run);
        if (stage.isParallel()) {
            context.ranks().say(stage.name());
        }
        StageResult result = stage.run(context);
        Manifest manifest = new Manifest(
                stage.name(),
                Version.NUMBER,
                stage.settings(),
                hashes,
                Duration.ofNanos(System.nanoTime() - start).toMillis() / 1e3,
                Instant.now().toString(),
                result,
                null);
        manifest.write(run.manifest(stage.name()));
        stage.settle();
        gatherMetrics();
        writeCards(stage.name(), result, context.listener());
        return manifest;
    }

    /** A trained model tells what it is, and an evaluated one how good. */
    private void writeCards(String stage, StageResult result, PipelineListener listener) {
        if (result instanceof TrainResult || result instanceof EvaluateResult) {
            ModelCards.write(recipe, run)
                    .forEach(card ->
                            listener.on(new PipelineEvent.Warning(stage, card + " was edited, and is left as it is")));
        }
    }

    /** One {@code metrics.jsonl} for the run: where people and dashboards look for it. */
    private void gatherMetrics() {
        try (JsonLinesWriter all = JsonLinesWriter.create(run.metrics())) {
            for (Stage stage : stages) {
                Path own = run.metrics(stage.name());
                if (Files.exists(own)) {
                    try (Stream<Row> rows = RowFile.open(own)) {
                        rows.forEach(row -> {
                            ObjectNode line =
                                    JsonMapper.shared().createObjectNode().put("stage", stage.name());
                            line.setAll(row.fields());
                            all.write(line);
                        });
                    }
                }
            }
            all.commit();
        }
    }

    /** The command that runs a stage: its own where it has one. */
    public static String command(String stage) {
        return switch (stage) {
            case "author" -> "curate";
            case "on-policy", "reward" -> "align";
            case "curate", "sft", "align", "evaluate" -> stage;
            default -> "run";
        };
    }

    private Optional<String> producer(Path file) {
        return stages.stream()
                .filter(s -> s.outputs().contains(file))
                .map(Stage::name)
                .findFirst();
    }

    Optional<Manifest> current(Stage stage) {
        return Manifest.read(run.manifest(stage.name()))
                .filter(made -> change(made, stage).isEmpty());
    }
}
