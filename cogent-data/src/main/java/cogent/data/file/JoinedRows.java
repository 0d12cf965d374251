package cogent.data.file;

import cogent.data.InputException;
import cogent.data.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Files that are parts of one set of rows, as one file: made once, with the rows in the parts' order. Parquet becomes
 * Parquet, files of other kinds become JSON Lines.
 */
public final class JoinedRows {
    private static final int HASH_LENGTH = 16;

    private JoinedRows() {}

    /**
     * The file that the parts were made into, or are now.
     *
     * @param parts one or more; where they really lie, how long they are and when they were written says which they are
     * @param folder where it is kept
     * @throws InputException when a part is no file of rows, or a row of it is none, or columns of Parquet differ, or the
     *     folder cannot be written
     */
    public static Path of(List<Path> parts, Path folder) {
        try {
            StringBuilder which = new StringBuilder();
            for (Path part : parts) {
                Path real = part.toRealPath();
                which.append(real).append(' ').append(Files.size(real));
                which.append(' ').append(Files.getLastModifiedTime(real)).append('\n');
            }
            boolean parquet =
                    parts.stream().allMatch(part -> part.toString().endsWith(".parquet")); // as the hub names them
            String name = Sha256.hex(which.toString()).substring(0, HASH_LENGTH);
            Path joined = folder.resolve(name + (parquet ? ".parquet" : ".jsonl"));
            if (!Files.exists(joined)) {
                Files.createDirectories(folder);
                if (parquet) {
                    joinParquet(parts, joined);
                } else {
                    joinRows(parts, joined);
                }
            }
            return joined;
        } catch (IOException e) {
            throw new InputException(
                    folder + ": cannot be written (" + InputException.reason(e) + "). Make room there", e);
        }
    }

    private static void joinRows(List<Path> parts, Path joined) {
        try (JsonLinesWriter all = JsonLinesWriter.create(joined)) {
            for (Path part : parts) {
                try (Stream<Row> rows = RowFile.open(part)) {
                    rows.forEach(row -> all.write(row.fields()));
                }
            }
            all.commit();
        }
    }

    private static void joinParquet(List<Path> parts, Path joined) throws IOException {
        String names = parts.stream()
                .map(part -> DuckRows.quoted(DuckRows.literally(part.toString())))
                .collect(Collectors.joining(", ", "[", "]"));
        try {
            DuckRows.copy("SELECT * FROM read_parquet(" + names + ", hive_partitioning = false)", joined);
        } catch (SQLException e) {
            throw new InputException(
                    parts.getFirst() + " and " + (parts.size() - 1) + " more cannot be made one Parquet file in "
                            + joined.getParent() + " ("
                            + String.valueOf(e.getMessage()).lines().findFirst().orElse("") + ")",
                    e);
        }
    }
}
