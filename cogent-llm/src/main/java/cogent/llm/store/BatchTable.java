package cogent.llm.store;

import cogent.llm.ChatReply;
import cogent.llm.meter.Meter;
import cogent.llm.meter.Price;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The tables {@code batched} and {@code waves}: calls that were written to batch files and have no reply yet. */
public record BatchTable(RunDatabase database) {
    /** Where a call stands. */
    public record State(int wave, boolean out, int tries, int status, String error) {}

    /** A call as its result needs it. */
    public record Call(StoredPrompt prompt, Price price, boolean out, String result) {}

    public Optional<State> state(String key) {
        return database.read(connection -> {
            try (PreparedStatement query =
                    connection.prepareStatement("SELECT wave, out, tries, status, error FROM batched WHERE key = ?")) {
                query.setString(1, key);
                try (ResultSet row = query.executeQuery()) {
                    return row.next()
                            ? Optional.of(new State(
                                    row.getInt(1), row.getBoolean(2), row.getInt(3), row.getInt(4), row.getString(5)))
                            : Optional.<State>empty();
                }
            }
        });
    }

    public int nextWave() {
        return database.read(connection -> {
            try (PreparedStatement query = connection.prepareStatement("SELECT coalesce(max(number), 0) FROM"
                            + " (SELECT wave AS number FROM batched UNION ALL SELECT number FROM waves) AS known");
                    ResultSet row = query.executeQuery()) {
                row.next();
                return row.getInt(1) + 1;
            }
        });
    }

    /** What the calls that are out may cost at most. */
    public Meter.Spend outstanding() {
        return database.read(connection -> {
            try (PreparedStatement query = connection.prepareStatement(
                            "SELECT count(*), sum(most_tokens), sum(most_cost) FROM batched WHERE out");
                    ResultSet row = query.executeQuery()) {
                row.next();
                return new Meter.Spend(row.getLong(1), row.getLong(2), row.getDouble(3));
            }
        });
    }

    /** Where the call stands that was written last for a request, under whichever bound on its reply. */
    public Optional<State> stateUnbounded(String unbounded) {
        return database.read(connection -> CallStore.called(connection, unbounded))
                .flatMap(this::state);
    }

    /**
     * The call stands in a file of this wave that is not whole yet.
     *
     * @param unbounded the key of the request without a bound on its reply: one that ends by itself answers for every bound
     */
    public void put(StoredPrompt prompt, String unbounded, Price price, Meter.Spend most, int wave, Path file) {
        database.write(connection -> {
            try (PreparedStatement call = connection.prepareStatement(
                    "INSERT INTO unbounded VALUES (?,?) ON CONFLICT (key) DO UPDATE SET call = excluded.call")) {
                call.setString(1, unbounded);
                call.setString(2, prompt.key());
                call.executeUpdate();
            }
            try (PreparedStatement insert = connection.prepareStatement(
                    "INSERT INTO batched VALUES (?,?,?,?,?,?,?,?,?,?,?,?,0,0,0,'','') ON CONFLICT (key) DO UPDATE SET"
                            + " price_in = excluded.price_in, price_out = excluded.price_out,"
                            + " most_tokens = excluded.most_tokens, most_cost = excluded.most_cost,"
                            + " wave = excluded.wave, file = excluded.file, out = 0")) {
                insert.setString(1, prompt.key());
                insert.setString(2, prompt.agent());
                insert.setString(3, prompt.model());
                insert.setInt(4, prompt.sample());
                insert.setLong(5, prompt.chars());
                insert.setString(6, prompt.head());
                insert.setDouble(7, price.promptPerMillion());
                insert.setDouble(8, price.completionPerMillion());
                insert.setLong(9, most.tokens());
                insert.setDouble(10, most.cost());
                insert.setInt(11, wave);
                insert.setString(12, file.toString());
                return insert.executeUpdate();
            }
        });
    }

    /** The files of this wave are whole. */
    public void sent(int wave) {
        database.write(connection -> {
            try (PreparedStatement insert = connection.prepareStatement("INSERT INTO waves VALUES (?)");
                    PreparedStatement update =
                            connection.prepareStatement("UPDATE batched SET out = 1 WHERE wave = ?")) {
                insert.setInt(1, wave);
                insert.executeUpdate();
                update.setInt(1, wave);
                return update.executeUpdate();
            }
        });
    }

    public static @Nullable Call call(Connection connection, String key) throws SQLException {
        try (PreparedStatement query =
                connection.prepareStatement("SELECT agent, asked_model, sample, prompt_chars, prompt_head, price_in,"
                        + " price_out, out, result FROM batched WHERE key = ?")) {
            query.setString(1, key);
            try (ResultSet row = query.executeQuery()) {
                return row.next()
                        ? new Call(
                                new StoredPrompt(
                                        key,
                                        row.getString(1),
                                        row.getString(2),
                                        row.getInt(3),
                                        row.getLong(4),
                                        row.getString(5)),
                                new Price(row.getDouble(6), row.getDouble(7)),
                                row.getBoolean(8),
                                row.getString(9))
                        : null;
            }
        }
    }

    public static boolean stored(Connection connection, String key) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement("SELECT 1 FROM calls WHERE key = ?")) {
            query.setString(1, key);
            try (ResultSet row = query.executeQuery()) {
                return row.next();
            }
        }
    }

    public static void answered(Connection connection, Call call, ChatReply reply) throws SQLException {
        CallStore.insert(connection, call.prompt.key(), call.prompt, reply, call.price.of(reply.usage()), 0);
        try (PreparedStatement delete = connection.prepareStatement("DELETE FROM batched WHERE key = ?")) {
            delete.setString(1, call.prompt.key());
            delete.executeUpdate();
        }
    }

    public static void failed(Connection connection, String key, int status, String error, String result)
            throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(
                "UPDATE batched SET out = 0, tries = tries + 1, status = ?, error = ?, result = ? WHERE key = ?")) {
            update.setInt(1, status);
            update.setString(2, error);
            update.setString(3, result);
            update.setString(4, key);
            update.executeUpdate();
        }
    }
}
