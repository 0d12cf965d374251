package cogent.data;

import java.io.BufferedOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A file that is either there whole or not there at all: written under a temporary name beside the target, synced, then
 * renamed. Closing without {@link #commit()} leaves the target as it was. An interrupt of the thread does no harm.
 */
public final class AtomicFile implements AutoCloseable {
    private static final Pattern TEMPORARY = Pattern.compile("\\..+\\.(\\d{1,10})-\\d+\\.tmp");

    private final Path target;
    private final Path temporary;
    private final FileOutputStream file;
    private final OutputStream out;

    private AtomicFile(Path target, Path temporary, FileOutputStream file) {
        this.target = target;
        this.temporary = temporary;
        this.file = file;
        this.out = new BufferedOutputStream(file, 1 << 16);
    }

    /**
     * What is renamed onto a target takes its place, which is a file's only: of a device, such as /dev/stdout, whoever may
     * would make a file for all programs of the machine.
     *
     * @throws InputException when something else is there
     */
    public static void requireFileOrNothing(Path target) {
        if (Files.isDirectory(target)) {
            throw new InputException(target + ": is a folder, a file name is needed");
        }
        if (Files.exists(target) && !Files.isRegularFile(target)) {
            throw new InputException(target + ": is a device or a pipe, a file name is needed");
        }
    }

    /** @throws InputException when something else than a file is there, or the folder cannot be made or written */
    public static AtomicFile create(Path target) {
        Path absolute = target.toAbsolutePath();
        Path folder = absolute.getParent();
        requireFileOrNothing(target);
        if (folder == null) {
            throw new InputException(target + ": is a folder, a file name is needed");
        }
        Path temporary = folder.resolve(
                "." + absolute.getFileName() + "." + ProcessHandle.current().pid() + "-" + System.nanoTime() + ".tmp");
        try {
            Files.createDirectories(folder);
            Files.createFile(temporary);
            return new AtomicFile(absolute, temporary, new FileOutputStream(temporary.toFile()));
        } catch (IOException e) {
            throw new InputException(target + ": cannot be written (" + InputException.reason(e) + ")", e);
        }
    }

    /** Writes a whole text in UTF-8, as {@link #write(Path, byte[])}. */
    public static void write(Path target, String text) {
        write(target, text.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Writes a whole file.
     *
     * @throws InputException when the folder cannot be made or written
     * @throws UncheckedIOException when the content cannot, as on a full disk
     */
    public static void write(Path target, byte[] content) {
        try (AtomicFile file = create(target)) {
            file.out.write(content);
            file.commit();
        } catch (IOException e) {
            throw new UncheckedIOException(target + ": " + InputException.reason(e), e);
        }
    }

    /**
     * Removes what killed processes left half written anywhere under a folder.
     *
     * @param folder that no other process of this machine writes into
     */
    public static void removeAbandoned(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(AtomicFile::isAbandoned).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException | UncheckedIOException e) {
            return; // rubbish that cannot be looked for or removed is in nobody's way
        }
    }

    /** Of a process that is not alive, or had this one's number before it. */
    private static boolean isAbandoned(Path file) {
        Matcher name = TEMPORARY.matcher(String.valueOf(file.getFileName()));
        if (!name.matches()) {
            return false;
        }
        long pid = Long.parseLong(name.group(1));
        return pid == ProcessHandle.current().pid() || ProcessHandle.of(pid).isEmpty();
    }

    /** Where the content goes; buffered, closed by this file. */
    public OutputStream stream() {
        return out;
    }

    /** Makes the content durable and visible under its name. */
    public void commit() {
        try {
            out.flush();
            file.getFD().sync();
            out.close();
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            syncFolder();
        } catch (IOException e) {
            throw new UncheckedIOException(target + ": " + InputException.reason(e), e);
        }
    }

    /** Without this the rename itself may be lost with the power; not every file system allows it. */
    private void syncFolder() {
        try (FileChannel folder = FileChannel.open(target.resolveSibling("."), StandardOpenOption.READ)) {
            folder.force(true);
        } catch (IOException e) {
            // the content is safe; only the rename's durability is the file system's own business here
            return;
        }
    }

    @Override
    public void close() {
        try {
            file.close();
            Files.deleteIfExists(temporary);
        } catch (IOException e) {
            throw new UncheckedIOException(temporary + ": " + InputException.reason(e), e);
        }
    }
}
