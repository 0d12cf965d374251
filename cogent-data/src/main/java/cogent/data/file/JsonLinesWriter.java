package cogent.data.file;

import cogent.data.AtomicFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.json.JsonMapper;

/**
 * Writes a JSON Lines file (one JSON value a line, UTF-8) atomically: nothing is visible under the name before
 * {@link #commit()}.
 */
public final class JsonLinesWriter implements AutoCloseable {
    private static final ObjectWriter JSON = JsonMapper.builder().build().writer();

    private final AtomicFile file;

    private JsonLinesWriter(AtomicFile file) {
        this.file = file;
    }

    public static JsonLinesWriter create(Path target) {
        return new JsonLinesWriter(AtomicFile.create(target));
    }

    /** @param value a JSON node, a record or a map */
    public void write(Object value) {
        try {
            file.stream().write(JSON.writeValueAsBytes(value));
            file.stream().write('\n');
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public void commit() {
        file.commit();
    }

    @Override
    public void close() {
        file.close();
    }
}
