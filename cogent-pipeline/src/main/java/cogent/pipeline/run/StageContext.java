package cogent.pipeline.run;

import cogent.llm.store.RunDatabase;

/**
 * What a stage may use besides its files.
 *
 * @param database the run's, held by this process alone
 * @param calls where the curation's replies come from
 */
public record StageContext(RunDatabase database, Progress progress, StopRequest stop, ReplySource calls) {}
