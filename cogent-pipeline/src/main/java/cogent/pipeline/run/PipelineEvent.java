package cogent.pipeline.run;

import cogent.pipeline.result.StageResult;
import java.time.Duration;

/** What there is to tell of a run while it goes on. */
public sealed interface PipelineEvent {
    /** A stage begins to work; stages that are done already do not. */
    record StageBegun(String stage) implements PipelineEvent {}

    /**
     * A stage has come so far.
     *
     * @param total 0 when it is not known
     * @param unit what is counted: {@code steps}, {@code answers}; empty for samples
     */
    record StageProgress(String stage, long done, long total, String unit, StageDetail detail)
            implements PipelineEvent {}

    /** Something that people should know, and that stops nothing. */
    record Warning(String stage, String text) implements PipelineEvent {}

    /**
     * A stage is done.
     *
     * @param took the work; nothing where it was done before
     * @param before whether it was done by an earlier run
     */
    record StageFinished(String stage, StageResult result, Duration took, boolean before) implements PipelineEvent {}

    /** Stored answers of a model were judged anew. */
    record AnswersRegraded(String model, String benchmark, long answers, long changed) implements PipelineEvent {}

    /** Nothing more is done, whatever the reason; the run's directory is still held. */
    record RunEnded() implements PipelineEvent {}
}
