package cogent.llm.store;

import cogent.data.InputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import org.sqlite.NativeLibraryNotFoundException;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;
import org.sqlite.SQLiteOpenMode;

/**
 * {@code run.db} of a run directory: one SQLite file in WAL mode, written by one thread of one process, readable by
 * anybody meanwhile.
 *
 * <p>Writes are grouped: whatever waits when the writer is free is committed together, with one fsync
 * ({@code synchronous=FULL}: what was paid for survives a power cut, not only a killed process). A thousand callers that
 * each wait for their commit so cost a few fsyncs, not a thousand.
 */
final class SqliteDatabase implements RunDatabase {
    /** The most reads at the same time, and so the most connections. */
    private static final int READERS = 8;

    /** The most writes in one commit: bounds how long the first of them waits. */
    private static final int GROUP = 1024;

    private final Path file;
    private final RunLock lock;
    private final Connection writer;
    private final LinkedBlockingQueue<Write<?>> waiting = new LinkedBlockingQueue<>();
    private final ConcurrentLinkedDeque<Connection> idleReaders = new ConcurrentLinkedDeque<>();
    private final Semaphore readers = new Semaphore(READERS);
    private final Thread writerThread;
    private volatile boolean closing;
    private volatile boolean closed;

    private record Write<T>(SqlWork<T> work, CompletableFuture<T> done) {}

    private SqliteDatabase(Path file, RunLock lock, Connection writer) {
        this.file = file;
        this.lock = lock;
        this.writer = writer;
        this.writerThread = Thread.ofPlatform().name("run.db writer").daemon().start(this::writeUntilClosed);
    }

    /**
     * Opens {@code run.db} in a run directory for writing, making both where they are missing.
     *
     * @throws InputException when another process holds the directory, it cannot be written, or the file is no run
     *     database or one of a newer Cogent
     */
    static RunDatabase open(Path runDirectory) {
        RunLock lock = RunLock.take(runDirectory);
        Path file = runDirectory.resolve("run.db");
        try {
            return new SqliteDatabase(file, lock, prepared(file));
        } catch (SQLException e) {
            lock.close();
            throw told(file, e);
        } catch (RuntimeException | Error e) {
            lock.close();
            throw e;
        }
    }

    /**
     * Reads a run directory's database without taking it, as commands do that look at a run while it is going.
     *
     * @throws InputException when there is none
     */
    static <T> T peek(Path runDirectory, SqlWork<T> work) {
        Path file = runDirectory.resolve("run.db");
        if (!Files.isRegularFile(file)) {
            throw new InputException(runDirectory + " holds no run: there is no run.db");
        }
        try (Connection connection = connect(file, true)) {
            return work.run(connection);
        } catch (SQLException e) {
            throw told(file, e);
        }
    }

    /**
     * Runs statements in the next group and returns their result once they are durable. If they throw, they alone are
     * undone.
     *
     * @throws InputException when the file cannot be written any more (disk full, gone read-only): nothing of the group
     *     is kept, everything before is
     */
    @Override
    public <T> T write(SqlWork<T> work) {
        Write<T> write = enqueue(work);
        try {
            return write.done.join();
        } catch (CompletionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            if (cause instanceof SQLException sql) {
                throw told(file, sql);
            }
            if (cause instanceof RuntimeException unchecked) {
                throw unchecked;
            }
            throw new IllegalStateException(cause);
        }
    }

    /** Runs statements in the next group, before all that is written later, without waiting for them. */
    @Override
    public void post(SqlWork<?> work) {
        enqueue(work);
    }

    private synchronized <T> Write<T> enqueue(SqlWork<T> work) {
        if (closing) {
            throw new IllegalStateException(file + " is closed");
        }
        var write = new Write<T>(work, new CompletableFuture<>());
        waiting.add(write);
        return write;
    }

    /**
     * Runs a query on a read connection, seeing all that was committed before. Up to eight run at a time; do not call
     * this again from inside.
     */
    @Override
    public <T> T read(SqlWork<T> work) {
        readers.acquireUninterruptibly();
        try {
            if (closed) {
                throw new IllegalStateException(file + " is closed");
            }
            Connection idle = idleReaders.poll();
            Connection connection = idle != null ? idle : connect(file, true);
            try {
                return work.run(connection);
            } finally {
                idleReaders.push(connection);
            }
        } catch (SQLException e) {
            throw told(file, e);
        } finally {
            readers.release();
        }
    }

    /** Waits for the writes under way, then gives the run directory free. */
    @Override
    public void close() {
        synchronized (this) {
            if (closing) {
                return;
            }
            closing = true;
            waiting.add(new Write<>(connection -> 0, new CompletableFuture<>()));
        }
        try {
            joinUninterruptibly(writerThread);
            readers.acquireUninterruptibly(READERS);
            closed = true;
            readers.release(READERS);
            for (Connection reader : idleReaders) {
                reader.close();
            }
            rest(writer);
            writer.close();
        } catch (SQLException e) {
            throw told(file, e);
        } finally {
            lock.close();
        }
    }

    /** Nothing but {@code run.db} stays, which may then be copied by itself; where somebody is reading now, a WAL does too. */
    private static void rest(Connection connection) {
        try {
            execute(connection, "PRAGMA busy_timeout = 200");
            execute(connection, "PRAGMA journal_mode = DELETE");
        } catch (SQLException e) {
            // all is committed, and the next to open it for writing comes by here again
        }
    }

    private void writeUntilClosed() {
        var group = new ArrayList<Write<?>>();
        while (!closing || !waiting.isEmpty()) {
            try {
                group.add(waiting.take());
            } catch (InterruptedException e) {
                continue;
            }
            waiting.drainTo(group, GROUP - 1);
            commit(group);
            group.clear();
        }
    }

    private void commit(List<Write<?>> group) {
        var ran = new ArrayList<Runnable>(group.size());
        try {
            execute(writer, "BEGIN IMMEDIATE");
            for (Write<?> write : group) {
                ran.add(run(write));
            }
            execute(writer, "COMMIT");
        } catch (SQLException e) {
            rollBack();
            group.forEach(write -> write.done.completeExceptionally(e));
            return;
        }
        ran.forEach(Runnable::run);
    }

    /**
     * Runs one write in a savepoint of its own and returns what to do once it is durable; a failure of the file itself
     * fails the whole group.
     */
    private <T> Runnable run(Write<T> write) throws SQLException {
        execute(writer, "SAVEPOINT one");
        try {
            T result = write.work.run(writer);
            execute(writer, "RELEASE one");
            return () -> write.done.complete(result);
        } catch (SQLException | RuntimeException | Error e) {
            if (e instanceof SQLException sql && ofTheFile(sql)) {
                throw sql;
            }
            execute(writer, "ROLLBACK TO one");
            execute(writer, "RELEASE one");
            return () -> write.done.completeExceptionally(e);
        }
    }

    private void rollBack() {
        try {
            execute(writer, "ROLLBACK");
        } catch (SQLException e) {
            // SQLite has rolled back by itself, as it does on a full disk
        }
    }

    private static Connection prepared(Path file) throws SQLException {
        Connection connection = connect(file, false);
        try {
            int version = query(connection, "PRAGMA user_version");
            if (version > Schema.VERSION) {
                throw new InputException(file + " was written by a newer Cogent (schema " + version + ", known here: "
                        + Schema.VERSION + "). Use that version, or another run directory.");
            }
            for (String table : Schema.TABLES) {
                execute(connection, table);
            }
            execute(connection, Schema.RECOVERY);
            execute(connection, "PRAGMA user_version = " + Schema.VERSION);
            return connection;
        } catch (SQLException | RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    private static Connection connect(Path file, boolean readOnly) throws SQLException {
        var config = new SQLiteConfig();
        config.setBusyTimeout(30_000);
        if (readOnly) {
            config.setReadOnly(true);
        } else {
            config.setOpenMode(SQLiteOpenMode.CREATE);
            config.setJournalMode(SQLiteConfig.JournalMode.WAL);
            config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
        }
        return config.createConnection(
                "jdbc:sqlite:" + (readOnly && isSealed(file) ? file.toUri() + "?immutable=1" : file));
    }

    /** On a disk that may only be read SQLite cannot make the files that go with a WAL; where nobody can write, none are needed. */
    private static boolean isSealed(Path file) {
        return !Files.isWritable(file.toAbsolutePath().getParent())
                && Files.notExists(file.resolveSibling(file.getFileName() + "-wal"));
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static int query(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            return row.next() ? row.getInt(1) : 0;
        }
    }

    private static void joinUninterruptibly(Thread thread) {
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static boolean ofTheFile(SQLException e) {
        return e instanceof SQLiteException sqlite
                && !explained(sqlite.getResultCode()).isEmpty();
    }

    /** What the user sees; other failures of SQL are mistakes in this program. */
    private static RuntimeException told(Path file, SQLException e) {
        if (e.getCause() instanceof NativeLibraryNotFoundException) {
            return new InputException(
                    "SQLite's native library cannot be unpacked in %s: it is full, or nothing may be run from it. -Djava.io.tmpdir=DIR (COGENT_JAVA_OPTS) names another folder"
                            .formatted(System.getProperty("java.io.tmpdir")),
                    e);
        }
        String what = e instanceof SQLiteException sqlite ? explained(sqlite.getResultCode()) : "";
        return what.isEmpty()
                ? new IllegalStateException(file + ": " + e.getMessage(), e)
                : new InputException(file + ": " + what, e);
    }

    private static String explained(SQLiteErrorCode code) {
        return switch (SQLiteErrorCode.getErrorCode(code.code & 0xff)) {
            case SQLITE_FULL -> "the disk is full. Everything before is kept. Make space and rerun the same command.";
            case SQLITE_READONLY, SQLITE_CANTOPEN, SQLITE_PERM ->
                "cannot be written. Is the directory read-only, or owned by somebody else?";
            case SQLITE_IOERR -> "the disk failed, or is full. Everything before is kept. Check it, then rerun.";
            case SQLITE_NOTADB, SQLITE_CORRUPT -> "is no run database, or damaged. Move it away and rerun.";
            case SQLITE_BUSY, SQLITE_LOCKED ->
                "is locked by another program that writes to it. Close that, then rerun.";
            default -> "";
        };
    }
}
