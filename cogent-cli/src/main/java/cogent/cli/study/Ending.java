package cogent.cli.study;

import cogent.cli.run.Unfinished;

/**
 * Why a cell went no further.
 *
 * @param word what happened to it: it failed, or stopped with nothing wrong and something left to do
 * @param reason the stage, and what it said
 */
public record Ending(String word, String reason) {
    static Ending of(String stage, Throwable why) {
        String said = String.valueOf(why.getMessage() == null ? why : why.getMessage());
        return new Ending(why instanceof Unfinished ? "stopped" : "failed", stage + ": " + said);
    }

    @Override
    public String toString() {
        return word + ": " + reason;
    }
}
