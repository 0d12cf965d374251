package cogent.data.file;

import java.nio.file.Path;
import tools.jackson.databind.node.ObjectNode;

/**
 * One JSON object of a file.
 *
 * @param line where it stands: the line of a JSON Lines file, the row number of a Parquet or CSV file; from 1
 */
public record Row(Path file, long line, ObjectNode fields) {
    /** The same place, with what is wrong with the row. */
    public RefusedRow refused(String reason) {
        return new RefusedRow(file.toString(), line, reason);
    }
}
