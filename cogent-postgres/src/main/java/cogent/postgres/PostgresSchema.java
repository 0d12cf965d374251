package cogent.postgres;

import cogent.data.InputException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Objects;

/** The tables and functions of a run, a schema of its own, brought to this version when it is opened. */
final class PostgresSchema {
    /** There is a file for each: {@code V1.sql} and so on. */
    private static final int VERSION = 2;

    private PostgresSchema() {}

    /**
     * Makes what is missing, while other processes that would do the same wait.
     *
     * @throws InputException when a newer Cogent made it
     */
    static void prepare(Connection connection, String schema) throws SQLException {
        connection.setAutoCommit(false);
        try (PreparedStatement lock = connection.prepareStatement("SELECT pg_advisory_xact_lock(hashtext(?))")) {
            lock.setString(1, schema);
            lock.execute();
        }
        if (!exists(connection, schema)) {
            run(connection, "CREATE SCHEMA " + quoted(schema));
        }
        connection.setSchema(schema);
        run(connection, "CREATE TABLE IF NOT EXISTS version (number INTEGER NOT NULL)");
        int version = version(connection);
        if (version > VERSION) {
            throw new InputException("the store's schema " + schema + " was made by a newer Cogent (version " + version
                    + ", known here: " + VERSION + "). Use that version, or give the recipe another name.");
        }
        for (int next = version + 1; next <= VERSION; next++) {
            run(connection, script("V" + next + ".sql"));
            run(connection, "DELETE FROM version; INSERT INTO version VALUES (" + next + ")");
        }
        connection.commit();
    }

    /** @throws InputException when there is none */
    static void enter(Connection connection, String schema) throws SQLException {
        if (!exists(connection, schema)) {
            throw new InputException("the store holds no run: there is no schema " + schema);
        }
        connection.setSchema(schema);
    }

    private static boolean exists(Connection connection, String schema) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement("SELECT 1 FROM pg_namespace WHERE nspname = ?")) {
            query.setString(1, schema);
            try (ResultSet row = query.executeQuery()) {
                return row.next();
            }
        }
    }

    private static int version(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT coalesce(max(number), 0) FROM version")) {
            return row.next() ? row.getInt(1) : 0;
        }
    }

    private static void run(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String quoted(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    private static String script(String name) {
        try (InputStream in = Objects.requireNonNull(PostgresSchema.class.getResourceAsStream(name), name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(name, e);
        }
    }
}
