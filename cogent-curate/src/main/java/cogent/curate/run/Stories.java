package cogent.curate.run;

import cogent.curate.Curated;
import cogent.curate.PairBuilder;
import cogent.curate.run.SampleTable.Entry;
import cogent.llm.ChatReply;
import cogent.llm.store.RunDatabase;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The samples of a run directory as they were curated, read whether or not a run is going on there. */
public final class Stories {
    /** What is worth showing of a curation, in this order: conditions on the table {@code samples}. */
    private static final List<String> KINDS = List.of(
            "kept AND rounds = 1 AND label = 'EASY'",
            "kept AND rounds = 1 AND label = 'HARD'",
            "kept AND rounds > 1",
            "NOT kept AND label IS NOT NULL");

    /** So many samples of a kind are looked at for one with a wrong rationale. */
    private static final int LOOKED_AT = 20;

    private Stories() {}

    /** One sample's story. */
    public static Optional<Curated> one(Path runDirectory, String id) {
        return RunDatabase.peek(runDirectory, connection -> {
            if (!begun(connection)) {
                return Optional.empty();
            }
            try (PreparedStatement query =
                    connection.prepareStatement("SELECT story FROM samples WHERE id = ? AND state = 'done'")) {
                query.setString(1, id);
                try (ResultSet row = query.executeQuery()) {
                    return row.next()
                            ? Optional.of(SampleTable.curated(connection, row.getString(1)))
                            : Optional.empty();
                }
            }
        });
    }

    /** A sample that has no story since replies are missing. */
    public static Optional<UnansweredSample> unanswered(Path runDirectory, String id) {
        return RunDatabase.peek(runDirectory, connection -> {
            if (!begun(connection)) {
                return Optional.empty();
            }
            try (PreparedStatement query =
                    connection.prepareStatement("SELECT story, reason FROM samples WHERE id = ? AND state <> 'done'")) {
                query.setString(1, id);
                try (ResultSet row = query.executeQuery()) {
                    return row.next()
                            ? Optional.of(new UnansweredSample(SampleTable.sample(row.getString(1)), row.getString(2)))
                            : Optional.empty();
                }
            }
        });
    }

    /**
     * The replies that one sample's story was made from, in the order of the calls; none where an older Cogent, which did not
     * note them, wrote it.
     */
    public static List<StoredReply> replies(Path runDirectory, String id) {
        return RunDatabase.peek(runDirectory, connection -> {
            List<StoredReply> replies = new ArrayList<>();
            if (begun(connection)) {
                try (PreparedStatement query = connection.prepareStatement(
                        "SELECT agent, prompt_chars, model, text, reasoning, finish, prompt_tokens,"
                                + " completion_tokens, reasoning_tokens FROM calls WHERE key = ?")) {
                    for (String key : calls(connection, id)) {
                        query.setString(1, key);
                        try (ResultSet row = query.executeQuery()) {
                            if (row.next()) {
                                replies.add(reply(row));
                            }
                        }
                    }
                }
            }
            return replies;
        });
    }

    /** The keys of the replies that a sample's story was made from. */
    private static List<String> calls(Connection connection, String id) throws SQLException {
        try (PreparedStatement query =
                connection.prepareStatement("SELECT story FROM samples WHERE id = ? AND state = 'done'")) {
            query.setString(1, id);
            try (ResultSet row = query.executeQuery()) {
                return row.next() ? StoryFormat.calls(row.getString(1)) : List.of();
            }
        }
    }

    private static StoredReply reply(ResultSet row) throws SQLException {
        ChatReply.Usage usage = new ChatReply.Usage(row.getLong(7), row.getLong(8), row.getLong(9));
        ChatReply reply = new ChatReply(
                row.getString(3),
                row.getString(4),
                row.getString(5),
                ChatReply.Finish.valueOf(row.getString(6)),
                usage);
        return new StoredReply(row.getString(1), row.getLong(2), reply);
    }

    /**
     * At most four telling samples, the first of each kind in the corpus: an easy and a hard rationale rewritten at the
     * first go, a rewrite that took more than one, a sample refused.
     */
    public static List<Curated> telling(Path runDirectory) {
        return RunDatabase.peek(runDirectory, connection -> {
            List<Curated> telling = new ArrayList<>();
            if (begun(connection)) {
                for (String kind : KINDS) {
                    first(connection, kind).ifPresent(telling::add);
                }
            }
            return telling;
        });
    }

    /** Whether a sample's story holds a request that an endpoint would not answer; it is computed again in the next run. */
    public static boolean holdsRefusedRequests(Path runDirectory) {
        return RunDatabase.exists(runDirectory)
                && RunDatabase.peek(runDirectory, connection -> {
                    if (!begun(connection)) {
                        return false;
                    }
                    try (PreparedStatement query = connection.prepareStatement(
                                    "SELECT 1 FROM samples WHERE key = '' AND state = 'done' LIMIT 1");
                            ResultSet row = query.executeQuery()) {
                        return row.next();
                    }
                });
    }

    /** The curation in numbers as far as it has come; all 0 where it has not begun. */
    public static CurationSummary soFar(Path runDirectory, PairBuilder pairs) {
        return RunDatabase.peek(runDirectory, connection -> {
            CurationTally tally = new CurationTally();
            if (begun(connection)) {
                SampleTable.stream(connection, SampleTable.ENTRIES + "ORDER BY position", entry -> {
                    switch (entry) {
                        case Entry.Done done -> tally.add(done.curated(), pairs.preferences(done.curated()));
                        case Entry.Failed failed
                        when !failed.pending() -> tally.refuse(CurationOutputs.unanswered(failed));
                        case Entry.Failed _ -> {}
                    }
                });
            }
            return tally.summary();
        });
    }

    /** The first of a kind that has a wrong rationale, else the first. */
    private static Optional<Curated> first(Connection connection, String kind) throws SQLException {
        List<Curated> found = new ArrayList<>();
        SampleTable.stream(
                connection,
                SampleTable.ENTRIES + "WHERE state = 'done' AND " + kind + " ORDER BY position LIMIT " + LOOKED_AT,
                entry -> found.add(((Entry.Done) entry).curated()));
        return found.stream()
                .filter(curated ->
                        curated.distractions().stream().anyMatch(d -> d.reply().value() != null))
                .findFirst()
                .or(() -> found.stream().findFirst());
    }

    static boolean begun(Connection connection) throws SQLException {
        return RunDatabase.has(connection, "samples");
    }
}
