package cogent.pipeline.curate;

import cogent.curate.run.CurationRun.Mode;
import cogent.data.Count;
import cogent.data.InputException;
import cogent.llm.batch.BatchResults;
import cogent.llm.batch.BatchWave;
import cogent.llm.meter.Budget;
import cogent.llm.meter.Meter;
import cogent.llm.meter.UsageTotals;
import cogent.llm.run.ChatModels;
import cogent.llm.store.RunDatabase;
import cogent.pipeline.recipe.Recipe;
import cogent.pipeline.result.StageResult;
import cogent.pipeline.run.ReplySource;
import cogent.pipeline.run.RunDirectory;
import cogent.pipeline.run.StageContext;
import cogent.pipeline.run.StoppedException;
import cogent.pipeline.run.UnfinishedException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;

/** What there is to say of batch files, and of replies that are not stored. */
public final class Batches {
    private Batches() {}

    /**
     * Does a stage's work with replies from where this command wants them.
     *
     * @param work empty when it was stopped, or waits for a batch
     */
    static StageResult work(
            Recipe recipe,
            RunDirectory run,
            StageContext context,
            BiFunction<ChatModels, Mode, Optional<StageResult>> work) {
        RunDatabase database = context.database();
        Budget budget = Teachers.budget(recipe.teacher());
        return switch (context.replies()) {
            case ReplySource.Live _, ReplySource.Estimate _, ReplySource.Work _ -> {
                try (ChatModels board = new ChatModels(database, budget)) {
                    try {
                        Mode mode = context.replies() instanceof ReplySource.Work ? Mode.WORK : Mode.FETCH;
                        yield work.apply(board, mode).orElseThrow(StoppedException::new);
                    } finally {
                        context.adapted("curate", board);
                    }
                }
            }
            case ReplySource.Reparse _ -> {
                try (ChatModels board = ChatModels.stored(database)) {
                    yield work.apply(board, Mode.REPARSE).orElseThrow(StoppedException::new);
                }
            }
            case ReplySource.Batch batch -> {
                if (database.peers().isPresent()) {
                    throw new InputException(
                            "store: batches are written and read by one process, whose run.db holds what is"
                                    + " out. Take `store` out of a recipe that is curated in batches; nothing was written.");
                }
                double price = recipe.curate().batchPrice();
                try (BatchWave wave = new BatchWave(database, batch.directory(), recipe.name(), batch.again(), price);
                        ChatModels board = ChatModels.batched(database, budget, wave)) {
                    Optional<StageResult> done = work.apply(board, Mode.BATCH);
                    if (done.isPresent()) {
                        yield done.get();
                    }
                    if (context.stop().asked()) {
                        throw new StoppedException();
                    }
                    throw waiting(wave.finish(), ChatModels.spent(run.root()));
                }
            }
        };
    }

    /**
     * Takes files of results into a run.
     *
     * @return a line on each
     * @throws InputException when the run has written no batch, or a file cannot be read
     */
    public static String read(RunDirectory run, List<Path> files) {
        if (!run.isBegun()) {
            throw new InputException(run.root() + " has written no batch yet: --batch-out DIR comes first");
        }
        if (RunDatabase.isShared(run.root())) {
            throw new InputException(
                    run.root() + " has its calls in a store, which takes no batches: nothing was read");
        }
        StringBuilder said = new StringBuilder();
        try (RunDatabase database = RunDatabase.open(run.root())) {
            for (Path file : files) {
                said.append(line(BatchResults.read(database, file)));
            }
        }
        return said.toString();
    }

    private static String line(BatchResults results) {
        StringBuilder line = new StringBuilder(
                "%s: %s taken".formatted(results.file(), Count.of(results.replies(), "reply", "replies")));
        if (results.known() > 0) {
            line.append(", %,d known before".formatted(results.known()));
        }
        if (results.unknown() > 0) {
            line.append(", %,d of no call that is out (another run's?)".formatted(results.unknown()));
        }
        results.failed().forEach((why, n) -> line.append("%n   %,d without a reply: %s".formatted(n, why)));
        if (!results.unreadable().isEmpty()) {
            line.append("%n   %s left out: %s"
                    .formatted(
                            Count.of(results.unreadable().size(), "line"),
                            String.join("; ", results.firstUnreadable())));
        }
        return line.append('\n').toString();
    }

    /** @param spent by agent so far, for what a reply costs on average */
    static UnfinishedException waiting(BatchWave.Written written, Map<String, UsageTotals> spent) {
        StringBuilder said = new StringBuilder();
        if (!written.files().isEmpty()) {
            said.append("%s written, none sent:%n"
                    .formatted(Count.of(
                            written.files().stream()
                                    .mapToLong(BatchWave.RequestFile::calls)
                                    .sum(),
                            "call")));
            for (BatchWave.RequestFile file : written.files()) {
                said.append("   %s   %s, %.1f MB, model %s%n"
                        .formatted(file.path(), Count.of(file.calls(), "call"), file.bytes() / 1e6, file.model()));
            }
            written.byAgent()
                    .forEach((agent, share) -> said.append(share(agent, share, Optional.ofNullable(spent.get(agent)))));
        }
        if (written.out() > 0) {
            said.append("%s of earlier waves %s no result yet (--batch-again writes them once more)%n"
                    .formatted(Count.of(written.out(), "call"), written.out() == 1 ? "has" : "have"));
        }
        if (written.unaffordable() > 0) {
            said.append("%s not written: %s%n".formatted(Count.of(written.unaffordable(), "call"), written.budget()));
        }
        said.append(
                written.files().isEmpty() && written.out() == 0
                        ? "Nothing can go on before that."
                        : "Next: the provider's batch API for /v1/chat/completions; when its results are there, the same command"
                                + " with --batch-in RESULTS.jsonl");
        return new UnfinishedException(written.files().isEmpty() && written.out() == 0, said.toString());
    }

    private static String share(String agent, BatchWave.Share share, Optional<UsageTotals> before) {
        String line = String.format(
                Locale.ROOT,
                "   %-11s %s, about %,d prompt tokens",
                agent,
                Count.of(share.calls(), "call"),
                share.promptTokens());
        String prompts = share.promptPrice() == 0 ? "" : String.format(Locale.ROOT, " (%.4f)", share.promptPrice());
        return line + prompts + before.map(b -> replies(share, b)).orElse("") + "\n";
    }

    private static String replies(BatchWave.Share share, UsageTotals before) {
        double tokens = (double) before.completionTokens() / before.calls() * share.calls();
        double price = tokens * share.completionPrice() / 1e6;
        return String.format(Locale.ROOT, ", replies about %,.0f", tokens)
                + (price == 0 ? "" : String.format(Locale.ROOT, " (%.4f)", price));
    }

    /** A worker's end. */
    static UnfinishedException worked(Meter.Snapshot spent) {
        long reused = spent.total().reused();
        return new UnfinishedException(
                false,
                "Nothing is left to do here: every sample is done, by this process or another. The same command without"
                        + " --worker writes the files. (Replies taken from the store: %,d)".formatted(reused));
    }

    /** What a computation from stored replies alone could not do. */
    static UnfinishedException lacking(Meter.Snapshot spent) {
        StringBuilder agents = new StringBuilder();
        spent.byAgent().forEach((agent, tally) -> {
            if (tally.failed() > 0) {
                agents.append(agents.isEmpty() ? "" : ", ").append("%,d of the %s".formatted(tally.failed(), agent));
            }
        });
        return new UnfinishedException(
                true,
                "Replies are missing: " + agents
                        + ", and what follows from those. None was fetched; the outputs are as they"
                        + " were.\nThe same command without --reparse fetches them. (Replies belong to the exact prompt,"
                        + " model and sampling; a change of those asks anew.)");
    }
}
