package cogent.pipeline.run;

import java.nio.file.Path;

/** Where the agents' replies come from. */
public sealed interface ReplySource {
    /** From the endpoints, as they are needed. */
    record Live() implements ReplySource {}

    /** As {@code Live}, beside other processes on the recipe's store: samples are finished, and no files written. */
    record Work() implements ReplySource {}

    /** As {@code Live}, for so many rows only, to tell from them what all would take. */
    record Estimate(int rows) implements ReplySource {}

    /** From {@code run.db} alone; every sample is computed anew. */
    record Reparse() implements ReplySource {}

    /**
     * From {@code run.db}; what is not there is written to batch files.
     *
     * @param again whether calls that are out already are written once more
     */
    record Batch(Path directory, boolean again) implements ReplySource {}
}
