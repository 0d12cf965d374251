package cogent.llm.store;

import cogent.data.InputException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * One process at a time writes into a run directory. The system releases the lock when the process dies, however it
 * dies; the file {@code run.lock} stays and only names the last holder.
 */
public final class RunLock implements AutoCloseable {
    /** Locked far behind the text, for where locks are mandatory the text must stay readable. */
    private static final long LOCKED_BYTE = Long.MAX_VALUE - 1;

    /**
     * What this process holds. Closing any channel on a file gives up all of a process's locks on it, on some systems, so that
     * the file of a directory that is held here must not be opened again.
     */
    private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

    private final Path directory;
    private final FileChannel channel;

    private RunLock(Path directory, FileChannel channel) {
        this.directory = directory;
        this.channel = channel;
    }

    /** @throws InputException when the directory cannot be written, or another process holds it */
    public static RunLock take(Path runDirectory) {
        FileChannel channel = null;
        Path directory = runDirectory.toAbsolutePath().normalize();
        if (!HELD.add(directory)) {
            throw inUse(runDirectory, "pid " + ProcessHandle.current().pid());
        }
        boolean taken = false;
        try {
            Files.createDirectories(runDirectory);
            channel = FileChannel.open(
                    runDirectory.resolve("run.lock"),
                    StandardOpenOption.CREATE,
                    StandardOpenOption.READ,
                    StandardOpenOption.WRITE);
            if (!locked(channel)) {
                String holder = holder(channel);
                channel.close();
                throw inUse(runDirectory, holder);
            }
            channel.truncate(0);
            byte[] pid = ("pid " + ProcessHandle.current().pid()).getBytes(StandardCharsets.US_ASCII);
            channel.write(ByteBuffer.wrap(pid), 0);
            taken = true;
            return new RunLock(directory, channel);
        } catch (IOException e) {
            closeQuietly(channel);
            throw new InputException(
                    "cannot write in the run directory " + runDirectory + " (" + why(e)
                            + "). Is it a directory that you may write, is there space left?",
                    e);
        } finally {
            if (!taken) {
                HELD.remove(directory);
            }
        }
    }

    private static InputException inUse(Path runDirectory, String holder) {
        return new InputException(runDirectory + " is in use by another Cogent process (" + holder
                + "). Wait for it, or give this run another directory.");
    }

    /** Whether some process writes into the directory now; a directory that may not be written is nobody's. */
    public static boolean isHeld(Path runDirectory) {
        Path directory = runDirectory.toAbsolutePath().normalize();
        if (HELD.contains(directory)) {
            return true;
        }
        try (FileChannel channel =
                FileChannel.open(directory.resolve("run.lock"), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            return !locked(channel);
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public void close() {
        closeQuietly(channel);
        HELD.remove(directory);
    }

    private static boolean locked(FileChannel channel) throws IOException {
        try {
            FileLock lock = channel.tryLock(LOCKED_BYTE, 1, false);
            return lock != null;
        } catch (OverlappingFileLockException e) {
            return false;
        }
    }

    private static String holder(FileChannel channel) throws IOException {
        var text = ByteBuffer.allocate(32);
        channel.read(text, 0);
        String holder = new String(text.array(), 0, text.position(), StandardCharsets.US_ASCII);
        return holder.isBlank() ? "pid unknown" : holder;
    }

    private static String why(IOException e) {
        if (e instanceof FileAlreadyExistsException) {
            return "there is a file of that name";
        }
        return InputException.reason(e);
    }

    private static void closeQuietly(@Nullable FileChannel channel) {
        try {
            if (channel != null) {
                channel.close();
            }
        } catch (IOException e) {
            // nothing was promised about the lock file; closing releases the lock in any case
        }
    }
}
