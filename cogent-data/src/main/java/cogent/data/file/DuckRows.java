package cogent.data.file;

import cogent.data.AtomicFile;
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
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Parquet through DuckDB, as a stream: only the vectors in flight are held. */
public final class DuckRows implements RowSource {
    private static final String ROW = "\"the row itself, no column of it\"";

    /** DuckDB writes a column's NaN and infinities as JSON does not know them. */
    private static final JsonMapper JSON = RowJson.MAPPER
            .rebuild()
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .build();

    private final Path file;
    private final Connection connection;
    private final PreparedStatement query;
    private final ResultSet rows;
    private long number;

    DuckRows(Path file) {
        this.file = file;
        Connection opened = null;
        try {
            opened = open();
            // a column may have any name; this one would be read in its place, and folders such as answer=7 are no
            // columns
            query = opened.prepareStatement(
                    "SELECT to_json(" + ROW + ")::VARCHAR FROM read_parquet(?, hive_partitioning = false) " + ROW);
            query.setString(1, literally(file.toString()));
            rows = query.executeQuery();
            connection = opened;
        } catch (SQLException e) {
            close(opened);
            throw unreadable(e);
        }
    }

    /**
     * A DuckDB in memory that streams results and never fetches anything from the network.
     *
     * @throws InputException when its driver is not on the class path, which is the caller's choice: it weighs 80 MB
     */
    public static Connection open() throws SQLException {
        if (DriverManager.drivers()
                .noneMatch(driver -> driver.getClass().getName().startsWith("org.duckdb."))) {
            throw new InputException("Parquet is read and written by DuckDB, which is not on the class path: add"
                    + " org.duckdb:duckdb_jdbc, or use JSON Lines");
        }
        Properties settings = new Properties();
        settings.setProperty("jdbc_stream_results", "true");
        Connection connection = DriverManager.getConnection("jdbc:duckdb:", settings);
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET autoinstall_known_extensions = false");
            statement.execute("SET memory_limit = '1GB'");
        }
        return connection;
    }

    /**
     * Turns a JSON Lines file of rows of one shape into Parquet, whole or not at all.
     *
     * @param row one of them, which gives the columns their types; guessed, texts that look like dates would become dates
     */
    public static void toParquet(Path lines, ObjectNode row, Path target) {
        try {
            copy(
                    "SELECT * FROM read_json(" + quoted(literally(lines.toString()))
                            + ", format = 'newline_delimited', maximum_object_size = 33554432, columns = "
                            + columns(row) + ")",
                    target);
        } catch (SQLException e) {
            String message = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
            throw new InputException(target + ": cannot be written as Parquet (" + message + ")", e);
        } catch (IOException e) {
            throw new InputException(target + ": cannot be written (" + InputException.reason(e) + ")", e);
        }
    }

    /** Writes what a query finds as a Parquet file, whole or not at all. */
    static void copy(String query, Path target) throws SQLException, IOException {
        AtomicFile.requireFileOrNothing(target);
        Path temporary = target.resolveSibling(
                "." + target.getFileName() + "." + ProcessHandle.current().pid() + ".tmp");
        try (Connection connection = open();
                Statement copy = connection.createStatement()) {
            copy.execute(
                    "COPY (" + query + ") TO " + quoted(temporary.toString()) + " (FORMAT parquet, COMPRESSION zstd)");
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    static String quoted(String text) {
        return "'" + text.replace("'", "''") + "'";
    }

    private static String columns(ObjectNode row) {
        return row.propertyStream()
                .map(field -> "'" + field.getKey() + "': '" + type(field.getValue()) + "'")
                .collect(Collectors.joining(", ", "{", "}"));
    }

    private static String type(JsonNode value) {
        if (value.isArray()) {
            return type(value.path(0)) + "[]";
        }
        if (value.isObject()) {
            return value.propertyStream()
                    .map(field -> "\"" + field.getKey() + "\" " + type(field.getValue()))
                    .collect(Collectors.joining(", ", "STRUCT(", ")"));
        }
        return value.isNumber() ? "DOUBLE" : "VARCHAR";
    }

    /** DuckDB reads a name as a pattern; this one names just the file. */
    static String literally(String name) {
        return name.replaceAll("[*?\\[]", "[$0]");
    }

    @Override
    public @Nullable Row next() {
        try {
            if (!rows.next()) {
                return null;
            }
            return new Row(file, ++number, (ObjectNode) JSON.readTree(rows.getString(1)));
        } catch (SQLException e) {
            throw unreadable(e);
        }
    }

    private InputException unreadable(SQLException e) {
        String message = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
        return new InputException(file + ": not a readable Parquet file (" + message + ")", e);
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
