package cogent.postgres;

import cogent.llm.ChatException;
import cogent.llm.store.Peers;
import cogent.llm.store.RunDatabase;
import cogent.llm.store.SharedStore;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.Optional;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A run's schema, as one process of several sees it. Every write is a transaction of its own, which PostgreSQL commits together
 * with those of others. While the server is away everybody waits for it: what was not committed is run again.
 */
final class PostgresDatabase implements RunDatabase {
    private static final Logger LOG = LoggerFactory.getLogger(PostgresDatabase.class);

    /** Ten processes stay below the hundred that a server allows unless told otherwise. */
    private static final int CONNECTIONS = 8;

    private static final Duration BETWEEN_TRIES = Duration.ofMillis(500);

    private final SharedStore store;
    private final HikariDataSource pool;
    private final PostgresPeers peers;
    private volatile String away = "";

    PostgresDatabase(SharedStore store, String schema, Properties properties) {
        this.store = store;
        String worker = PostgresPeers.name();
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(store.url());
        config.setDataSourceProperties(properties);
        config.setSchema(schema);
        config.setConnectionInitSql("SET cogent.worker = '" + worker + "'");
        config.setAutoCommit(false);
        config.setMaximumPoolSize(CONNECTIONS);
        config.setMinimumIdle(1);
        config.setConnectionTimeout(5_000);
        config.setPoolName("store");
        this.pool = new HikariDataSource(config);
        this.peers = new PostgresPeers(this, worker);
    }

    @Override
    public <T> T write(SqlWork<T> work) {
        return patiently(work);
    }

    @Override
    public void post(SqlWork<?> work) {
        write(connection -> {
            try (var statement = connection.createStatement()) {
                statement.execute("SET LOCAL synchronous_commit = off");
            }
            return work.run(connection);
        });
    }

    @Override
    public <T> T read(SqlWork<T> work) {
        return patiently(work);
    }

    /** The tables are there since the schema was made. */
    @Override
    public void define(String... statements) {}

    @Override
    public Optional<Peers> peers() {
        return Optional.of(peers);
    }

    @Override
    public Optional<String> trouble() {
        return away.isEmpty() ? Optional.empty() : Optional.of("The store is away, everything waits for it: " + away);
    }

    @Override
    public void close() {
        peers.close();
        try {
            once(peers::leave);
        } catch (SQLException e) {
            LOG.debug("not taken leave: the others take over in time", e);
        }
        pool.close();
    }

    private <T> T patiently(SqlWork<T> work) {
        while (true) {
            try {
                T result = once(work);
                away = "";
                return result;
            } catch (SQLException e) {
                waitOrThrow(e, PostgresFailure.told(store, e));
            } catch (IllegalStateException e) { // as those throw it who may not throw the other
                waitOrThrow(e.getCause() instanceof SQLException sql ? sql : null, e);
            }
        }
    }

    /** A transaction. */
    private <T> T once(SqlWork<T> work) throws SQLException {
        try (Connection connection = pool.getConnection()) {
            try {
                T result = work.run(connection);
                connection.commit();
                return result;
            } catch (SQLException | RuntimeException | Error e) {
                rollBack(connection);
                throw e;
            }
        }
    }

    private void waitOrThrow(@Nullable SQLException e, RuntimeException otherwise) {
        if (e == null || !PostgresFailure.passes(e) || pool.isClosed()) {
            throw otherwise;
        }
        if (e instanceof SQLTransientConnectionException && e.getCause() == null) {
            return; // no connection failed: all are at work, on a machine or a server that is slow
        }
        if (away.isEmpty()) {
            LOG.warn("{}: {}; waiting for it", store.url(), e.getMessage());
        }
        away = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
        try {
            Thread.sleep(BETWEEN_TRIES);
        } catch (InterruptedException interrupted) {
            throw ChatException.interrupted(interrupted);
        }
    }

    private static void rollBack(Connection connection) {
        try {
            connection.rollback();
        } catch (SQLException e) {
            LOG.debug("the connection is gone, and what was begun with it", e);
        }
    }
}
