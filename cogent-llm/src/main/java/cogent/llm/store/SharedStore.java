package cogent.llm.store;

import cogent.data.AtomicFile;
import cogent.data.InputException;
import cogent.llm.store.RunDatabase.SqlWork;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A run's place in a database server.
 *
 * @param url such as {@code jdbc:postgresql://db.example/cogent}; never with a user or password, which come from the
 *     environment
 * @param run the run's name: processes that name the same run work together
 */
public record SharedStore(String url, String run) {
    /** The file of a run directory that says where its calls and samples are. */
    private static final String FILE = "store.txt";

    /** Parameters that hold no secret. */
    private static final Pattern PARAMETERS = Pattern.compile("(sslmode|sslrootcert|targetServerType)=[^&?]*");

    /** A kind of server, found on the class path by {@link ServiceLoader}. */
    public interface Driver {
        boolean serves(String url);

        /** @throws InputException when it cannot be reached, or does not let this user in */
        RunDatabase open(SharedStore store);

        /** Reads without joining the processes on it. */
        <T> T peek(SharedStore store, SqlWork<T> work);
    }

    /** @throws InputException when the address holds what would stand in the run's recipe and report */
    public SharedStore {
        if (!url.startsWith("jdbc:")) {
            throw new InputException(
                    "store: expected an address such as jdbc:postgresql://HOST/DATABASE; empty keeps calls and"
                            + " samples in run.db, in the run's directory");
        }
        int query = url.indexOf('?');
        boolean secret = url.matches("(?s).*[@#\\s].*")
                || (query >= 0
                        && !List.of(url.substring(query + 1).split("&", -1)).stream()
                                .allMatch(parameter ->
                                        PARAMETERS.matcher(parameter).matches()));
        if (secret) { // the address is not repeated
            throw new InputException("store: the address carries a user, a password or parameters other than sslmode,"
                    + " sslrootcert and targetServerType, and would stand in the run's recipe and report. Give the address"
                    + " alone, the user as PGUSER and the password as PGPASSWORD in the environment (or ~/.pgpass);"
                    + " nothing was written");
        }
    }

    /** The shared store of a run, where it has one. */
    static Optional<SharedStore> of(Path runDirectory) {
        Path file = runDirectory.resolve(FILE);
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        try {
            List<String> lines = Files.readAllLines(file);
            if (lines.size() != 2) {
                throw new InputException(
                        file + " is no store of a run: expected an address and a name. Remove it and rerun.");
            }
            return Optional.of(new SharedStore(lines.getFirst(), lines.getLast()));
        } catch (IOException e) {
            throw new InputException(file + ": " + InputException.reason(e), e);
        }
    }

    /**
     * Opens the store for a run directory, which this process then holds.
     *
     * @throws InputException when another process holds the directory, it holds a {@code run.db}, or the store cannot be
     *     reached
     */
    public RunDatabase open(Path runDirectory) {
        RunLock lock = RunLock.take(runDirectory);
        try {
            if (Files.exists(runDirectory.resolve("run.db"))) {
                throw new InputException(
                        runDirectory + " was begun with a run.db of its own, which a store does not take over."
                                + " Take `store` out of the recipe to go on with it, or give the recipe another name.");
            }
            RunDatabase database = new OfDirectory(driver().open(this), lock);
            try {
                AtomicFile.write(runDirectory.resolve(FILE), url + "\n" + run + "\n");
                return database;
            } catch (RuntimeException | Error e) {
                database.close();
                throw e;
            }
        } catch (RuntimeException | Error e) {
            lock.close();
            throw e;
        }
    }

    /** Opens the store for a process that has no run directory. */
    public RunDatabase join() {
        return driver().open(this);
    }

    <T> T peek(SqlWork<T> work) {
        return driver().peek(this, work);
    }

    private Driver driver() {
        for (Driver driver : ServiceLoader.load(Driver.class, SharedStore.class.getClassLoader())) {
            if (driver.serves(url)) {
                return driver;
            }
        }
        throw new InputException(
                "store: nothing here speaks " + scheme() + ". For PostgreSQL (jdbc:postgresql://…) a build with"
                        + " `export MAVEN_ARGS=-Ppostgres` brings the driver; programs add cogent-postgres (docs/scale.md)");
    }

    private String scheme() {
        Matcher scheme = Pattern.compile("\\Ajdbc:\\w+").matcher(url);
        return scheme.find() ? scheme.group() : "this address";
    }
}
