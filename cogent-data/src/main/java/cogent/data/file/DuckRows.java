package cogent.data.file;

import cogent.data.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** Tables (Parquet, CSV) through DuckDB, as a stream: only the vectors in flight are held. */
public final class DuckRows implements RowSource {
    private final Path file;
    private final String kind;
    private final Connection connection;
    private final PreparedStatement query;
    private final ResultSet rows;
    private long number;

    private DuckRows(Path file, String kind, String table) {
        this.file = file;
        this.kind = kind;
        Connection opened = null;
        try {
            opened = open();
            query = opened.prepareStatement("SELECT to_json(t)::VARCHAR FROM " + table + " t");
            query.setString(1, literally(file.toString()));
            rows = query.executeQuery();
            connection = opened;
        } catch (SQLException e) {
            close(opened);
            throw unreadable(e);
        }
    }

    static DuckRows parquet(Path file) {
        return new DuckRows(file, "Parquet", "read_parquet(?)");
    }

    /** With a header; every value stays the text that it is. */
    static DuckRows csv(Path file) {
        return new DuckRows(file, "CSV", "read_csv(?, header = true, all_varchar = true)");
    }

    /** A DuckDB in memory that streams results and never fetches anything from the network. */
    public static Connection open() throws SQLException {
        Properties settings = new Properties();
        settings.setProperty("jdbc_stream_results", "true");
        Connection connection = DriverManager.getConnection("jdbc:duckdb:", settings);
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET autoinstall_known_extensions = false");
            statement.execute("SET memory_limit = '1GB'");
        }
        return connection;
    }

    /** Turns a JSON Lines file into Parquet, whole or not at all. */
    public static void toParquet(Path lines, Path target) {
        Path temporary = target.resolveSibling("." + target.getFileName() + ".tmp");
        try (Connection connection = open();
                PreparedStatement copy = connection.prepareStatement("COPY (SELECT * FROM read_json(?, format = "
                        + "'newline_delimited', maximum_object_size = 33554432)) TO '"
                        + temporary.toString().replace("'", "''") + "' (FORMAT parquet, COMPRESSION zstd)")) {
            copy.setString(1, literally(lines.toString()));
            copy.execute();
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (SQLException e) {
            String message = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
            throw new InputException(target + ": cannot be written as Parquet (" + message + ")", e);
        } catch (IOException e) {
            throw new InputException(target + ": cannot be written (" + InputException.reason(e) + ")", e);
        }
    }

    /** DuckDB reads a name as a pattern; this one names just the file. */
    private static String literally(String name) {
        return name.replaceAll("[*?\\[]", "[$0]");
    }

    @Override
    public @Nullable Row next() {
        try {
            if (!rows.next()) {
                return null;
            }
            return new Row(file, ++number, (ObjectNode) RowJson.MAPPER.readTree(rows.getString(1)));
        } catch (SQLException e) {
            throw unreadable(e);
        }
    }

    private InputException unreadable(SQLException e) {
        String message = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
        return new InputException(file + ": not a readable " + kind + " file (" + message + ")", e);
    }

    @Override
    public void close() {
        close(connection);
    }

    private static void close(@Nullable Connection connection) {
        try (connection) {
            return;
        } catch (SQLException e) {
            return; // an in-memory database has nothing to lose
        }
    }
}
