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
import org.jspecify.annotations.Nullable;

/**
 * One process at a time writes into a run directory. The system releases the lock when the process dies, however it
 * dies; the file {@code run.lock} stays and only names the last holder.
 */
public final class RunLock implements AutoCloseable {
    /** Locked far behind the text, for where locks are mandatory the text must stay readable. */
    private static final long LOCKED_BYTE = Long.MAX_VALUE - 1;

    private final FileChannel channel;

    private RunLock(FileChannel channel) {
        this.channel = channel;
    }

    /** @throws InputException when the directory cannot be written, or another process holds it */
    public static RunLock take(Path runDirectory) {
        FileChannel channel = null;
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
                throw new InputException(runDirectory + " is in use by another Cogent process (" + holder
                        + "). Wait for it, or give this run another directory.");
            }
            channel.truncate(0);
            byte[] pid = ("pid " + ProcessHandle.current().pid()).getBytes(StandardCharsets.US_ASCII);
            channel.write(ByteBuffer.wrap(pid), 0);
            return new RunLock(channel);
        } catch (IOException e) {
            closeQuietly(channel);
            throw new InputException(
                    "cannot write in the run directory " + runDirectory + " (" + why(e)
                            + "). Is it a directory that you may write, is there space left?",
                    e);
        }
    }

    @Override
    public void close() {
        closeQuietly(channel);
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
