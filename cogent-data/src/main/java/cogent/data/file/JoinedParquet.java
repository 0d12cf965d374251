package cogent.data.file;

import cogent.data.InputException;
import cogent.data.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Collectors;

/** Parquet files that are parts of one set of rows, as one file: made once, with the rows in the parts' order. */
public final class JoinedParquet {
    private static final int HASH_LENGTH = 16;

    private JoinedParquet() {}

    /**
     * The file that the parts were made into, or are now.
     *
     * @param parts one or more; where they really lie says which they are
     * @param folder where it is kept
     * @throws InputException when a part is no Parquet file, or columns differ, or the folder cannot be written
     */
    public static Path of(List<Path> parts, Path folder) {
        try {
            StringBuilder which = new StringBuilder();
            for (Path part : parts) {
                Path real = part.toRealPath();
                which.append(real).append(' ').append(Files.size(real)).append('\n');
            }
            Path joined = folder.resolve(Sha256.hex(which.toString()).substring(0, HASH_LENGTH) + ".parquet");
            if (!Files.exists(joined)) {
                Files.createDirectories(folder);
                join(parts, joined);
            }
            return joined;
        } catch (IOException e) {
            throw new InputException(
                    folder + ": cannot be written (" + InputException.reason(e) + "). Make room there", e);
        }
    }

    private static void join(List<Path> parts, Path joined) throws IOException {
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
