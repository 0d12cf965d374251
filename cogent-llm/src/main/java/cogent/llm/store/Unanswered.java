package cogent.llm.store;

import cogent.llm.meter.Meter;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;

/**
 * The table {@code unanswered} of {@code run.db}: calls that were sent, from the moment they are. One that is answered
 * leaves it with the commit of its reply; what stays has no reply and may have been billed all the same.
 */
public record Unanswered(RunDatabase database) {
    /** Calls that may have been billed for nothing. */
    public record Lost(long calls, double mostCost) {
        public static final Lost NONE = new Lost(0, 0);
    }

    /** A call on its way; its row is known once it is written. */
    public static final class Sent {
        /** Touched by the database's writer alone, which runs what concerns one call in order. */
        private long row;
    }

    /** A call goes out; does not wait for the commit, which takes less time than any reply. */
    public Sent sent(StoredPrompt prompt, Meter.Spend most) {
        var sent = new Sent();
        database.post(connection -> {
            try (PreparedStatement insert = connection.prepareStatement(
                    "INSERT INTO unanswered VALUES (NULL,?,?,?,?,?,?,'')", Statement.RETURN_GENERATED_KEYS)) {
                insert.setString(1, prompt.key());
                insert.setString(2, prompt.agent());
                insert.setString(3, prompt.model());
                insert.setLong(4, most.tokens());
                insert.setDouble(5, most.cost());
                insert.setString(6, Instant.now().toString());
                insert.executeUpdate();
                try (ResultSet row = insert.getGeneratedKeys()) {
                    sent.row = row.getLong(1);
                }
                return sent;
            }
        });
        return sent;
    }

    /** It was sent, and no reply will come. */
    public void lost(Sent sent, String why) {
        database.write(connection -> {
            try (PreparedStatement update = connection.prepareStatement("UPDATE unanswered SET why = ? WHERE id = ?")) {
                update.setString(1, why.isEmpty() ? "lost" : why);
                update.setLong(2, sent.row);
                return update.executeUpdate();
            }
        });
    }

    /** It was refused: nothing is owed for it. */
    public void refused(Sent sent) {
        database.post(connection -> {
            try (PreparedStatement delete = connection.prepareStatement("DELETE FROM unanswered WHERE id = ?")) {
                delete.setLong(1, sent.row);
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
