package cogent.pipeline.study;

import cogent.pipeline.StagedRun.Done;
import cogent.pipeline.run.PipelineListener;

/** Whoever looks on while a study runs. Called from any thread. */
public interface StudyListener {
    /** Whoever looks on while one run's stages work. */
    PipelineListener of(StudyRun cell);

    void started(StudyRun cell, String stage);

    /** A stage is done: run just now, before, or taken over from another run. */
    void finished(StudyRun cell, String stage, Done result);

    /** A run goes no further. */
    void ended(StudyRun cell, IncompleteRun ending);
}
