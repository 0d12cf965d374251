package cogent.pipeline.run;

import cogent.llm.run.ChatModels;
import cogent.llm.store.RunDatabase;
import cogent.model.tensor.Ranks;

/**
 * What a stage may use besides its files.
 *
 * @param database the run's, held by this process alone
 * @param replies where the curation's replies come from
 * @param ranks that do the stage together, those of {@link Stage#isParallel} at least; the first writes what it leaves
 */
public record StageContext(
        RunDatabase database, PipelineListener listener, StopRequest stop, ReplySource replies, Ranks ranks) {
    /** Tells how far the stage is. */
    public void progress(String stage, long done, long total, String unit, StageDetail detail) {
        listener.on(new PipelineEvent.StageProgress(stage, done, total, unit, detail));
    }

    /** Tells what servers wanted otherwise than the settings say, and got. */
    public void adapted(String stage, ChatModels board) {
        board.adaptations().forEach(how -> listener.on(new PipelineEvent.Warning(stage, how)));
    }
}
