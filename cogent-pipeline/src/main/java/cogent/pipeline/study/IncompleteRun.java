package cogent.pipeline.study;

import cogent.pipeline.run.UnfinishedException;

/**
 * Why a cell went no further.
 *
 * @param word what happened to it: it failed, or stopped with nothing wrong and something left to do
 * @param reason the stage, and what it said
 */
public record IncompleteRun(String word, String reason) {
    static IncompleteRun of(String stage, Throwable why) {
        String said = String.valueOf(why.getMessage() == null ? why : why.getMessage());
        return new IncompleteRun(why instanceof UnfinishedException ? "stopped" : "failed", stage + ": " + said);
    }

    @Override
    public String toString() {
        return word + ": " + reason;
    }
}
