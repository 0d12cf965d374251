package cogent.llm.store;

import cogent.llm.meter.Meter;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The table {@code unanswered} of {@code run.db}: calls that were sent, from the moment they are. One that is answered
 * leaves it with the commit of its reply; what stays has no reply and may have been billed all the same.
 *
 * <pre>
 *   most_tokens, most_cost   what it may have come to at most
 *   why                      empty while its process waits for the reply
 * </pre>
 */
public final class Unanswered {
    static final String SCHEMA = """
            CREATE TABLE IF NOT EXISTS unanswered (
              id INTEGER PRIMARY KEY,
              key TEXT NOT NULL,
              agent TEXT NOT NULL,
              asked_model TEXT NOT NULL,
              most_tokens INTEGER NOT NULL,
              most_cost REAL NOT NULL,
              sent_at TEXT NOT NULL,
              why TEXT NOT NULL
            )""";

    /** Calls that may have been billed for nothing. */
    public record Lost(long calls, double mostCost) {
        public static final Lost NONE = new Lost(0, 0);
    }

    private final RunDatabase database;
    private final AtomicLong next;

    /** For the process that holds the database: the calls that an earlier one left in flight count as lost from now on. */
    Unanswered(RunDatabase database) {
        this.database = database;
        this.next = new AtomicLong(database.write(connection -> {
            try (PreparedStatement update = connection.prepareStatement(
                    "UPDATE unanswered SET why = 'the run ended before the reply came'" + " WHERE why = ''")) {
                update.executeUpdate();
            }
            try (PreparedStatement query = connection.prepareStatement("SELECT coalesce(max(id), 0) FROM unanswered");
                    ResultSet row = query.executeQuery()) {
                return row.getLong(1);
            }
        }));
    }

    /** A call goes out; does not wait for the commit, which takes less time than any reply. */
    public long sent(StoredPrompt question, Meter.Spend most) {
        long id = next.incrementAndGet();
        database.post(connection -> {
            try (PreparedStatement insert =
                    connection.prepareStatement("INSERT INTO unanswered VALUES (?,?,?,?,?,?,?,'')")) {
                insert.setLong(1, id);
                insert.setString(2, question.key());
                insert.setString(3, question.agent());
                insert.setString(4, question.model());
                insert.setLong(5, most.tokens());
                insert.setDouble(6, most.cost());
                insert.setString(7, Instant.now().toString());
                return insert.executeUpdate();
            }
        });
        return id;
    }

    /** It was sent, and no reply will come. */
    public void lost(long id, String why) {
        database.write(connection -> {
            try (PreparedStatement update = connection.prepareStatement("UPDATE unanswered SET why = ? WHERE id = ?")) {
                update.setString(1, why.isEmpty() ? "lost" : why);
                update.setLong(2, id);
                return update.executeUpdate();
            }
        });
    }

    /** It was refused: nothing is owed for it. */
    public void refused(long id) {
        database.post(connection -> {
            try (PreparedStatement delete = connection.prepareStatement("DELETE FROM unanswered WHERE id = ?")) {
                delete.setLong(1, id);
                return delete.executeUpdate();
            }
        });
    }

    /** Its reply is part of the same transaction. */
    static void answered(Connection connection, String key) throws SQLException {
        try (PreparedStatement delete = connection.prepareStatement(
                "DELETE FROM unanswered WHERE id = (SELECT max(id) FROM unanswered" + " WHERE key = ? AND why = '')")) {
            delete.setString(1, key);
            delete.executeUpdate();
        }
    }

    /** What was lost so far, at most; nothing where the run is of a version without this table. */
    public static Meter.Spend lost(Connection connection) throws SQLException {
        if (!begun(connection)) {
            return Meter.Spend.NOTHING;
        }
        try (PreparedStatement query = connection.prepareStatement(
                        "SELECT count(*), sum(most_tokens), sum(most_cost) FROM unanswered WHERE why <> ''");
                ResultSet row = query.executeQuery()) {
            return new Meter.Spend(row.getLong(1), row.getLong(2), row.getDouble(3));
        }
    }

    /** The same by agent. */
    public static Map<String, Lost> lostByAgent(Connection connection) throws SQLException {
        Map<String, Lost> lost = new TreeMap<>();
        if (begun(connection)) {
            try (PreparedStatement query = connection.prepareStatement(
                            "SELECT agent, count(*), sum(most_cost) FROM unanswered WHERE why <> '' GROUP BY agent");
                    ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    lost.put(row.getString(1), new Lost(row.getLong(2), row.getDouble(3)));
                }
            }
        }
        return lost;
    }

    private static boolean begun(Connection connection) throws SQLException {
        try (PreparedStatement table = connection.prepareStatement(
                        "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'unanswered'");
                ResultSet there = table.executeQuery()) {
            return there.next();
        }
    }
}
