package cogent.train.state;

import static java.nio.charset.StandardCharsets.UTF_8;

import cogent.data.InputException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/** A {@code metrics.jsonl}: one object a line, readable while training goes on. */
public final class MetricsLog implements AutoCloseable {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final FileChannel channel;

    /**
     * Opens the file for appending after so many bytes; what stands behind them belongs to steps that will be taken
     * again.
     */
    public MetricsLog(Path file, long position) {
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            channel.truncate(position);
            channel.position(Math.min(position, channel.size()));
        } catch (IOException e) {
            throw new InputException(file + ": cannot be written (" + InputException.reason(e) + ")", e);
        }
    }

    public void write(Map<String, Double> metrics) {
        ByteBuffer line = ByteBuffer.wrap((JSON.writeValueAsString(metrics) + "\n").getBytes(UTF_8));
        try {
            while (line.hasRemaining()) {
                channel.write(line);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write metrics: " + InputException.reason(e), e);
        }
    }

    /** Makes the lines durable and returns where the next one will stand. */
    public long sync() {
        try {
            channel.force(false);
            return channel.position();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write metrics: " + InputException.reason(e), e);
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
