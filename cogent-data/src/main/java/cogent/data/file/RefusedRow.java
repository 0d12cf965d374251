package cogent.data.file;

/**
 * A row that was left out, and why.
 *
 * @param line line of a JSON Lines file, row of a Parquet or CSV file; from 1
 */
public record RefusedRow(String file, long line, String reason) {
    /** As the terminal shows it under the file's name. */
    public String describe() {
        return "line " + line + " " + reason;
    }
}
