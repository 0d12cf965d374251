package cogent.postgres;

import cogent.data.InputException;
import cogent.llm.meter.Budget;
import cogent.llm.meter.Meter.Spend;
import cogent.llm.resilience.Gate;
import cogent.llm.resilience.Limits;
import cogent.llm.store.Peers;
import cogent.llm.store.RunDatabase;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.HexFormat;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What {@code V1.sql} says in functions, said in Java; and the heartbeat. */
final class PostgresPeers implements Peers {
    private static final Logger LOG = LoggerFactory.getLogger(PostgresPeers.class);

    private final RunDatabase database;
    private final String me;
    private final Duration pause;
    private final Thread heart;
    private volatile boolean closed;

    PostgresPeers(RunDatabase database, String me) {
        this.database = database;
        this.me = me;
        beat();
        this.pause = leaseLength().dividedBy(3);
        this.heart = Thread.ofVirtual().name("store heartbeat").start(this::beatUntilClosed);
    }

    /** Never used again, for it is the fence too. */
    static String name() {
        String host;
        try {
            host = InetAddress.getLocalHost().getHostName().replaceAll("[^\\w.-]", "");
        } catch (UnknownHostException e) {
            host = "host";
        }
        return host + "-" + ProcessHandle.current().pid() + "-"
                + HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
    }

    @Override
    public Set<String> lease(Collection<String> names) {
        return names.isEmpty()
                ? Set.of()
                : database.write(connection -> {
                    try (PreparedStatement take = connection.prepareStatement("SELECT take(?, ?)")) {
                        take.setString(1, me);
                        take.setArray(2, connection.createArrayOf("text", names.toArray()));
                        return names(take);
                    }
                });
    }

    @Override
    public void release(Collection<String> names) {
        database.post(connection -> {
            try (PreparedStatement delete =
                    connection.prepareStatement("DELETE FROM leases WHERE worker = ? AND name = ANY (?)")) {
                delete.setString(1, me);
                delete.setArray(2, connection.createArrayOf("text", names.toArray()));
                return delete.executeUpdate();
            }
        });
    }

    @Override
    public boolean end(Connection connection, String name) throws SQLException {
        try (PreparedStatement delete =
                connection.prepareStatement("DELETE FROM leases WHERE name = ? AND worker = ?")) {
            delete.setString(1, name);
            delete.setString(2, me);
            return delete.executeUpdate() == 1;
        }
    }

    @Override
    public void agree(String settings) {
        Set<String> others = database.write(connection -> {
            try (PreparedStatement lock =
                            connection.prepareStatement("LOCK TABLE workers IN SHARE ROW EXCLUSIVE MODE");
                    PreparedStatement query = connection.prepareStatement("SELECT id FROM workers"
                            + " WHERE settings NOT IN ('', ?) AND id <> ? AND expires > clock_timestamp()");
                    PreparedStatement update =
                            connection.prepareStatement("UPDATE workers SET settings = ? WHERE id = ?")) {
                lock.execute();
                query.setString(1, settings);
                query.setString(2, me);
                Set<String> found = names(query);
                if (found.isEmpty()) {
                    update.setString(1, settings);
                    update.setString(2, me);
                    update.executeUpdate();
                }
                return found;
            }
        });
        if (!others.isEmpty()) {
            throw new InputException(
                    "other processes are at this run with another corpus, recipe or version of Cogent ("
                            + String.join(", ", others)
                            + "). Give all of them the same, or give this recipe another name.");
        }
    }

    @Override
    public Gate gate(String endpoint, Limits limits) {
        return new PostgresGate(database, me, endpoint, limits);
    }

    @Override
    public Room room(Connection connection, Spend most, Budget budget) throws SQLException {
        try (PreparedStatement room = connection.prepareStatement("SELECT * FROM room(?, ?, ?, ?, ?)")) {
            room.setLong(1, most.tokens());
            room.setDouble(2, most.cost());
            room.setLong(3, budget.calls());
            room.setLong(4, budget.tokens());
            room.setDouble(5, budget.cost());
            try (ResultSet row = room.executeQuery()) {
                row.next();
                return new Room(
                        row.getBoolean(1),
                        row.getBoolean(2),
                        new Spend(row.getLong(3), row.getLong(4), row.getDouble(5)));
            }
        }
    }

    /** The heart stops. */
    void close() {
        closed = true;
        heart.interrupt();
    }

    /** Gives everything back. */
    boolean leave(Connection connection) throws SQLException {
        try (PreparedStatement leave = connection.prepareStatement("SELECT leave_all(?)")) {
            leave.setString(1, me);
            return leave.execute();
        }
    }

    /** Three beats to a lease: two may be lost. */
    private void beatUntilClosed() {
        while (!closed) {
            try {
                Thread.sleep(pause);
                beat();
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                LOG.debug("a heartbeat failed", e);
            }
        }
    }

    private void beat() {
        database.write(connection -> {
            try (PreparedStatement beat = connection.prepareStatement("SELECT heartbeat(?)")) {
                beat.setString(1, me);
                return beat.execute();
            }
        });
    }

    private Duration leaseLength() {
        return database.read(connection -> {
            try (PreparedStatement query =
                            connection.prepareStatement("SELECT (extract(EPOCH FROM lease_length()) * 1000)::bigint");
                    ResultSet row = query.executeQuery()) {
                row.next();
                return Duration.ofMillis(row.getLong(1));
            }
        });
    }

    private static Set<String> names(PreparedStatement query) throws SQLException {
        Set<String> names = new TreeSet<>();
        try (ResultSet row = query.executeQuery()) {
            while (row.next()) {
                names.add(row.getString(1));
            }
        }
        return names;
    }
}
