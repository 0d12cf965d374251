package cogent.pipeline.curate;

import cogent.curate.run.CurationProgress;
import cogent.llm.meter.Meter;
import cogent.llm.meter.UsageTotals;
import cogent.llm.run.ChatModels;
import cogent.pipeline.run.Progress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * A curation while it goes on: how far it is, what each agent has used, and what keeps an endpoint from answering. It looks
 * by itself now and then, since nothing is done for long where replies take minutes.
 */
final class CurationView implements Consumer<CurationProgress>, AutoCloseable {
    private static final long LOOK_MILLIS = 250;
    private static final long TROUBLE_NANOS = Duration.ofMinutes(1).toNanos();

    private final String stage;
    private final Progress progress;
    private final ChatModels board;
    private final ScheduledExecutorService watch = Executors.newSingleThreadScheduledExecutor(
            Thread.ofVirtual().name("curation view").factory());
    private volatile CurationProgress last;
    private long told = System.nanoTime() - TROUBLE_NANOS;

    CurationView(String stage, long total, Progress progress, ChatModels board) {
        this.stage = stage;
        this.progress = progress;
        this.board = board;
        this.last = new CurationProgress(0, total, 0, 0, 0, 0, 0, 0, 0);
        ScheduledFuture<?> _ =
                watch.scheduleWithFixedDelay(this::look, LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
    }

    @Override
    public void accept(CurationProgress now) {
        last = now;
    }

    private void look() {
        show();
        String trouble = board.trouble().orElse(null);
        if (trouble != null && System.nanoTime() - told >= TROUBLE_NANOS) {
            progress.say(" " + trouble);
            told = System.nanoTime();
        }
    }

    private void show() {
        CurationProgress p = last;
        progress.update(
                stage,
                p.done(),
                p.total(),
                "",
                "easy %,d  medium %,d  hard %,d  verified %,d  refused %,d"
                        .formatted(p.easy(), p.medium(), p.hard(), p.verified(), p.refused()),
                parts(board.snapshot()));
    }

    /** A line for each agent in the order of their work, and their sum. */
    private static List<String> parts(Meter.Snapshot spent) {
        Map<String, UsageTotals> agents = new TreeMap<>(Agents.BY_WORK);
        agents.putAll(spent.byAgent());
        List<String> parts = new ArrayList<>();
        agents.forEach((agent, tally) -> parts.add("   %-13s %s".formatted(agent, UsageText.of(tally))));
        String out = spent.inFlight() > 0 ? ", %,d in flight".formatted(spent.inFlight()) : "";
        parts.add("   %-13s %s".formatted("all", UsageText.of(spent) + out));
        return parts;
    }

    @Override
    public void close() {
        watch.shutdownNow();
        watch.close(); // what is being shown is shown whole, before the next stage's line
    }
}
