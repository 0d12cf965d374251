package cogent.cli.natives;

import static java.nio.charset.StandardCharsets.UTF_8;

import cogent.data.InputException;
import cogent.data.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.net.URI;
import java.net.URLConnection;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * Fetches the native jars that an archive's {@code natives.txt} names, from Maven Central or from the repository that
 * {@code COGENT_MAVEN} names (an address, {@code file:} too), into a folder that all versions share. A jar is there
 * whole, with the SHA-256 that the list gives, or not at all.
 *
 * @param repository where the paths of the list begin; ends with a slash
 */
record FetchNatives(URI repository, PrintWriter err) {
    private static final String CENTRAL = "https://repo.maven.apache.org/maven2/";
    private static final int CONNECT_MS = 30_000;
    private static final int STALL_MS = 60_000;

    /** {@code FetchNatives LIST FOLDER}: what the launchers call. */
    public static void main(String[] args) {
        PrintWriter err = new PrintWriter(System.err, true, UTF_8);
        try {
            String mirror = System.getenv().getOrDefault("COGENT_MAVEN", CENTRAL);
            URI repository = URI.create(mirror.endsWith("/") ? mirror : mirror + "/");
            new FetchNatives(repository, err).into(Path.of(args[1]), NativeJar.list(Path.of(args[0])));
        } catch (InputException | IllegalArgumentException e) {
            err.println(e.getMessage());
            System.exit(1);
        }
    }

    /**
     * Fetches those that are missing.
     *
     * @throws InputException when one cannot be had, with what to do
     */
    void into(Path folder, List<NativeJar> jars) {
        try {
            Files.createDirectories(folder);
            try (FileChannel lock = FileChannel.open(
                            folder.resolve(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    var _ = lock.lock()) { // two commands that start at once fetch once
                List<NativeJar> missing = jars.stream()
                        .filter(jar -> !Files.exists(folder.resolve(jar.name())))
                        .toList();
                if (!missing.isEmpty()) {
                    err.println("fetching libtorch's natives, once, into " + folder + " …");
                }
                for (NativeJar jar : missing) {
                    fetch(jar, folder);
                }
            }
        } catch (IOException e) {
            throw new InputException(
                    folder + " cannot be written: " + InputException.reason(e)
                            + ". COGENT_NATIVES names another folder for the natives",
                    e);
        }
    }

    private void fetch(NativeJar jar, Path folder) throws IOException {
        URI address = repository.resolve(jar.path());
        Path part = folder.resolve(jar.name() + ".part");
        try (InputStream in = open(address, jar)) {
            Files.copy(in, part, StandardCopyOption.REPLACE_EXISTING);
            String hash = Sha256.hex(part);
            if (!hash.equals(jar.sha256())) {
                throw new InputException(address + " is not the file that belongs to this version (SHA-256 " + hash
                        + ", expected " + jar.sha256() + "); nothing of it was kept");
            }
            Files.move(part, folder.resolve(jar.name()), StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(part);
        }
    }

    private InputStream open(URI address, NativeJar jar) {
        try {
            URLConnection connection = address.toURL().openConnection();
            connection.setConnectTimeout(CONNECT_MS);
            connection.setReadTimeout(STALL_MS);
            InputStream in = connection.getInputStream();
            err.printf("  %s (%d MB)%n", jar.name(), Math.ceilDiv(connection.getContentLengthLong(), 1_000_000L));
            return in;
        } catch (IOException e) {
            throw new InputException(
                    address + " cannot be fetched: " + InputException.reason(e)
                            + ". Is there a network? COGENT_MAVEN names a mirror of Maven Central; what was fetched is"
                            + " kept, the same command continues",
                    e);
        }
    }
}
