package cogent.curate.run;

import cogent.curate.Curated;
import cogent.curate.SampleOutcome;
import cogent.data.Difficulty;
import cogent.data.InputException;
import cogent.data.Sample;
import cogent.llm.store.Peers;
import cogent.llm.store.RunDatabase;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * The table {@code samples} of {@code run.db}: one row for each sample of the corpus that was looked at, by its position
 * there, from 0.
 *
 * <pre>
 *   state   done | failed | pending      failed: no endpoint answered; pending: a reply is not stored, or, on a shared store,
 *                                        a process is at it that holds the lease "sample POSITION"
 *   key     hash of the sample and of the settings it was curated with; another key, another story. Empty where the next
 *           run is to compute it again
 *   story   JSON: the {@link Curated} when done, as {@link StoryFormat} writes it; the {@link Sample} when failed
 * </pre>
 *
 * Stories are a function of the stored replies: losing the last of them loses nothing that was paid for.
 */
final class SampleTable {
    private static final String DAMAGED = "run.db is damaged: a story in it cannot be read. Reparse the run.";

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private static final String SCHEMA = """
            CREATE TABLE IF NOT EXISTS samples (
              position INTEGER PRIMARY KEY,
              id TEXT NOT NULL,
              key TEXT NOT NULL,
              state TEXT NOT NULL,
              label TEXT,
              rounds INTEGER NOT NULL,
              kept BOOLEAN NOT NULL,
              reason TEXT NOT NULL,
              story TEXT NOT NULL
            )""";

    private static final int PAGE = 256;

    static final String UNFINISHED = "state <> 'done'";
    static final String FAILED = "state = 'failed'";
    static final String PENDING = "state = 'pending'";

    private final RunDatabase database;

    SampleTable(RunDatabase database) {
        this.database = database;
        database.define(
                SCHEMA,
                "CREATE INDEX IF NOT EXISTS samples_again ON samples (state) WHERE key = ''",
                "CREATE INDEX IF NOT EXISTS samples_by_id ON samples (id)",
                "CREATE INDEX IF NOT EXISTS samples_by_group ON samples (label, kept, reason, rounds)");
    }

    /** The columns that {@link #stream} reads. */
    static final String ENTRIES = "SELECT position, key, state, reason, story FROM samples ";

    /** A row of the table, in the order of the corpus. */
    sealed interface Entry {
        record Done(Curated curated) implements Entry {}

        /** @param pending a reply is not stored, rather than refused by every endpoint */
        record Failed(long position, String key, Sample sample, String reason, boolean pending) implements Entry {
            Numbered numbered() {
                return new Numbered(position, key, sample);
            }
        }
    }

    /** A sample at its place in the corpus. */
    record Numbered(long position, String key, Sample sample) {
        private String lease() {
            return "sample " + position;
        }
    }

    /** Whose a sample is that a run comes to. */
    sealed interface Turn {
        record Done(SampleRow row) implements Turn {}

        record Mine() implements Turn {}

        /** Another process is at it. */
        record Others() implements Turn {}
    }

    /** Says what this process is about to do, on a store that it shares. */
    void agree(String settings) {
        database.peers().ifPresent(peers -> peers.agree(settings));
    }

    boolean isShared() {
        return database.peers().isPresent();
    }

    /** Looks at a few samples and takes those that are not done and that no other process is at. */
    List<Turn> take(List<Numbered> samples) {
        return database.peers().isPresent()
                ? take(database.peers().get(), samples)
                : samples.stream()
                        .map(sample -> database.read(connection -> done(connection, sample))
                                .<Turn>map(Turn.Done::new)
                                .orElseGet(Turn.Mine::new))
                        .toList();
    }

    private List<Turn> take(Peers peers, List<Numbered> samples) {
        Map<Numbered, SampleRow> done = database.read(connection -> done(connection, samples));
        Set<String> leased = peers.lease(samples.stream()
                .filter(sample -> !done.containsKey(sample))
                .map(Numbered::lease)
                .toList());
        List<Numbered> mine = new ArrayList<>(samples.stream()
                .filter(sample -> leased.contains(sample.lease()))
                .toList());
        if (!mine.isEmpty()) { // what another process has finished since it was looked at is done, and no longer leased
            Map<Numbered, SampleRow> since = database.write(connection -> {
                Map<Numbered, SampleRow> finished = done(connection, mine);
                for (Numbered sample : mine) {
                    if (finished.containsKey(sample)) {
                        peers.end(connection, sample.lease());
                    } else {
                        insert(connection, unfinished(sample, "", true));
                    }
                }
                return finished;
            });
            done.putAll(since);
            mine.removeAll(since.keySet());
        }
        return samples.stream()
                .<Turn>map(sample -> {
                    SampleRow row = done.get(sample);
                    return row != null
                            ? new Turn.Done(row)
                            : mine.contains(sample) ? new Turn.Mine() : new Turn.Others();
                })
                .toList();
    }

    private static Map<Numbered, SampleRow> done(Connection connection, List<Numbered> samples) throws SQLException {
        Map<Numbered, SampleRow> done = new HashMap<>();
        for (Numbered sample : samples) {
            done(connection, sample).ifPresent(row -> done.put(sample, row));
        }
        return done;
    }

    /** The row of a sample that is done under its key. */
    private static Optional<SampleRow> done(Connection connection, Numbered sample) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(
                "SELECT label, rounds, kept FROM samples WHERE position = ? AND key = ? AND state = 'done'")) {
            query.setLong(1, sample.position());
            query.setString(2, sample.key());
            try (ResultSet row = query.executeQuery()) {
                return row.next()
                        ? Optional.of(new SampleRow(label(row.getString(1)), row.getInt(2), row.getBoolean(3)))
                        : Optional.empty();
            }
        }
    }

    /** What is done of a corpus, by whichever process. */
    CurationProgress progress(long total) {
        return database.read(connection -> {
            CurationProgress progress = CurationProgress.start(total);
            try (Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery("SELECT label, rounds, kept, count(*) FROM samples"
                            + " WHERE state = 'done' GROUP BY label, rounds, kept")) {
                while (row.next()) {
                    progress = progress.plus(
                            new SampleRow(label(row.getString(1)), row.getInt(2), row.getBoolean(3)), row.getLong(4));
                }
            }
            return progress;
        });
    }

    /**
     * @param again whether the next run is to compute it again
     * @param replies the stored texts that it was made from, by the key of the call
     */
    void putDone(Numbered sample, boolean again, Curated curated, Map<String, String> replies) {
        String reason = curated.outcome() instanceof SampleOutcome.Refused refused ? refused.reason() : "";
        put(
                sample,
                new Row(
                        sample.position(),
                        sample.sample().id(),
                        again ? "" : sample.key(),
                        "done",
                        SampleRow.of(curated),
                        reason,
                        StoryFormat.write(curated, replies)));
    }

    void putFailed(Numbered sample, String reason, boolean pending) {
        put(sample, unfinished(sample, reason, pending));
    }

    private static Row unfinished(Numbered sample, String reason, boolean pending) {
        return new Row(
                sample.position(),
                sample.sample().id(),
                sample.key(),
                pending ? "pending" : "failed",
                new SampleRow(null, 0, false),
                reason,
                JSON.writeValueAsString(sample.sample()));
    }

    /** Nothing is written of a sample that another process has taken over since. */
    private void put(Numbered sample, Row row) {
        database.write(connection -> {
            Optional<Peers> peers = database.peers();
            return peers.isEmpty() || peers.get().end(connection, sample.lease()) ? insert(connection, row) : 0;
        });
    }

    private record Row(
            long position, String id, String key, String state, SampleRow row, String reason, String story) {}

    private static int insert(Connection connection, Row sample) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(
                "INSERT INTO samples (position, id, key, state, label, rounds, kept, reason, story)"
                        + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (position) DO UPDATE SET id = excluded.id,"
                        + " key = excluded.key, state = excluded.state, label = excluded.label, rounds = excluded.rounds,"
                        + " kept = excluded.kept, reason = excluded.reason, story = excluded.story")) {
            Difficulty label = sample.row().label();
            insert.setLong(1, sample.position());
            insert.setString(2, sample.id());
            insert.setString(3, sample.key());
            insert.setString(4, sample.state());
            insert.setString(5, label == null ? null : label.name());
            insert.setInt(6, sample.row().rounds());
            insert.setBoolean(7, sample.row().kept());
            insert.setString(8, sample.reason());
            insert.setString(9, sample.story());
            return insert.executeUpdate();
        }
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

    /** All rows in the order of the corpus, one at a time; read in pages, so that none comes twice where a store goes away. */
    void forEach(Consumer<Entry> action) {
        long end = database.read(connection -> {
            try (Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery("SELECT max(position) FROM samples")) {
                return row.next() ? row.getLong(1) + 1 : 0;
            }
        });
        for (long from = 0; from < end; from += PAGE) {
            entries("position >= " + from + " AND position < " + (from + PAGE), PAGE)
                    .forEach(action);
        }
    }

    /**
     * The rows that are not done in the order of the corpus.
     *
     * @param which {@link #UNFINISHED}, {@link #FAILED} or {@link #PENDING}
     * @param from a position
     */
    List<Entry.Failed> unfinished(String which, long from, int limit) {
        return entries(which + " AND position >= " + from, limit).stream()
                .map(entry -> (Entry.Failed) entry)
                .toList();
    }

    private List<Entry> entries(String where, int limit) {
        return database.read(connection -> {
            List<Entry> entries = new ArrayList<>();
            stream(connection, ENTRIES + "WHERE " + where + " ORDER BY position LIMIT " + limit, entries::add);
            return entries;
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
                                        sample(row.getString(5)),
                                        row.getString(4),
                                        row.getString(3).equals("pending")));
            }
        }
    }

    static Sample sample(String story) {
        return readable(() -> JSON.readValue(story, Sample.class));
    }

    static Curated curated(Connection connection, String story) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement("SELECT text FROM calls WHERE key = ?")) {
            return readable(() -> StoryFormat.read(story, key -> text(query, key)));
        }
    }

    /** What a file that was half written or edited holds may be no story. */
    private static <T> T readable(Supplier<@Nullable T> reading) {
        try {
            return Objects.requireNonNullElseGet(reading.get(), () -> {
                throw new InputException(DAMAGED);
            });
        } catch (JacksonException e) {
            throw new InputException(DAMAGED, e);
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
