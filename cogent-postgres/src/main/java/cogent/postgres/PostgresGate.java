package cogent.postgres;

import cogent.llm.resilience.Gate;
import cogent.llm.resilience.Limits;
import cogent.llm.store.RunDatabase;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The gate to one endpoint. The server is told how many calls are in flight, not that there is one more or less: what is
 * told twice, as after a broken connection, is right all the same.
 */
final class PostgresGate implements Gate {
    private final RunDatabase database;
    private final String me;
    private final String endpoint;
    private final Limits limits;
    private final ReentrantLock lock = new ReentrantLock();
    private int inFlight;

    PostgresGate(RunDatabase database, String me, String endpoint, Limits limits) {
        this.database = database;
        this.me = me;
        this.endpoint = endpoint;
        this.limits = limits;
    }

    @Override
    public Duration enter(int allowed, long tokens) {
        lock.lock();
        try {
            double seconds = database.write(connection -> {
                try (PreparedStatement enter = connection.prepareStatement("SELECT enter(?, ?, ?, ?, ?, ?, ?, ?)")) {
                    enter.setString(1, me);
                    enter.setString(2, endpoint);
                    enter.setInt(3, inFlight);
                    enter.setInt(4, allowed);
                    enter.setLong(5, tokens);
                    enter.setInt(6, limits.concurrency());
                    enter.setDouble(7, limits.requestsPerMinute());
                    enter.setDouble(8, limits.tokensPerMinute());
                    try (ResultSet row = enter.executeQuery()) {
                        row.next();
                        return row.getDouble(1);
                    }
                }
            });
            if (seconds > 0) {
                return Duration.ofNanos((long) Math.ceil(seconds * 1e9));
            }
            inFlight++;
            return Duration.ZERO;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void leave(long tokens) {
        lock.lock();
        try {
            inFlight--;
            database.write(connection -> {
                try (PreparedStatement leave = connection.prepareStatement("SELECT leave(?, ?, ?, ?)")) {
                    leave.setString(1, me);
                    leave.setString(2, endpoint);
                    leave.setInt(3, inFlight);
                    leave.setLong(4, limits.tokensPerMinute() > 0 ? tokens : 0);
                    return leave.execute();
                }
            });
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void pause(Duration wait) {
        database.write(connection -> {
            try (PreparedStatement pause = connection.prepareStatement("SELECT pause(?, ?)")) {
                pause.setString(1, endpoint);
                pause.setDouble(2, wait.toNanos() / 1e9);
                return pause.execute();
            }
        });
    }
}
