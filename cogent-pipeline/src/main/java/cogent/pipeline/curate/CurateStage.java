package cogent.pipeline.curate;

import cogent.curate.agent.FailedAttempt;
import cogent.curate.prompt.PromptSet;
import cogent.curate.run.CurationRun;
import cogent.curate.run.CurationRun.Mode;
import cogent.curate.run.CurationSummary;
import cogent.curate.run.PromptVersions;
import cogent.curate.run.Stories;
import cogent.curate.student.Division;
import cogent.curate.student.Measures;
import cogent.curate.student.StudentCritic;
import cogent.data.Count;
import cogent.data.Draft;
import cogent.data.InputException;
import cogent.data.Sample;
import cogent.data.file.RefusedRow;
import cogent.data.file.Row;
import cogent.data.file.RowFile;
import cogent.llm.ChatException;
import cogent.llm.ChatModel;
import cogent.llm.meter.Meter;
import cogent.llm.run.ChatModels;
import cogent.pipeline.keys.RecordJson;
import cogent.pipeline.recipe.CleanConfig;
import cogent.pipeline.recipe.CriticConfig;
import cogent.pipeline.recipe.Recipe;
import cogent.pipeline.result.CurateResult;
import cogent.pipeline.result.StageResult;
import cogent.pipeline.run.Corpora;
import cogent.pipeline.run.Manifest;
import cogent.pipeline.run.PipelineEvent;
import cogent.pipeline.run.ReplySource;
import cogent.pipeline.run.RunDirectory;
import cogent.pipeline.run.Stage;
import cogent.pipeline.run.StageContext;
import cogent.pipeline.run.StageDetail;
import cogent.pipeline.run.StoppedException;
import cogent.pipeline.run.Students;
import cogent.pipeline.run.UnfinishedException;
import cogent.pipeline.run.Version;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Critique, rethink, verify: from the corpus to {@code sft.jsonl} and {@code preferences.jsonl}. */
public record CurateStage(Recipe recipe, RunDirectory run) implements Stage {
    @Override
    public String name() {
        return "curate";
    }

    @Override
    public JsonNode settings() {
        ObjectNode settings = asked();
        if (Stories.holdsRefusedRequests(run.root())) { // another server may answer them
            settings.put("urls", String.join(" ", Teachers.urls(recipe)));
        }
        return settings;
    }

    /** What the story of a sample depends on. */
    private ObjectNode asked() {
        ObjectNode settings = JsonMapper.shared().createObjectNode();
        settings.set("corpus", RecordJson.identity(recipe.corpus()));
        settings.set("format", RecordJson.identity(recipe.format()));
        settings.set("teacher", RecordJson.identity(recipe.teacher()));
        settings.set("curate", RecordJson.identity(recipe.curate()));
        settings.put("view", StudentSize.of(recipe));
        if (recipe.curate().asksStudent()) {
            settings.put("dtype", recipe.student().dtype().toString()); // its figures are rounded by it
            Students.template(recipe, settings);
        }
        return settings;
    }

    @Override
    public List<Path> inputs() {
        List<Path> inputs = new ArrayList<>(Corpora.files(recipe, run));
        inputs.addAll(Cleaning.evaluated(recipe));
        recipe.curate().prompts().values().forEach(file -> inputs.add(Path.of(file)));
        if (recipe.curate().asksStudent()) {
            inputs.add(Students.asked(recipe, run));
        }
        return List.copyOf(inputs);
    }

    @Override
    public List<Path> outputs() {
        List<Path> outputs = new ArrayList<>(List.of(run.sftRows(), run.preferences(), run.refused()));
        if (recipe.corpus().heldOut() > 0) {
            outputs.add(run.keptBack());
        }
        if (recipe.corpus().clean().evaluated() == CleanConfig.Evaluated.FLAG
                && !Cleaning.evaluated(recipe).isEmpty()) {
            outputs.add(run.flagged());
        }
        return List.copyOf(outputs);
    }

    @Override
    public StageResult run(StageContext context) {
        requireCalls(context);
        return Batches.work(
                recipe,
                run,
                context,
                (board, mode) -> context.replies() instanceof ReplySource.Estimate estimate
                        ? estimated(context, board, estimate.rows(), this::written)
                        : curate(context, board, mode));
    }

    /** Where the student reads the corpus; all else is for the first rank. */
    @Override
    public boolean isParallel() {
        return recipe.curate().critic().measures();
    }

    @Override
    public void help(StageContext context) {
        try (StudentReader reader = reader()) {
            StudentCritic _ = measured(reader, 0, context);
        }
    }

    /** @throws InputException when the recipe cannot be curated in this way */
    void requireCalls(StageContext context) {
        check(); // a stage that is done was not looked at before, and may be reparsed
        if (context.replies() instanceof ReplySource.Batch
                && recipe.curate().verifier().studentReads()) {
            throw new InputException(
                    "curate.verifier.blind.by: the student answers in this process, not in a batch. Set it to"
                            + " teacher, or curate without batches");
        }
    }

    @Override
    public void check() {
        PromptSet prompts = Agents.prompts(recipe.curate().prompts());
        if (!Recipe.PLAYGROUND.equals(recipe.teacher().url())) { // whose calls cost nothing
            PromptVersions.requireSame(run.root(), prompts);
        }
    }

    private Stream<Draft> written() {
        return samples(_ -> {}).map(Draft::of);
    }

    /**
     * Tries a few rows, and ends with what they tell of all.
     *
     * @param corpus opened anew at every call; rows without a rationale are written first
     */
    Optional<StageResult> estimated(StageContext context, ChatModels board, int rows, Supplier<Stream<Draft>> corpus) {
        try (StudentReader reader = reader()) {
            context.stop().whenAsked(board::stopSending);
            StudentCritic student = measured(reader, 0, context);
            Meter.Snapshot before = board.snapshot();
            TrialCuration tried = new TrialCuration(recipe);
            try {
                tried.go(
                        corpus,
                        rows,
                        recipe.curate().author().writes()
                                ? Agents.of(recipe, board).author()
                                : null,
                        Agents.of(recipe, board).curation(student, blind(board, reader)),
                        () -> context.progress(
                                "curate", tried.done(), rows, "rows tried", new StageDetail.Asking(board.snapshot())));
            } catch (ChatException e) {
                if (context.stop().asked()) {
                    return Optional.empty();
                }
                throw e;
            }
            throw new UnfinishedException(
                    false, tried.said(before, board.snapshot(), ChatModels.meanSeconds(run.root())));
        }
    }

    /** Empty when it was stopped, or waits for a batch. */
    private Optional<StageResult> curate(StageContext context, ChatModels board, Mode mode) {
        StudentSize.doubt(recipe).ifPresent(doubt -> context.listener().on(new PipelineEvent.Warning(name(), doubt)));
        long total;
        List<String> unused = new ArrayList<>();
        try (Stream<Sample> samples = Corpora.samples(recipe, run, _ -> {}, unused::add)) {
            total = samples.count();
        }
        if (!unused.isEmpty()) {
            context.listener()
                    .on(new PipelineEvent.Warning(
                            name(), "fields of the corpus that are not used: " + String.join(", ", unused)));
        }
        if (recipe.corpus().heldOut() > 0) {
            try (Stream<Draft> rows = Corpora.drafts(recipe, run, _ -> {})) {
                Cleaning.writeHeldOut(rows.map(Draft::problem), recipe.corpus().heldOut(), run.keptBack());
            }
        }
        String depends = Version.NUMBER + asked() + Manifest.contents(Manifest.hashes(inputs()));
        try (StudentReader reader = reader()) {
            context.stop().whenAsked(board::stopSending);
            StudentCritic student = measured(reader, total, context);
            Optional<CurationSummary> summary;
            try (CurationView view = new CurationView(name(), total, context.listener(), board)) {
                summary = new CurationRun(
                                Agents.of(recipe, board).curation(student, blind(board, reader)),
                                Agents.pairs(recipe, recipe.format().rows()),
                                context.database(),
                                depends,
                                recipe.curate().inFlight(),
                                context.stop()::asked,
                                view)
                        .run(this::samples, Cleaning.filters(recipe), Cleaning.flags(recipe), total, run.root(), mode);
            }
            if (mode == Mode.WORK && !context.stop().asked()) {
                throw Batches.worked(board.snapshot());
            }
            if (mode == Mode.REPARSE && summary.isEmpty() && !context.stop().asked()) {
                throw Batches.lacking(board.snapshot());
            }
            summary.ifPresent(this::requireUsable);
            return summary.map(s -> new CurateResult(s, Cleaning.unseen(recipe), board.snapshotOfAll()));
        }
    }

    private void requireUsable(CurationSummary summary) {
        long unanswered = CurateResult.unanswered(summary);
        if (summary.samples() > 0 && unanswered > recipe.curate().maxUnanswered() * (summary.samples() + unanswered)) {
            throw new UnfinishedException(
                    true,
                    "%,d of %s got no answer. The rest is done, its rows are written. %s%n"
                                    .formatted(
                                            unanswered,
                                            Count.of(summary.samples() + unanswered, "sample"),
                                            firstRefusal("endpoint"))
                            + "The same command asks again for those alone; curate.max_unanswered (a share, now "
                            + recipe.curate().maxUnanswered() + ") goes on without them.");
        }
        boolean filtered = summary.refused().keySet().stream().allMatch(reason -> reason.startsWith("corpus: "));
        if (summary.samples() == 0 && filtered) {
            throw new InputException("curate: nothing is left of the corpus:"
                    + Stream.concat(
                                    summary.refused().entrySet().stream()
                                            .map(e -> "%,d × %s"
                                                    .formatted(
                                                            e.getValue(),
                                                            e.getKey().substring("corpus: ".length()))),
                                    summary.heldOut() == 0
                                            ? Stream.of()
                                            : Stream.of("%,d × held out".formatted(summary.heldOut())))
                            .collect(Collectors.joining("\n   ", "\n   ", "\n"))
                    + "corpus.clean and corpus.held_out say what is left out; each row stands in " + run.refused());
        }
        if (summary.samples() == 0) {
            throw new ChatException(
                    ChatException.Kind.TRANSIENT, "curate: no sample came through. " + firstRefusal("endpoint"));
        }
    }

    /** @throws UnfinishedException when nothing came of it that a student could be trained on */
    public void requireRows(CurateResult result) {
        if (result.rows() == 0) {
            throw new UnfinishedException(
                    true,
                    "curate: no row came of it, all were refused: " + reasons(result.curation())
                            + advice(result.curation()) + firstRefusal(""));
        }
    }

    /** What may be set otherwise, where all were refused for the same. */
    private static String advice(CurationSummary summary) {
        String all = summary.refused().size() == 1
                ? String.join("", summary.refused().keySet())
                : "";
        if (all.contains(FailedAttempt.CUT_OFF)) {
            return "Raise teacher.max_tokens, or lower reasoning_effort: thinking counts too. ";
        }
        return all.contains(FailedAttempt.ALL_THINKING)
                ? "The server takes the whole reply for thinking: mend its reasoning parser, or turn thinking off. "
                : "";
    }

    private static String reasons(CurationSummary summary) {
        return summary.refused().entrySet().stream()
                .map(e -> "%,d × %s".formatted(e.getValue(), e.getKey()))
                .collect(Collectors.joining(", ", "", ". "));
    }

    /** The student as the blind reader, where the recipe wants it. */
    private @Nullable ChatModel blind(ChatModels board, @Nullable StudentReader reader) {
        return reader != null && recipe.curate().verifier().studentReads()
                ? board.connect(reader.blind(), "student " + studentIdentity())
                : null;
    }

    private @Nullable StudentReader reader() {
        return recipe.curate().asksStudent() ? new StudentReader(recipe, Students.asked(recipe, run)) : null;
    }

    /** All that the small model's answers depend on besides what it is asked. */
    private String studentIdentity() {
        return Manifest.hashes(List.of(Students.asked(recipe, run))).values()
                + RecordJson.identity(recipe.format()).toString()
                + recipe.student().dtype()
                + Students.template(recipe);
    }

    /**
     * The student as a critic, where the recipe wants it. It reads the whole corpus first: only then is known what is
     * unlikely or long in it. The other ranks read a part each.
     */
    private @Nullable StudentCritic measured(@Nullable StudentReader reader, long total, StageContext context) {
        if (reader == null || !recipe.curate().critic().measures()) {
            return null;
        }
        Path directory = Students.asked(recipe, run);
        Measures measures = new Measures(context.database(), reader, studentIdentity());
        CriticConfig critic = recipe.curate().critic();
        try (Stream<Sample> samples = samples(_ -> {})) {
            return StudentCritic.calibrated(
                    measures,
                    measures.ahead(
                                    samples,
                                    new Division(
                                            context.ranks().rank(),
                                            context.ranks().count(),
                                            context.ranks()::sum),
                                    context.stop()::asked,
                                    n -> context.progress(
                                            name(), n, total, "rationales", new StageDetail.StudentReading(directory)))
                            .orElseThrow(StoppedException::new),
                    critic.figure(),
                    new StudentCritic.Shares(critic.unlikely(), critic.longest()));
        }
    }

    /** @param stage where it was refused; anywhere where this is empty */
    private String firstRefusal(String stage) {
        try (Stream<Row> rows = RowFile.open(run.refused())) {
            return rows.filter(row -> stage.isEmpty()
                            || row.fields().path("stage").asString("").equals(stage))
                    .findFirst()
                    .map(row -> "The first: " + row.fields().path("reason").asString("") + ", "
                            + row.fields().path("detail").asString("") + "\nWhy of each stands in " + run.refused())
                    .orElse("");
        }
    }

    private Stream<Sample> samples(Consumer<RefusedRow> refused) {
        return Corpora.samples(recipe, run, refused);
    }
}
