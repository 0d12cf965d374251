package cogent.postgres;

import cogent.llm.store.SharedStore;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** A server of this machine's PostgreSQL with a new database, which lets its user in without a password. */
public final class PostgresServer implements AutoCloseable {
    private static final String USER = System.getProperty("user.name");
    private static final boolean ROOT = USER.equals("root");

    private final Path bin;
    private final Path folder;
    private final int port;

    private PostgresServer(Path bin, Path folder, int port) {
        this.bin = bin;
        this.folder = folder;
        this.port = port;
    }

    /** Skips the test where PostgreSQL is not installed. */
    public static PostgresServer start() {
        Optional<Path> bin = bin();
        Assumptions.assumeTrue(bin.isPresent(), "PostgreSQL is not installed (apt-get install postgresql)");
        try {
            Path folder = Files.createTempDirectory("cogent-pg");
            PostgresServer server = new PostgresServer(bin.get(), folder, freePort());
            if (ROOT) { // as whom the server refuses to run
                run(List.of("chown", "postgres", folder.toString()));
            }
            server.tool("initdb", "-A", "trust", "-U", USER, "--no-sync", "-D", server.data());
            server.up();
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }

    private static Optional<Path> bin() {
        try (Stream<Path> versions = Files.isDirectory(Path.of("/usr/lib/postgresql"))
                ? Files.list(Path.of("/usr/lib/postgresql"))
                : Stream.<Path>of()) {
            return Stream.concat(
                            versions.map(version -> version.resolve("bin")),
                            Stream.of(System.getenv("PATH").split(File.pathSeparator))
                                    .map(Path::of))
                    .filter(folder -> Files.isExecutable(folder.resolve("initdb")))
                    .findFirst();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public void up() {
        tool(
                "pg_ctl",
                "-w",
                "-D",
                data(),
                "-l",
                folder.resolve("log").toString(),
                "-o",
                "-p " + port + " -k " + folder + " -c listen_addresses=127.0.0.1 -c max_connections=200",
                "start");
    }

    /** As in a power cut. */
    public void down() {
        tool("pg_ctl", "-w", "-D", data(), "-m", "immediate", "stop");
    }

    public String url() {
        return "jdbc:postgresql://127.0.0.1:" + port + "/postgres";
    }

    public SharedStore store(String run) {
        return new SharedStore(url(), run);
    }

    /** Runs a statement in a run's schema. */
    public void sql(String run, String statement) {
        try (Connection connection = DriverManager.getConnection(url(), USER, "");
                var sql = connection.createStatement()) {
            connection.setSchema("cogent_" + run);
            sql.execute(statement);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Leases run out after so long, for processes that open the store from now on. */
    public void leases(String run, String interval) {
        sql(
                run,
                "CREATE OR REPLACE FUNCTION lease_length() RETURNS INTERVAL LANGUAGE sql STABLE AS"
                        + " $$ SELECT INTERVAL '" + interval + "' $$");
    }

    private String data() {
        return folder.resolve("data").toString();
    }

    private void tool(String name, String... args) {
        List<String> command = new ArrayList<>();
        if (ROOT) {
            command.addAll(List.of("setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"));
        }
        command.add(bin.resolve(name).toString());
        command.addAll(List.of(args));
        run(command);
    }

    private static void run(List<String> command) {
        try {
            Path said = Files.createTempFile("cogent-pg", ".txt"); // not a pipe, which the server would keep open
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(said.toFile())
                    .start();
            if (process.waitFor() != 0) {
                throw new IllegalStateException(command + ": " + Files.readString(said));
            }
            Files.delete(said);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        try {
            down();
        } finally {
            run(List.of("rm", "-rf", folder.toString()));
        }
    }
}
