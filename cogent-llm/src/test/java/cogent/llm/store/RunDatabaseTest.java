package cogent.llm.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cogent.data.InputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.SQLiteCommitListener;
import org.sqlite.SQLiteConnection;

class RunDatabaseTest {
    @TempDir
    Path dir;

    private static int execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
            return 0;
        }
    }

    private static int count(Connection connection) throws SQLException {
        try (var statement = connection.createStatement();
                var row = statement.executeQuery("SELECT count(*) FROM t")) {
            row.next();
            return row.getInt(1);
        }
    }

    @Test
    void what_is_written_is_seen_by_readers_meanwhile() {
        try (var database = RunDatabase.open(dir)) {
            database.write(c -> execute(c, "CREATE TABLE t (x)"));
            database.write(c -> execute(c, "INSERT INTO t VALUES (1)"));
            assertThat(database.read(RunDatabaseTest::count)).isEqualTo(1);
            assertThat(RunDatabase.peek(dir, RunDatabaseTest::count)).isEqualTo(1);
        }
        assertThat(RunDatabase.peek(dir, RunDatabaseTest::count)).isEqualTo(1);
    }

    @Test
    void many_writers_share_few_commits() {
        var commits = new AtomicInteger();
        try (var database = RunDatabase.open(dir)) {
            database.write(c -> execute(c, "CREATE TABLE t (x)"));
            database.write(c -> {
                c.unwrap(SQLiteConnection.class).addCommitListener(new SQLiteCommitListener() {
                    @Override
                    public void onCommit() {
                        commits.incrementAndGet();
                    }

                    @Override
                    public void onRollback() {}
                });
                return 0;
            });
            try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
                for (int i = 0; i < 2000; i++) {
                    threads.execute(() -> database.write(c -> execute(c, "INSERT INTO t VALUES (1)")));
                }
            }
            assertThat(database.read(RunDatabaseTest::count)).isEqualTo(2000);
        }
        assertThat(commits.get()).isLessThan(1000);
    }

    @Test
    void a_write_that_fails_is_undone_alone() {
        try (var database = RunDatabase.open(dir)) {
            database.write(c -> execute(c, "CREATE TABLE t (x)"));
            assertThatThrownBy(() -> database.write(c -> {
                        execute(c, "INSERT INTO t VALUES (1)");
                        throw new IllegalArgumentException("mine");
                    }))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("mine");
            assertThatThrownBy(() -> database.write(c -> execute(c, "no SQL")))
                    .isInstanceOf(IllegalStateException.class);
            database.write(c -> execute(c, "INSERT INTO t VALUES (2)"));
            assertThat(database.read(RunDatabaseTest::count)).isEqualTo(1);
        }
    }

    @Test
    void a_full_disk_is_told_and_loses_nothing_that_was_committed() {
        try (var database = RunDatabase.open(dir)) {
            database.write(c -> execute(c, "CREATE TABLE t (x)"));
            database.write(c -> execute(c, "INSERT INTO t VALUES (1)"));
            database.write(c -> execute(c, "PRAGMA max_page_count = 10"));
            assertThatThrownBy(() -> database.write(c -> execute(c, "INSERT INTO t VALUES (zeroblob(1000000))")))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("the disk is full. Everything before is kept.");
            assertThat(database.read(RunDatabaseTest::count)).isEqualTo(1);
            database.write(c -> execute(c, "PRAGMA max_page_count = 1000000"));
            database.write(c -> execute(c, "INSERT INTO t VALUES (zeroblob(1000000))"));
            assertThat(database.read(RunDatabaseTest::count)).isEqualTo(2);
        }
    }

    @Test
    void a_second_holder_is_told_who_holds_it() {
        try (var database = RunDatabase.open(dir)) {
            assertThatThrownBy(() -> RunDatabase.open(dir))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("in use by another Cogent process (pid "
                            + ProcessHandle.current().pid() + ")");
            database.read(c -> 1);
        }
        RunDatabase.open(dir).close();
    }

    @Test
    void a_directory_that_cannot_be_is_told() throws Exception {
        Path file = Files.writeString(dir.resolve("file"), "x");
        assertThatThrownBy(() -> RunDatabase.open(file))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("cannot write in the run directory");
        assertThatThrownBy(() -> RunDatabase.open(file.resolve("sub"))).isInstanceOf(InputException.class);
        assertThatThrownBy(() -> RunDatabase.peek(dir, c -> 1))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("there is no run.db");
    }

    @Test
    void a_foreign_or_newer_file_is_left_alone() throws Exception {
        Files.writeString(dir.resolve("run.db"), "not a database, but long enough to look like one".repeat(50));
        assertThatThrownBy(() -> RunDatabase.open(dir))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("is no run database");
        Files.delete(dir.resolve("run.db"));
        try (var database = RunDatabase.open(dir)) {
            database.write(c -> execute(c, "PRAGMA user_version = 99"));
        }
        assertThatThrownBy(() -> RunDatabase.open(dir))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("newer Cogent (schema 99");
    }

    @Test
    void nothing_but_the_database_and_its_lock_stays_however_often_it_is_looked_at() throws Exception {
        for (int session = 0; session < 2; session++) {
            try (var database = RunDatabase.open(dir)) {
                database.write(c -> execute(c, "CREATE TABLE IF NOT EXISTS t (x)"));
                database.read(RunDatabaseTest::count);
                assertThat(dir.resolve("run.db-wal")).exists();
            }
            RunDatabase.peek(dir, RunDatabaseTest::count);
            try (var files = Files.list(dir)) {
                assertThat(files.map(file -> file.getFileName().toString()))
                        .containsExactlyInAnyOrder("run.db", "run.lock");
            }
        }
    }

    @Test
    void a_database_that_somebody_reads_is_closed_all_the_same_and_opened_again() {
        var first = RunDatabase.open(dir);
        first.write(c -> execute(c, "CREATE TABLE t (x)"));
        RunDatabase.peek(dir, reading -> {
            try (var statement = reading.createStatement();
                    var row = statement.executeQuery("SELECT * FROM t")) {
                row.next();
                first.close();
            }
            return 0;
        });
        try (var again = RunDatabase.open(dir)) {
            again.write(c -> execute(c, "INSERT INTO t VALUES (1)"));
            assertThat(again.read(RunDatabaseTest::count)).isEqualTo(1);
        }
    }

    @Test
    void a_closed_database_takes_no_writes_and_no_reads() {
        var database = RunDatabase.open(dir);
        database.close();
        database.close();
        assertThatThrownBy(() -> database.write(c -> 1)).hasMessageContaining("is closed");
        assertThatThrownBy(() -> database.read(c -> 1)).hasMessageContaining("is closed");
    }
}
