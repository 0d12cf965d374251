package cogent.model.hub;

import cogent.data.InputException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The contents of one file, fetched into the cache: continued where an earlier try ended, checked against its hash, and
 * visible only when whole.
 *
 * @param etag its name in the cache: SHA-256 of what lies in large-file storage, git's SHA-1 of the rest
 * @param size bytes; -1 when the hub does not say
 */
record HubBlob(String file, URI address, String etag, long size) {
    private static final Duration STALL = Duration.ofSeconds(60);
    private static final int TRIES = 5;

    /** What is being fetched by a thread of this process: a file's lock holds off other processes only. */
    private static final Map<Path, Object> HERE = new ConcurrentHashMap<>();

    /**
     * @param http for the transfer
     * @throws InputException when the bytes are not those that the hub announces
     */
    void fetch(HubHttp http, HubRepo repo, HubCache cache, HubProgress progress) throws IOException {
        synchronized (HERE.computeIfAbsent(cache.lock(etag).toAbsolutePath(), _ -> new Object())) {
            fetchAlone(http, repo, cache, progress);
        }
    }

    private void fetchAlone(HubHttp http, HubRepo repo, HubCache cache, HubProgress progress) throws IOException {
        Path blob = cache.blob(etag);
        Files.createDirectories(blob.getParent());
        Path part = part(cache);
        Path lock = cache.lock(etag); // it stays, as those of Python do: whoever waits must not wait on a removed file
        Files.createDirectories(lock.getParent());
        try (FileChannel channel = FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock _ = channel.lock()) { // another process fetches the same: its result is ours
            if (Files.exists(blob)) {
                return;
            }
            long had = size(part);
            for (int attempt = 1; ; attempt++) {
                try {
                    transfer(http, repo, part, progress);
                    break;
                } catch (HubUnreachable e) {
                    throw e;
                } catch (IOException e) {
                    if (full(e) || attempt == TRIES) {
                        throw e;
                    }
                    attempt = size(part) > had ? 0 : attempt; // a line that breaks often still brings it all
                    had = size(part);
                }
            }
            check(part);
            Files.move(part, blob, StandardCopyOption.ATOMIC_MOVE);
        }
    }

    private Path part(HubCache cache) {
        return cache.blob(etag).resolveSibling(etag + ".cogent.incomplete");
    }

    /** Bytes that an earlier try has left, where they can be a beginning. */
    long fetched(HubCache cache) throws IOException {
        long have = size(part(cache));
        return have > size ? 0 : have;
    }

    private static long size(Path part) throws IOException {
        return Files.exists(part) ? Files.size(part) : 0;
    }

    /** Whether a failure is the disk's, not the network's. */
    static boolean full(IOException e) {
        return e instanceof FileSystemException
                || String.valueOf(e.getMessage()).contains("No space left");
    }

    private void transfer(HubHttp http, HubRepo repo, Path part, HubProgress progress) throws IOException {
        long have = size(part) > size ? 0 : size(part); // more than there can be: begun anew
        if (have > 0 && have == size) {
            return;
        }
        HttpRequest.Builder request = HttpRequest.newBuilder(address);
        if (have > 0) {
            request.header("Range", "bytes=" + have + "-");
        }
        HttpResponse<InputStream> response = http.send(repo, request.build(), BodyHandlers.ofInputStream(), true);
        boolean continued = response.statusCode() == 206;
        AtomicLong done = new AtomicLong(continued ? have : 0);
        try (InputStream in = response.body();
                var out = Files.newOutputStream(
                        part,
                        StandardOpenOption.CREATE,
                        continued ? StandardOpenOption.APPEND : StandardOpenOption.TRUNCATE_EXISTING,
                        StandardOpenOption.WRITE)) {
            Thread watch = watch(in, done);
            try {
                byte[] buffer = new byte[1 << 18];
                for (int n = read(in, buffer, done); n >= 0; n = read(in, buffer, done)) {
                    out.write(buffer, 0, n);
                    progress.moved(file, done.addAndGet(n), size);
                }
            } finally {
                watch.interrupt();
            }
        }
        if (size >= 0 && Files.size(part) < size) {
            throw brokenOff(done.get(), "it ended early");
        }
    }

    private int read(InputStream in, byte[] buffer, AtomicLong done) throws IOException {
        try {
            return in.read(buffer);
        } catch (IOException e) {
            throw brokenOff(done.get(), InputException.reason(e));
        }
    }

    private IOException brokenOff(long done, String why) {
        return new IOException(
                "the transfer of %s breaks off at %,d of %,d bytes (%s)".formatted(file, done, size, why));
    }

    /** Ends a transfer that brings nothing any more; it is then continued by a new one. */
    private static Thread watch(InputStream in, AtomicLong done) {
        return Thread.ofVirtual().start(() -> {
            try {
                for (long seen = -1; done.get() != seen; Thread.sleep(STALL)) {
                    seen = done.get();
                }
                in.close();
            } catch (InterruptedException | IOException e) {
                Thread.currentThread().interrupt(); // the transfer is over
            }
        });
    }

    private void check(Path part) throws IOException {
        String found = switch (etag.length()) {
            case 64 -> hash(part, "SHA-256", "");
            case 40 -> hash(part, "SHA-1", "blob " + Files.size(part) + "\0");
            default -> etag; // a hub of another kind: nothing to hold it against
        };
        if (!found.equals(etag)) {
            Files.delete(part);
            throw new InputException(file + " from " + address + " has the hash " + found + ", the hub says " + etag
                    + ": it was damaged on the way and is removed. Run this again.");
        }
    }

    private static String hash(Path part, String algorithm, String header) throws IOException {
        try (InputStream in = Files.newInputStream(part)) {
            MessageDigest digest = MessageDigest.getInstance(algorithm);
            digest.update(header.getBytes(java.nio.charset.StandardCharsets.US_ASCII));
            byte[] buffer = new byte[1 << 20];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                digest.update(buffer, 0, n);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has " + algorithm, e);
        }
    }
}
