package cogent.cli.run;

import cogent.llm.store.RunDatabase;

/**
 * What a stage may use besides its files.
 *
 * @param database the run's, held by this process alone
 * @param calls where the curation's replies come from
 */
record StageContext(RunDatabase database, Progress progress, Interrupt interrupt, Calls calls) {}
