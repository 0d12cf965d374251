package cogent.cli.run;

import java.nio.file.Path;

/** Where the agents' replies come from. */
public sealed interface Calls {
    /** From the endpoints, as they are needed. */
    record Live() implements Calls {}

    /** As {@code Live}, for so many rows only, to tell from them what all would take. */
    record Estimate(int rows) implements Calls {}

    /** From {@code run.db} alone; every sample is computed anew. */
    record Reparse() implements Calls {}

    /**
     * From {@code run.db}; what is not there is written to batch files.
     *
     * @param again whether calls that are out already are written once more
     */
    record Batch(Path directory, boolean again) implements Calls {}
}
