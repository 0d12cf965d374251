package cogent.train.state;

import static java.nio.charset.StandardCharsets.UTF_8;

import cogent.data.InputException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/**
 * A {@code metrics.jsonl}: one object a line, readable while training goes on. Whoever writes it holds its folder for one run:
 * a second one at the same time would take its checkpoints away.
 */
public final class MetricsLog implements AutoCloseable {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** Where nobody reads, since some systems let none read what is locked. */
    private static final long LOCKED = Long.MAX_VALUE - 1;

    private final Path path;
    private final RandomAccessFile file;

    /** @throws InputException when it cannot be written, or another training writes it */
    public MetricsLog(Path path) {
        this.path = path;
        try {
            Files.createDirectories(path.toAbsolutePath().resolveSibling("."));
            this.file = new RandomAccessFile(path.toFile(), "rw");
        } catch (IOException e) {
            throw new InputException(path + ": cannot be written (" + InputException.reason(e) + ")", e);
        }
        if (!locks()) {
            close();
            throw new InputException(path + ": another training writes here. Wait for it, or name a folder of its own");
        }
    }

    private boolean locks() {
        try {
            return file.getChannel().tryLock(LOCKED, 1, false) != null;
        } catch (OverlappingFileLockException e) {
            return false;
        } catch (IOException e) {
            return true; // a file system without locks
        }
    }

    /** Goes on after so many bytes; what stands behind them belongs to steps that will be taken again. */
    public void truncate(long position) {
        try {
            file.setLength(Math.min(position, file.length()));
            file.seek(file.length());
        } catch (IOException e) {
            throw new InputException(path + ": cannot be written (" + InputException.reason(e) + ")", e);
        }
    }

    public void write(Map<String, Double> metrics) {
        try {
            file.write((JSON.writeValueAsString(metrics) + "\n").getBytes(UTF_8));
        } catch (IOException e) {
            throw failed(e);
        }
    }

    /** Makes the lines durable and returns where the next one will stand. */
    public long sync() {
        try {
            file.getFD().sync();
            return file.getFilePointer();
        } catch (IOException e) {
            throw failed(e);
        }
    }

    private UncheckedIOException failed(IOException e) {
        return new UncheckedIOException(path + ": cannot be written (" + InputException.reason(e) + ")", e);
    }

    @Override
    public void close() {
        try {
            file.close();
        } catch (IOException e) {
            throw failed(e);
        }
    }
}
