package cogent.pipeline.curate;

import cogent.curate.run.CurationProgress;
import cogent.llm.run.ChatModels;
import cogent.pipeline.run.PipelineEvent;
import cogent.pipeline.run.PipelineEvent.StageProgress;
import cogent.pipeline.run.PipelineListener;
import cogent.pipeline.run.StageDetail;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Tells of a curation while it goes on: how far it is, what each agent has used, and what keeps an endpoint from answering.
 * It looks by itself now and then, since nothing is done for long where replies take minutes.
 */
final class CurationView implements Consumer<CurationProgress>, AutoCloseable {
    private static final long LOOK_MILLIS = 250;
    private static final long TROUBLE_NANOS = Duration.ofMinutes(1).toNanos();

    private final String stage;
    private final PipelineListener listener;
    private final ChatModels board;
    private final ScheduledExecutorService watch = Executors.newSingleThreadScheduledExecutor(
            Thread.ofVirtual().name("curation view").factory());
    private volatile CurationProgress last;
    private long told = System.nanoTime() - TROUBLE_NANOS;

    CurationView(String stage, long total, PipelineListener listener, ChatModels board) {
        this.stage = stage;
        this.listener = listener;
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
        listener.on(new StageProgress(
                stage, last.done(), last.total(), "", new StageDetail.Curating(last, board.snapshot())));
        String trouble = board.trouble().orElse(null);
        if (trouble != null && System.nanoTime() - told >= TROUBLE_NANOS) {
            listener.on(new PipelineEvent.Warning(stage, trouble));
            told = System.nanoTime();
        }
    }

    @Override
    public void close() {
        watch.shutdownNow();
        watch.close(); // what is being shown is shown whole, before the next stage's line
    }
}
