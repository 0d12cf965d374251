package cogent.curate.run;

import cogent.curate.Curated;
import cogent.curate.SampleOutcome;
import cogent.data.Difficulty;
import cogent.data.InputException;
import cogent.data.Sample;
import cogent.llm.store.RunDatabase;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * The table {@code samples} of {@code run.db}: one row for each sample of the corpus that was looked at, by its position
 * there, from 0.
 *
 * <pre>
 *   state   done | failed | pending      failed: no endpoint answered; pending: a reply is not stored
 *   key     hash of the sample and of the settings it was curated with; another key, another story. Empty where the next
 *           run is to compute it again
 *   story   JSON: the {@link Curated} when done, as {@link StoryFormat} writes it; the {@link Sample} when failed
 * </pre>
 *
 * Stories are a function of the stored replies: losing the last of them loses nothing that was paid for.
 */
final class SampleTable {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private static final String SCHEMA = """
            CREATE TABLE IF NOT EXISTS samples (
              position INTEGER PRIMARY KEY,
              id TEXT NOT NULL,
              key TEXT NOT NULL,
              state TEXT NOT NULL,
              label TEXT,
              rounds INTEGER NOT NULL,
              kept INTEGER NOT NULL,
              reason TEXT NOT NULL,
              story TEXT NOT NULL
            )""";

    private final RunDatabase database;

    SampleTable(RunDatabase database) {
        this.database = database;
        database.write(connection -> {
            try (Statement statement = connection.createStatement()) {
                statement.execute(SCHEMA);
                statement.execute("CREATE INDEX IF NOT EXISTS samples_again ON samples (state) WHERE key = ''");
                statement.execute("CREATE INDEX IF NOT EXISTS samples_by_id ON samples (id)");
                return statement.execute(
                        "CREATE INDEX IF NOT EXISTS samples_by_group ON samples (label, kept, reason, rounds)");
            }
        });
    }

    /** The columns that {@link #stream} reads. */
    static final String ENTRIES = "SELECT position, key, state, reason, story FROM samples ";

    /** A row of the table, in the order of the corpus. */
    sealed interface Entry {
        record Done(Curated curated) implements Entry {}

        /** @param pending a reply is not stored, rather than refused by every endpoint */
        record Failed(long position, String key, Sample sample, String reason, boolean pending) implements Entry {}
    }

    /** The row of a sample that is done under this key. */
    Optional<SampleRow> done(long position, String key) {
        return database.read(connection -> {
            try (PreparedStatement query = connection.prepareStatement(
                    "SELECT label, rounds, kept FROM samples WHERE position = ? AND key = ? AND state = 'done'")) {
                query.setLong(1, position);
                query.setString(2, key);
                try (ResultSet row = query.executeQuery()) {
                    return row.next()
                            ? Optional.of(new SampleRow(label(row.getString(1)), row.getInt(2), row.getBoolean(3)))
                            : Optional.empty();
                }
            }
        });
    }

    /** @param replies the stored texts that it was made from, by the key of the call */
    void putDone(long position, String key, Curated curated, Map<String, String> replies) {
        SampleRow row = SampleRow.of(curated);
        String reason = curated.outcome() instanceof SampleOutcome.Refused refused ? refused.reason() : "";
        put(position, curated.sample().id(), key, "done", row, reason, StoryFormat.write(curated, replies));
    }

    void putFailed(long position, String key, Sample sample, String reason, boolean pending) {
        put(
                position,
                sample.id(),
                key,
                pending ? "pending" : "failed",
                new SampleRow(null, 0, false),
                reason,
                JSON.writeValueAsString(sample));
    }

    private void put(long position, String id, String key, String state, SampleRow row, String reason, String story) {
        database.write(connection -> {
            try (PreparedStatement insert =
                    connection.prepareStatement("INSERT OR REPLACE INTO samples VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)")) {
                insert.setLong(1, position);
                insert.setString(2, id);
                insert.setString(3, key);
                insert.setString(4, state);
                insert.setString(5, row.label() == null ? null : row.label().name());
                insert.setInt(6, row.rounds());
                insert.setBoolean(7, row.kept());
                insert.setString(8, reason);
                insert.setString(9, story);
                return insert.executeUpdate();
            }
        });
    }

    /** Leaves every sample to be computed again. */
    void forget() {
        database.write(connection -> {
            try (Statement update = connection.createStatement()) {
                return update.executeUpdate("UPDATE samples SET key = ''");
            }
        });
    }

    /** Drops what an earlier, longer corpus left. */
    void truncate(long samples) {
        database.write(connection -> {
            try (PreparedStatement delete = connection.prepareStatement("DELETE FROM samples WHERE position >= ?")) {
                delete.setLong(1, samples);
                return delete.executeUpdate();
            }
        });
    }

    /** All rows in the order of the corpus, one at a time. */
    void forEach(Consumer<Entry> action) {
        database.read(connection -> {
            stream(connection, ENTRIES + "ORDER BY position", action);
            return true;
        });
    }

    /** The rows that are not done in the order of the corpus, from a position on, at most {@code limit}. */
    void failed(long from, int limit, Consumer<Entry.Failed> action) {
        String query = ENTRIES + "WHERE state <> 'done' AND position >= " + from + " ORDER BY position LIMIT " + limit;
        database.read(connection -> {
            stream(connection, query, entry -> action.accept((Entry.Failed) entry));
            return true;
        });
    }

    static void stream(Connection connection, String query, Consumer<? super Entry> action) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            while (row.next()) {
                action.accept(
                        row.getString(3).equals("done")
                                ? new Entry.Done(curated(connection, row.getString(5)))
                                : new Entry.Failed(
                                        row.getLong(1),
                                        row.getString(2),
                                        JSON.readValue(row.getString(5), Sample.class),
                                        row.getString(4),
                                        row.getString(3).equals("pending")));
            }
        }
    }

    static Curated curated(Connection connection, String story) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement("SELECT text FROM calls WHERE key = ?")) {
            return StoryFormat.read(story, key -> text(query, key));
        }
    }

    private static String text(PreparedStatement query, String key) {
        try {
            query.setString(1, key);
            try (ResultSet row = query.executeQuery()) {
                if (row.next()) {
                    return row.getString(1);
                }
                throw new InputException("run.db is damaged: the reply " + key + " is gone. Reparse the run.");
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static @Nullable Difficulty label(@Nullable String name) {
        return name == null ? null : Difficulty.valueOf(name);
    }
}
