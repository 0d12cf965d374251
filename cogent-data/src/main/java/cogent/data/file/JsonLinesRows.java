package cogent.data.file;

import cogent.data.InputException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** JSON Lines: one object a line, blank lines ignored, memory bounded by the longest line. */
final class JsonLinesRows implements RowSource {
    /** A longer line is not a row of text but a mistake; it is skipped without being held. */
    static final int MAX_LINE_BYTES = 64 << 20;

    private final Path file;
    private final InputStream in;
    private final Consumer<RefusedRow> refused;
    private final byte[] buffer = new byte[1 << 16];
    private int position;
    private int limit;
    private byte[] line = new byte[1 << 12];
    private int length;
    private boolean tooLong;
    private long number;

    JsonLinesRows(Path file, InputStream in, Consumer<RefusedRow> refused) {
        this.file = file;
        this.in = in;
        this.refused = refused;
    }

    @Override
    public @Nullable Row next() {
        try {
            while (readLine()) {
                number++;
                Row row = parse();
                if (row != null) {
                    return row;
                }
            }
            return null;
        } catch (EOFException e) {
            throw new InputException(file + ": the gzip data ends early, after line " + number
                    + "; the file was cut off: copy or download it again");
        } catch (ZipException e) {
            throw new InputException(
                    file + ": the gzip data is damaged after line " + number + ": " + InputException.reason(e));
        } catch (IOException e) {
            throw InputException.unreadable(file, e);
        }
    }

    private @Nullable Row parse() {
        String text;
        try {
            if (tooLong) {
                throw new InputException("longer than " + (MAX_LINE_BYTES >> 20) + " MiB");
            }
            text = text();
            if (text.isBlank()) {
                return null;
            }
            JsonNode node = RowJson.MAPPER.readTree(text);
            if (node instanceof ObjectNode object) {
                return new Row(file, number, object);
            }
            throw new InputException(
                    "not a JSON object but of type " + node.getNodeType().name().toLowerCase(Locale.ROOT));
        } catch (JacksonException e) {
            refused.accept(new RefusedRow(file.toString(), number, "not JSON: " + RowJson.describe(e)));
        } catch (InputException e) {
            refused.accept(new RefusedRow(file.toString(), number, String.valueOf(e.getMessage())));
        }
        return null;
    }

    private String text() {
        ByteBuffer bytes = ByteBuffer.wrap(line, 0, length);
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
        } catch (CharacterCodingException e) {
            throw new InputException("not UTF-8 at byte " + (bytes.position() + 1), e);
        }
    }

    /** Fills {@link #line} without its end of line; false at the end of the file. */
    private boolean readLine() throws IOException {
        length = 0;
        tooLong = false;
        boolean any = false;
        while (position < limit || fill()) {
            any = true;
            int end = position;
            while (end < limit && buffer[end] != '\n') {
                end++;
            }
            keep(position, end);
            position = end;
            if (end < limit) {
                position++;
                return true;
            }
        }
        return any;
    }

    private boolean fill() throws IOException {
        position = 0;
        limit = in.read(buffer);
        return limit > 0;
    }

    private void keep(int from, int to) {
        int count = to - from;
        tooLong |= length + count > MAX_LINE_BYTES;
        if (tooLong) {
            return;
        }
        if (length + count > line.length) {
            line = Arrays.copyOf(line, Math.max(length + count, 2 * line.length));
        }
        System.arraycopy(buffer, from, line, length, count);
        length += count;
    }

    @Override
    public void close() {
        try {
            in.close();
        } catch (IOException e) {
            throw InputException.unreadable(file, e);
        }
    }
}
