package cogent.llm.store;

import cogent.data.InputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;

/**
 * Where the calls and samples of a run are kept: {@code run.db} in its directory, which one process at a time writes, or a
 * {@linkplain SharedStore shared store}, on which many work at once. The SQL that both are given is what SQLite and PostgreSQL
 * have in common; the tables are made by whoever opens it.
 */
public interface RunDatabase extends AutoCloseable {
    /** Statements to run on a connection of the run's database; run again from the start where the store went away meanwhile. */
    @FunctionalInterface
    interface SqlWork<T> {
        T run(Connection connection) throws SQLException;
    }

    /**
     * Runs statements in one transaction and returns their result once they are durable. If they throw, nothing of them is
     * kept.
     *
     * @throws InputException when nothing can be written any more; everything before is kept
     */
    <T> T write(SqlWork<T> work);

    /** Runs statements before all that is written later, without waiting until they are durable. */
    void post(SqlWork<?> work);

    /** Runs a query that sees all that was committed before; do not call this again from inside. */
    <T> T read(SqlWork<T> work);

    /** Makes a table where it is missing; a shared store has them all from the beginning. */
    default void define(String... statements) {
        write(connection -> {
            try (var statement = connection.createStatement()) {
                for (String sql : statements) {
                    statement.execute(sql);
                }
                return statements.length;
            }
        });
    }

    /** The other processes on the same store; empty where this is the only one. */
    default Optional<Peers> peers() {
        return Optional.empty();
    }

    /** What keeps the database from being read and written just now, for whoever waits. */
    default Optional<String> trouble() {
        return Optional.empty();
    }

    /** Waits for the writes under way, then gives free what this process holds. */
    @Override
    void close();

    /**
     * Opens {@code run.db} in a run directory for writing, making both where they are missing.
     *
     * @throws InputException when another process holds the directory, it cannot be written, or the file is no run
     *     database or one of a newer Cogent
     */
    static RunDatabase open(Path runDirectory) {
        return SqliteDatabase.open(runDirectory);
    }

    /** Whether a run has begun in a directory. */
    static boolean exists(Path runDirectory) {
        return Files.exists(runDirectory.resolve("run.db"))
                || SharedStore.of(runDirectory).isPresent();
    }

    /** Whether a run keeps its calls and samples in a shared store. */
    static boolean isShared(Path runDirectory) {
        return SharedStore.of(runDirectory).isPresent();
    }

    /**
     * Reads a run's database without taking it, as commands do that look at a run while it is going.
     *
     * @throws InputException when there is none, or the shared store that the run has cannot be reached
     */
    static <T> T peek(Path runDirectory, SqlWork<T> work) {
        Optional<SharedStore> shared = SharedStore.of(runDirectory);
        return shared.isPresent() ? shared.get().peek(work) : SqliteDatabase.peek(runDirectory, work);
    }

    /** Whether a table is there, as in no run of a version that did not have it. */
    static boolean has(Connection connection, String table) throws SQLException {
        try (ResultSet found =
                connection.getMetaData().getTables(null, connection.getSchema(), table, new String[] {"TABLE"})) {
            return found.next();
        }
    }
}
