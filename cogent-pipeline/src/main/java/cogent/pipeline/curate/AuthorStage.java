package cogent.pipeline.curate;

import cogent.curate.run.AuthorRun;
import cogent.curate.run.CurationRun.Mode;
import cogent.curate.run.CurationSummary.Replies;
import cogent.data.Count;
import cogent.data.Draft;
import cogent.data.InputException;
import cogent.data.Problem;
import cogent.data.file.JsonLinesWriter;
import cogent.llm.run.ChatModels;
import cogent.pipeline.keys.RecordJson;
import cogent.pipeline.recipe.CurateConfig;
import cogent.pipeline.recipe.Recipe;
import cogent.pipeline.result.AuthorResult;
import cogent.pipeline.result.StageResult;
import cogent.pipeline.run.Corpora;
import cogent.pipeline.run.ReplySource;
import cogent.pipeline.run.RunDirectory;
import cogent.pipeline.run.Stage;
import cogent.pipeline.run.StageContext;
import cogent.pipeline.run.StageDetail;
import cogent.pipeline.run.UnfinishedException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Has the teacher write the rationales that the corpus lacks: {@code authored.jsonl}, a line for each of them. */
public record AuthorStage(Recipe recipe, RunDirectory run) implements Stage {
    @Override
    public String name() {
        return "author";
    }

    @Override
    public JsonNode settings() {
        CurateConfig curate = recipe.curate();
        ObjectNode settings = JsonMapper.shared().createObjectNode();
        settings.set("corpus", RecordJson.identity(recipe.corpus()));
        settings.set("teacher", RecordJson.identity(recipe.teacher()));
        settings.set("author", RecordJson.identity(curate.author()));
        settings.put("view", StudentSize.of(recipe));
        return settings;
    }

    @Override
    public List<Path> inputs() {
        List<Path> inputs = new ArrayList<>(List.of(Corpora.file(recipe, run)));
        inputs.addAll(Cleaning.evaluated(recipe));
        Optional.ofNullable(recipe.curate().prompts().get("solve"))
                .map(Path::of)
                .ifPresent(inputs::add);
        return List.copyOf(inputs);
    }

    @Override
    public List<Path> outputs() {
        return List.of(run.authored());
    }

    @Override
    public void check() {
        new CurateStage(recipe, run).check();
    }

    @Override
    public StageResult run(StageContext context) {
        CurateStage curate = new CurateStage(recipe, run);
        curate.requireCalls(context);
        return Batches.work(
                recipe,
                run,
                context,
                (board, mode) -> context.replies() instanceof ReplySource.Estimate estimate
                        ? estimated(context, board, estimate.rows(), curate)
                        : write(context, board, mode));
    }

    /** The curation's estimate, with the rows that it tries written on the way. */
    private Optional<StageResult> estimated(StageContext context, ChatModels board, int rows, CurateStage curate) {
        if (recipe.curate().critic().measures()) {
            throw new InputException("--estimate: the student of curate.critic.by is measured on the whole corpus, and"
                    + " rationales of it are still to be written. --set curate.critic.by=teacher leaves the student,"
                    + " who costs nothing, out of the estimate");
        }
        return curate.estimated(context, board, rows, this::drafts);
    }

    /** Empty when it was stopped, or waits for a batch. */
    private Optional<StageResult> write(StageContext context, ChatModels board, Mode mode) {
        context.stop().whenAsked(board::stopSending);
        long all = count(drafts());
        long missing = count(drafts().filter(AuthorStage::lacks));
        try (JsonLinesWriter out = JsonLinesWriter.create(run.authored())) {
            Optional<AuthorRun.Summary> ended = write(context, board, missing, out);
            if (mode == Mode.REPARSE && ended.isPresent() && ended.get().pending() > 0) {
                throw Batches.lacking(board.snapshot());
            }
            if (ended.isEmpty() || ended.get().pending() > 0) {
                return Optional.empty();
            }
            requireUsable(ended.get(), missing, all - missing);
            out.commit();
            AuthorRun.Summary summary = ended.get();
            return Optional.of(new AuthorResult(
                    missing,
                    new Replies(summary.written(), summary.missed(), summary.reasons()),
                    summary.refused(),
                    board.snapshot()));
        }
    }

    private Optional<AuthorRun.Summary> write(
            StageContext context, ChatModels board, long missing, JsonLinesWriter out) {
        AuthorRun author = new AuthorRun(
                Agents.of(recipe, board).author(),
                Cleaning.filters(recipe),
                recipe.curate().inFlight(),
                context.stop()::asked);
        long[] done = {0};
        try (Stream<Draft> drafts = drafts()) {
            Stream<Problem> problems = drafts.filter(AuthorStage::lacks).map(Draft::problem);
            return author.run(problems.iterator(), authored -> {
                out.write(authored);
                context.progress(name(), ++done[0], missing, "rationales", new StageDetail.Asking(board.snapshot()));
            });
        }
    }

    private Stream<Draft> drafts() {
        return Corpora.drafts(recipe, run, _ -> {});
    }

    private static boolean lacks(Draft draft) {
        return draft.rationale() == null;
    }

    private static long count(Stream<Draft> drafts) {
        try (drafts) {
            return drafts.count();
        }
    }

    private void requireUsable(AuthorRun.Summary summary, long missing, long there) {
        if (summary.unanswered() > recipe.curate().maxUnanswered() * missing) {
            throw new UnfinishedException(
                    true,
                    ("author: %,d of %s got no answer:%s%nThe last: %s%nWhat was answered is stored. The same command asks again"
                                    + " for the others alone; curate.max_unanswered (a share, now %s) goes on without them.")
                            .formatted(
                                    summary.unanswered(),
                                    Count.of(missing, "problem"),
                                    reasons(summary),
                                    summary.failure(),
                                    recipe.curate().maxUnanswered()));
        }
        if (missing > 0 && summary.written() + there == 0) {
            throw new InputException(
                    "author: not one rationale was written, and the corpus has none:" + reasons(summary));
        }
    }

    private static String reasons(AuthorRun.Summary summary) {
        return summary.refused().entrySet().stream()
                .map(e -> "%,d × %s".formatted(e.getValue(), e.getKey()))
                .collect(Collectors.joining("\n   ", "\n   ", ""));
    }
}
