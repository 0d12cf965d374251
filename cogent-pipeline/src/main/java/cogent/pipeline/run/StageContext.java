package cogent.pipeline.run;

import cogent.llm.store.RunDatabase;

/**
 * What a stage may use besides its files.
 *
 * @param database the run's, held by this process alone
 * @param replies where the curation's replies come from
 */
public record StageContext(RunDatabase database, PipelineListener listener, StopRequest stop, ReplySource replies) {
    /** Tells how far the stage is. */
    public void progress(String stage, long done, long total, String unit, StageDetail detail) {
        listener.on(new PipelineEvent.StageProgress(stage, done, total, unit, detail));
    }
}
