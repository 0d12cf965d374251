package cogent.postgres;

import cogent.data.InputException;
import cogent.llm.store.RunDatabase;
import cogent.llm.store.RunDatabase.SqlWork;
import cogent.llm.store.SharedStore;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/** Opens {@code jdbc:postgresql://…}; user and password are {@code PGUSER} and {@code PGPASSWORD}, or stand in {@code ~/.pgpass}. */
public final class PostgresDriver implements SharedStore.Driver {
    @Override
    public boolean serves(String url) {
        return url.startsWith("jdbc:postgresql:");
    }

    @Override
    public RunDatabase open(SharedStore store) {
        String schema = schema(store);
        try (Connection connection = connect(store)) {
            PostgresSchema.prepare(connection, schema);
        } catch (SQLException e) {
            throw PostgresFailure.told(store, e);
        }
        return new PostgresDatabase(store, schema, properties());
    }

    @Override
    public <T> T peek(SharedStore store, SqlWork<T> work) {
        try (Connection connection = connect(store)) {
            PostgresSchema.enter(connection, schema(store));
            connection.setReadOnly(true);
            connection.setAutoCommit(false); // or a result would be fetched as a whole
            return work.run(connection);
        } catch (SQLException e) {
            throw PostgresFailure.told(store, e);
        }
    }

    /** @throws InputException when the run's name is too long for a schema */
    private static String schema(SharedStore store) {
        String schema = "cogent_" + store.run();
        if (schema.getBytes(StandardCharsets.UTF_8).length > 63) {
            throw new InputException("store: the run's name " + store.run()
                    + " is too long for PostgreSQL, which takes 56 bytes." + " Set a shorter `name` in the recipe.");
        }
        return schema;
    }

    private static Connection connect(SharedStore store) throws SQLException {
        return DriverManager.getConnection(store.url(), properties());
    }

    /** What the server is told besides the address. */
    private static Properties properties() {
        Properties properties = new Properties();
        put(properties, "user", System.getenv("PGUSER"));
        put(properties, "password", System.getenv("PGPASSWORD"));
        properties.put("ApplicationName", "cogent");
        properties.put("connectTimeout", "5");
        properties.put("socketTimeout", "120"); // a server that is gone without a word
        properties.put("tcpKeepAlive", "true");
        properties.put("defaultRowFetchSize", "256");
        return properties;
    }

    private static void put(Properties properties, String name, @Nullable String value) {
        if (value != null) {
            properties.put(name, value);
        }
    }
}
