package cogent.serve;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/**
 * Whether the client of an answer that has not begun still waits for it. The JDK's server tells only on writing, and there
 * is nothing to write yet; the system's table of connections tells without. Where there is no such table (it is Linux's)
 * every client is believed to wait.
 */
final class Disconnect implements BooleanSupplier {
    private static final List<Path> TABLES = List.of(Path.of("/proc/self/net/tcp"), Path.of("/proc/self/net/tcp6"));
    private static final String ESTABLISHED = "01";
    private static final long EVERY_NANOS = 500_000_000;

    private final String local;
    private final String remote;
    private long lookedAt = System.nanoTime();
    private boolean gone;

    Disconnect(InetSocketAddress local, InetSocketAddress remote) {
        this.local = port(local);
        this.remote = port(remote);
    }

    /** As the table writes it, after the address. */
    private static String port(InetSocketAddress address) {
        return ":%04X".formatted(address.getPort());
    }

    /** Looked up twice a second; a client that left does not come back. */
    @Override
    public synchronized boolean getAsBoolean() {
        if (!gone && System.nanoTime() - lookedAt > EVERY_NANOS) {
            lookedAt = System.nanoTime();
            gone = TABLES.stream().anyMatch(Files::isReadable)
                    && TABLES.stream().noneMatch(this::holds);
        }
        return gone;
    }

    private boolean holds(Path table) {
        try (Stream<String> lines = Files.lines(table, StandardCharsets.US_ASCII)) {
            return lines.map(line -> line.strip().toUpperCase(Locale.ROOT).split("\\s+"))
                    .anyMatch(row -> row.length > 3
                            && row[1].endsWith(local)
                            && row[2].endsWith(remote)
                            && row[3].equals(ESTABLISHED));
        } catch (IOException e) {
            return Files.exists(table); // cannot tell: believed to wait
        }
    }
}
