package cogent.curate.run;

import cogent.data.Difficulty;

/**
 * How far a curation has come.
 *
 * @param done samples that are kept or refused, those of earlier runs included
 * @param total samples in the corpus, or 0 where nobody has counted
 * @param rewritten samples that the Rethinker was given
 * @param verified samples whose rewrite passed
 * @param failed how often a sample got no answer from any endpoint; it is tried again at the end, and by the next run
 */
public record CurationProgress(
        long done,
        long total,
        long easy,
        long medium,
        long hard,
        long rewritten,
        long verified,
        long refused,
        long failed) {
    static CurationProgress start(long total) {
        return new CurationProgress(0, total, 0, 0, 0, 0, 0, 0, 0);
    }

    CurationProgress plus(SampleRow row) {
        boolean rewrite = row.rounds() > 0;
        return new CurationProgress(
                done + 1,
                total,
                easy + (row.label() == Difficulty.EASY ? 1 : 0),
                medium + (row.label() == Difficulty.MEDIUM ? 1 : 0),
                hard + (row.label() == Difficulty.HARD ? 1 : 0),
                rewritten + (rewrite ? 1 : 0),
                verified + (rewrite && row.kept() ? 1 : 0),
                refused + (row.kept() ? 0 : 1),
                failed);
    }

    CurationProgress plusFailed() {
        return new CurationProgress(done, total, easy, medium, hard, rewritten, verified, refused, failed + 1);
    }
}
