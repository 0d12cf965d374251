package cogent.llm.store;

import cogent.llm.ChatException;
import cogent.llm.meter.Budget;
import cogent.llm.meter.Meter;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The table {@code unanswered} of {@code run.db}: calls that were sent, from the moment they are. One that is answered
 * leaves it with the commit of its reply; what stays has no reply and may have been billed all the same.
 */
public record Unanswered(RunDatabase database, Budget budget) {
    /** How often the store is asked whether the calls in flight have left room. */
    private static final Duration LOOK = Duration.ofMillis(100);

    /** Calls that may have been billed for nothing. */
    public record Lost(long calls, double mostCost) {
        public static final Lost NONE = new Lost(0, 0);
    }

    /** A call on its way. */
    public record Sent(long row) {}

    /**
     * A call goes out; alone on its store it does not wait for the commit, which takes less time than any reply. With others,
     * who spend the same budget, it waits for theirs to turn out cheaper.
     *
     * @throws ChatException when the budget of all is spent
     */
    public Sent sent(StoredPrompt prompt, Meter.Spend most) {
        var sent = new Sent(ThreadLocalRandom.current().nextLong(Long.MAX_VALUE));
        Optional<Peers> peers = database.peers();
        if (peers.isEmpty()) {
            database.post(connection -> insert(connection, sent, prompt, most));
            return sent;
        }
        while (true) {
            Peers.Room room = database.write(connection -> {
                Peers.Room now = peers.get().room(connection, most, budget);
                if (now.free()) {
                    insert(connection, sent, prompt, most);
                }
                return now;
            });
            if (room.free()) {
                return sent;
            }
            if (!room.inFlight()) {
                throw new ChatException(ChatException.Kind.FATAL, Meter.spentMessage(budget, room.spent(), most));
            }
            try {
                Thread.sleep(LOOK);
            } catch (InterruptedException e) {
                throw ChatException.interrupted(e);
            }
        }
    }

    private static int insert(Connection connection, Sent sent, StoredPrompt prompt, Meter.Spend most)
            throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(
                "INSERT INTO unanswered (id, key, agent, asked_model, most_tokens, most_cost,"
                        + " sent_at, why) VALUES (?,?,?,?,?,?,?,'') ON CONFLICT (id) DO NOTHING")) {
            insert.setLong(1, sent.row);
            insert.setString(2, prompt.key());
            insert.setString(3, prompt.agent());
            insert.setString(4, prompt.model());
            insert.setLong(5, most.tokens());
            insert.setDouble(6, most.cost());
            insert.setString(7, Instant.now().toString());
            return insert.executeUpdate();
        }
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
        if (!RunDatabase.has(connection, "unanswered")) {
            return Meter.Spend.NOTHING;
        }
        try (PreparedStatement query = connection.prepareStatement(
                        "SELECT count(*), sum(most_tokens), sum(most_cost) FROM unanswered WHERE why <> ''");
                ResultSet row = query.executeQuery()) {
            row.next();
            return new Meter.Spend(row.getLong(1), row.getLong(2), row.getDouble(3));
        }
    }

    /** The same by agent. */
    public static Map<String, Lost> lostByAgent(Connection connection) throws SQLException {
        Map<String, Lost> lost = new TreeMap<>();
        if (RunDatabase.has(connection, "unanswered")) {
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
}
