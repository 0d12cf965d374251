package cogent.curate.run;

import cogent.curate.Curated;
import cogent.data.Difficulty;
import cogent.data.InputException;
import cogent.data.Problem;
import cogent.data.Rationale;
import cogent.data.Sample;
import cogent.llm.store.RunDatabase;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * The samples of a run a page at a time, in the order of the corpus, whether or not a run is going on there. A page is found
 * by where the one before it ended, so that the last of a million rows comes as quickly as the first.
 */
public final class SampleList {
    private SampleList() {}

    /**
     * Which samples, by what the table tells without reading a story; empty fields ask for nothing.
     *
     * @param rounds rewrites that were tried
     */
    public record Where(
            Optional<Difficulty> label, Optional<Boolean> kept, Optional<Integer> rounds, Optional<String> reason) {
        public static final Where ALL =
                new Where(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

        private String sql() {
            StringBuilder sql = new StringBuilder();
            label.ifPresent(_ -> sql.append(" AND label = ?"));
            kept.ifPresent(_ -> sql.append(" AND kept = ?"));
            reason.ifPresent(_ -> sql.append(" AND reason = ?"));
            rounds.ifPresent(_ -> sql.append(" AND rounds = ?"));
            return sql.toString();
        }

        private List<Object> values() {
            List<Object> values = new ArrayList<>();
            label.ifPresent(l -> values.add(l.name()));
            kept.ifPresent(values::add);
            reason.ifPresent(values::add);
            rounds.ifPresent(values::add);
            return values;
        }
    }

    /**
     * One page.
     *
     * @param lookedAt rows that were read for it
     * @param next what to begin the next page after; empty at the end
     */
    public record Page(List<ListedSample> samples, int lookedAt, OptionalLong next) {
        public Page {
            samples = List.copyOf(samples);
        }
    }

    /** How many samples are alike in what {@link Where} asks for. */
    public record Group(Optional<Difficulty> label, boolean kept, int rounds, String reason, long samples) {}

    /** Samples looked at so far. */
    public static long size(Path runDirectory) {
        return count(runDirectory, "true");
    }

    /** Those of them that no endpoint has answered. */
    public static long unanswered(Path runDirectory) {
        return count(runDirectory, "state <> 'done'");
    }

    private static long count(Path runDirectory, String where) {
        return RunDatabase.peek(runDirectory, connection -> {
            if (!Stories.begun(connection)) {
                return 0L;
            }
            try (PreparedStatement query = connection.prepareStatement("SELECT count(*) FROM samples WHERE " + where);
                    ResultSet row = query.executeQuery()) {
                return row.next() ? row.getLong(1) : 0L;
            }
        });
    }

    /** All samples by their groups. */
    public static List<Group> groups(Path runDirectory) {
        return RunDatabase.peek(runDirectory, connection -> {
            List<Group> groups = new ArrayList<>();
            if (Stories.begun(connection)) {
                try (PreparedStatement query = connection.prepareStatement(
                                "SELECT label, kept, reason, rounds, count(*) FROM samples GROUP BY 1, 2, 3, 4");
                        ResultSet row = query.executeQuery()) {
                    while (row.next()) {
                        groups.add(new Group(
                                Optional.ofNullable(row.getString(1)).map(Difficulty::valueOf),
                                row.getBoolean(2),
                                row.getInt(4),
                                row.getString(3),
                                row.getLong(5)));
                    }
                }
            }
            return groups;
        });
    }

    /** One sample by its id in the corpus, whatever became of it. */
    public static Optional<ListedSample> one(Path runDirectory, String id) {
        return RunDatabase.peek(runDirectory, connection -> {
            List<ListedSample> found = new ArrayList<>();
            if (Stories.begun(connection)) {
                read(
                        connection,
                        "SELECT position, state, reason, story, id FROM samples WHERE id = ? LIMIT 1",
                        List.of(id),
                        found::add);
            }
            return found.stream().findFirst();
        });
    }

    /**
     * The samples after a position.
     *
     * @param after a position; -1 for the first page
     * @param limit samples on the page
     * @param lookAt rows read at most: where few are wanted, the page ends before it is full
     * @param wanted what else is asked of a sample
     */
    public static Page page(
            Path runDirectory, Where where, long after, int limit, int lookAt, Predicate<ListedSample> wanted) {
        return RunDatabase.peek(runDirectory, connection -> {
            List<ListedSample> found = new ArrayList<>();
            if (!Stories.begun(connection)) {
                return new Page(found, 0, OptionalLong.empty());
            }
            // the inner query reads an index alone, as stories lie far apart: + keeps SQLite from walking through them
            // instead
            String position = where.equals(Where.ALL) ? "position" : "+position";
            String sql =
                    "SELECT position, state, reason, story, id FROM samples WHERE position IN (SELECT position FROM samples"
                            + " WHERE " + position + " > ?" + where.sql() + " ORDER BY " + position
                            + " LIMIT ?) ORDER BY position";
            List<Object> values = new ArrayList<>(List.of(after));
            values.addAll(where.values());
            values.add(lookAt + 1);
            int lookedAt = 0;
            OptionalLong next = OptionalLong.empty();
            try (PreparedStatement query = prepared(connection, sql, values);
                    ResultSet row = query.executeQuery()) {
                long last = after;
                while (next.isEmpty() && row.next()) {
                    if (found.size() == limit || lookedAt == lookAt) {
                        next = OptionalLong.of(last);
                    } else {
                        ListedSample sample = sample(connection, row);
                        lookedAt++;
                        last = sample.position();
                        if (wanted.test(sample)) {
                            found.add(sample);
                        }
                    }
                }
            }
            return new Page(found, lookedAt, next);
        });
    }

    /**
     * Where the page before begins, as {@link #page} wants it; empty when there is none.
     *
     * @param position of the first sample of this page
     * @param limit samples on a page
     */
    public static OptionalLong before(Path runDirectory, Where where, long position, int limit) {
        return RunDatabase.peek(runDirectory, connection -> {
            if (!Stories.begun(connection)) {
                return OptionalLong.empty();
            }
            List<Object> values = new ArrayList<>(List.of(position));
            values.addAll(where.values());
            values.add(limit + 1);
            int found = 0;
            long last = -1;
            try (PreparedStatement query = prepared(
                            connection,
                            "SELECT position FROM samples WHERE position < ?" + where.sql()
                                    + " ORDER BY position DESC LIMIT ?",
                            values);
                    ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    found++;
                    last = row.getLong(1);
                }
            }
            return found == 0 ? OptionalLong.empty() : OptionalLong.of(found > limit ? last : -1);
        });
    }

    /** Every sample that is asked for, one at a time. */
    public static void forEach(Path runDirectory, Where where, Consumer<ListedSample> action) {
        RunDatabase.peek(runDirectory, connection -> {
            if (Stories.begun(connection)) {
                read(
                        connection,
                        "SELECT position, state, reason, story, id FROM samples WHERE position >= 0" + where.sql()
                                + " ORDER BY position",
                        where.values(),
                        action);
            }
            return true;
        });
    }

    private static void read(Connection connection, String sql, List<Object> values, Consumer<ListedSample> action)
            throws SQLException {
        try (PreparedStatement query = prepared(connection, sql, values);
                ResultSet row = query.executeQuery()) {
            while (row.next()) {
                action.accept(sample(connection, row));
            }
        }
    }

    private static PreparedStatement prepared(Connection connection, String sql, List<Object> values)
            throws SQLException {
        PreparedStatement query = connection.prepareStatement(sql);
        for (int i = 0; i < values.size(); i++) {
            query.setObject(i + 1, values.get(i));
        }
        return query;
    }

    private static ListedSample sample(Connection connection, ResultSet row) throws SQLException {
        long position = row.getLong(1);
        String reason = row.getString(3);
        String story = row.getString(4);
        try {
            if (!row.getString(2).equals("done")) {
                return new ListedSample(position, SampleTable.sample(story), Optional.empty(), reason, true);
            }
            Curated curated = SampleTable.curated(connection, story);
            return new ListedSample(position, curated.sample(), Optional.of(curated), reason, true);
        } catch (InputException e) {
            Sample unknown = new Sample(new Problem(row.getString(5), "–", "–"), new Rationale("–", ""));
            return new ListedSample(position, unknown, Optional.empty(), String.valueOf(e.getMessage()), false);
        }
    }
}
