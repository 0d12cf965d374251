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
        return plus(row, 1);
    }

    /** @param samples that are alike */
    CurationProgress plus(SampleRow row, long samples) {
        boolean rewrite = row.rounds() > 0;
        return new CurationProgress(
                done + samples,
                total,
                easy + (row.label() == Difficulty.EASY ? samples : 0),
                medium + (row.label() == Difficulty.MEDIUM ? samples : 0),
                hard + (row.label() == Difficulty.HARD ? samples : 0),
                rewritten + (rewrite ? samples : 0),
                verified + (rewrite && row.kept() ? samples : 0),
                refused + (row.kept() ? 0 : samples),
                failed);
    }

    CurationProgress plusFailed() {
        return new CurationProgress(done, total, easy, medium, hard, rewritten, verified, refused, failed + 1);
    }
}
