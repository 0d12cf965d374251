package cogent.eval;

import cogent.data.AtomicFile;
import cogent.data.InputException;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * The results while they come in, in the order of coming ({@code NAME.part}); in the end the results file in the order of
 * the problems. Replies stay on disk: only their places are held. A line cut off by a crash is ignored.
 */
final class ResultLog implements AutoCloseable {
    private static final JsonMapper JSON = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private final Path target;
    private final Path part;
    private final RandomAccessFile log;
    private final Map<String, Long> places = new HashMap<>();

    private ResultLog(Path target, Path part) throws IOException {
        this.target = target;
        this.part = part;
        this.log = new RandomAccessFile(part.toFile(), "rw");
        index();
    }

    static ResultLog open(Path target) {
        Path part = target.resolveSibling(target.getFileName() + ".part");
        try {
            Files.createDirectories(target.toAbsolutePath().resolveSibling("."));
            if (!Files.exists(part) && Files.exists(target)) {
                try (AtomicFile whole = AtomicFile.create(part)) { // half of it would be taken for all
                    Files.copy(target, whole.stream());
                    whole.commit();
                }
            }
            return new ResultLog(target, part);
        } catch (IOException e) {
            throw new InputException(target + ": cannot be written (" + InputException.reason(e) + ")", e);
        }
    }

    private void index() throws IOException {
        try (var in = Files.newInputStream(part);
                var buffered = new BufferedInputStream(in, 1 << 16)) {
            long start = 0;
            long end = 0;
            var line = new ByteArrayOutputStream();
            for (int c = buffered.read(); c >= 0; c = buffered.read()) {
                end++;
                line.write(c);
                if (c == '\n') {
                    place(line.toByteArray(), start);
                    start = end;
                    line.reset();
                }
            }
            log.setLength(start);
        }
    }

    /** A damaged line is no result: its question is asked again. */
    private void place(byte[] line, long start) {
        try {
            places.put(JSON.readTree(line).path("key").asString(""), start);
        } catch (JacksonException e) {
            return;
        }
    }

    /** The stored row, if there is one. */
    synchronized Optional<ResultRow> find(String key) {
        Long place = places.get(key);
        if (place == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(JSON.readValue(line(place), ResultRow.class));
        } catch (JacksonException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw failed(e);
        }
    }

    /** Takes what another log holds and this one does not. */
    void take(ResultLog other) {
        for (String key : List.copyOf(other.places.keySet())) {
            if (find(key).isEmpty()) {
                other.find(key).ifPresent(this::add);
            }
        }
    }

    private byte[] line(long place) throws IOException {
        log.seek(place);
        var bytes = new ByteArrayOutputStream();
        byte[] chunk = new byte[1 << 13];
        while (true) {
            int count = log.read(chunk);
            for (int i = 0; i < count; i++) {
                if (chunk[i] == '\n') {
                    bytes.write(chunk, 0, i);
                    return bytes.toByteArray();
                }
            }
            if (count < 0) {
                return bytes.toByteArray();
            }
            bytes.write(chunk, 0, count);
        }
    }

    /** Durable against the end of the process when it returns. */
    synchronized void add(ResultRow row) {
        try {
            long place = log.length();
            log.seek(place);
            log.write((JSON.writeValueAsString(row) + "\n").getBytes(StandardCharsets.UTF_8));
            places.put(row.key(), place);
        } catch (IOException e) {
            throw failed(e);
        }
    }

    /** Writes the results file with the rows of these keys, in this order, and drops the rest. */
    synchronized void finish(List<String> keys) {
        try (AtomicFile file = AtomicFile.create(target)) {
            for (String key : keys) {
                Long place = places.get(key);
                if (place == null) {
                    throw new IllegalStateException("no result for " + key);
                }
                file.stream().write(line(place));
                file.stream().write('\n');
            }
            file.commit();
            log.close();
            Files.delete(part);
        } catch (IOException e) {
            throw failed(e);
        }
    }

    private InputException failed(IOException e) {
        return new InputException(part + ": " + InputException.reason(e), e);
    }

    @Override
    public void close() {
        try {
            log.close();
        } catch (IOException e) {
            throw failed(e);
        }
    }
}
