package cogent.llm.store;

import cogent.llm.ChatException;
import cogent.llm.ChatReply;
import cogent.llm.ChatReply.Finish;
import cogent.llm.ChatReply.Usage;
import cogent.llm.meter.UsageTotals;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Supplier;

/** The table {@code calls}: every reply under the hash of what was asked, and who waits for which. */
public final class CallStore {
    /** A reply and the key that it is found under. */
    record Kept(String key, ChatReply reply) {}

    private static final Duration LOOK = Duration.ofMillis(200);

    private final RunDatabase database;
    /** Calls under way in this process, by key. */
    final ConcurrentMap<String, CompletableFuture<Kept>> underWay = new ConcurrentHashMap<>();

    public CallStore(RunDatabase database) {
        this.database = database;
    }

    Optional<ChatReply> find(String key) {
        return database.read(connection -> find(connection, key));
    }

    static Optional<ChatReply> find(Connection connection, String key) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement("SELECT model, text, reasoning, finish,"
                + " prompt_tokens, completion_tokens, reasoning_tokens FROM calls WHERE key = ?")) {
            query.setString(1, key);
            try (ResultSet row = query.executeQuery()) {
                return row.next() ? Optional.of(reply(row)) : Optional.empty();
            }
        }
    }

    /** The key of the call whose reply answers for this one too. */
    Optional<String> called(String unbounded) {
        return database.read(connection -> called(connection, unbounded));
    }

    static Optional<String> called(Connection connection, String unbounded) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement("SELECT call FROM unbounded WHERE key = ?")) {
            query.setString(1, unbounded);
            try (ResultSet row = query.executeQuery()) {
                return row.next() ? Optional.of(row.getString(1)) : Optional.empty();
            }
        }
    }

    /** From now on that call's reply is found under this key too. */
    void call(String unbounded, String key) {
        database.write(connection -> {
            try (PreparedStatement insert =
                    connection.prepareStatement("INSERT INTO unbounded VALUES (?,?) ON CONFLICT (key) DO NOTHING")) {
                insert.setString(1, unbounded);
                insert.setString(2, key);
                return insert.executeUpdate();
            }
        });
    }

    /**
     * Returns once the reply is durable.
     *
     * @param key what it is found under; another than the prompt's where it answers for more than this one request
     * @return false when there is one already, which stays
     */
    boolean save(StoredPrompt prompt, String key, ChatReply reply, double cost, long millis) {
        return database.write(connection -> {
            Unanswered.answered(connection, prompt.key());
            if (database.peers().isPresent()) {
                database.peers().get().end(connection, claim(prompt.key()));
            }
            return insert(connection, key, prompt, reply, cost, millis) == 1;
        });
    }

    /**
     * Waits until no other process asks the same, or has asked it.
     *
     * @param known looks whether the reply is there by now
     * @return the reply of another process; empty when this one is to ask, and then to save or to {@link #forsake}
     */
    Optional<Kept> await(String key, Supplier<Optional<Kept>> known) {
        if (database.peers().isEmpty()) {
            return Optional.empty();
        }
        Set<String> claim = Set.of(claim(key));
        while (true) {
            boolean mine = !database.peers().get().lease(claim).isEmpty();
            Optional<Kept> there = known.get(); // after the claim, or it might be saved in between
            if (mine && there.isPresent()) {
                database.peers().get().release(claim);
            }
            if (mine || there.isPresent()) {
                return there;
            }
            try {
                Thread.sleep(LOOK);
            } catch (InterruptedException e) {
                throw ChatException.interrupted(e);
            }
        }
    }

    /** No reply came: others may ask. */
    void forsake(String key) {
        database.peers().ifPresent(peers -> peers.release(Set.of(claim(key))));
    }

    private static String claim(String key) {
        return "call " + key;
    }

    static int insert(Connection connection, String key, StoredPrompt prompt, ChatReply reply, double cost, long millis)
            throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(
                "INSERT INTO calls VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?) ON CONFLICT (key) DO NOTHING")) {
            insert.setString(1, key);
            insert.setString(2, prompt.agent());
            insert.setString(3, prompt.model());
            insert.setInt(4, prompt.sample());
            insert.setLong(5, prompt.chars());
            insert.setString(6, prompt.head());
            insert.setString(7, reply.model());
            insert.setString(8, reply.text());
            insert.setString(9, reply.reasoning());
            insert.setString(10, reply.finish().name());
            insert.setLong(11, reply.usage().promptTokens());
            insert.setLong(12, reply.usage().completionTokens());
            insert.setLong(13, reply.usage().reasoningTokens());
            insert.setDouble(14, cost);
            insert.setString(15, Instant.now().toString());
            insert.setLong(16, millis);
            return insert.executeUpdate();
        }
    }

    /** What was paid for so far, by agent. */
    public static Map<String, UsageTotals> usageByAgent(Connection connection) throws SQLException {
        var usageByAgent = new TreeMap<String, UsageTotals>();
        try (PreparedStatement query = connection.prepareStatement("SELECT agent, count(*), sum(prompt_tokens),"
                        + " sum(completion_tokens), sum(reasoning_tokens), sum(cost) FROM calls GROUP BY agent");
                ResultSet row = query.executeQuery()) {
            while (row.next()) {
                usageByAgent.put(
                        row.getString(1),
                        new UsageTotals(
                                row.getLong(2),
                                row.getLong(3),
                                row.getLong(4),
                                row.getLong(5),
                                row.getDouble(6),
                                0,
                                0));
            }
        }
        return usageByAgent;
    }

    private static ChatReply reply(ResultSet row) throws SQLException {
        return new ChatReply(
                row.getString(1),
                row.getString(2),
                row.getString(3),
                Finish.valueOf(row.getString(4)),
                new Usage(row.getLong(5), row.getLong(6), row.getLong(7)));
    }
}
