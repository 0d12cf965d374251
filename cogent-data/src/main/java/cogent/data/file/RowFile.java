package cogent.data.file;

import cogent.data.InputException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Reads the rows of a JSON Lines file (plain or gzip), a JSON array file, a Parquet or CSV file (plain or gzip), one at a time. The kind is
 * told by the first bytes, not by the name; CSV alone has none that tell and goes by its name.
 */
public final class RowFile {
    /**
     * What people have in a file of that name instead.
     *
     * @param head how it begins, each byte a character
     */
    private record Other(Pattern head, String advice) {
        static Other of(String head, String advice) {
            return new Other(Pattern.compile(head), advice);
        }
    }

    private static final List<Other> OTHERS = List.of(
            Other.of(
                    "version https://git-lfs",
                    "is a pointer of Git LFS, not the file itself: `git lfs pull` in its folder fetches that"),
            Other.of("PK\\x03\\x04", "is a ZIP archive or a spreadsheet: unpack it, or save it as CSV"),
            Other.of("ARROW1|\\xff{4}", "is an Arrow file: save it as Parquet or JSON Lines"),
            Other.of(
                    "\\x28\\xb5\\x2f\\xfd|BZh[1-9]|\\xfd7zXZ\\x00",
                    "is compressed with zstd, bzip2 or xz: unpack it, or pack it with gzip"),
            Other.of("(?i)\\s*<(?:!doctype|html)\\b", "is a web page: download the file itself"));

    private RowFile() {}

    /**
     * The rows in file order. Close the stream. What is no JSON object goes to {@code refused} as the stream is read.
     *
     * @throws InputException now or while reading, when the file is missing, a folder, not text, or cut off
     */
    public static Stream<Row> open(Path file, Consumer<RefusedRow> refused) {
        RowSource source = source(file, refused);
        Spliterator<Row> rows = new Spliterators.AbstractSpliterator<>(Long.MAX_VALUE, Spliterator.ORDERED) {
            private boolean ended; // a stream may ask again; the end of a file is told once

            @Override
            public boolean tryAdvance(Consumer<? super Row> action) {
                Row row = ended ? null : source.next();
                if (row == null) {
                    ended = true;
                    return false;
                }
                action.accept(row);
                return true;
            }
        };
        return StreamSupport.stream(rows, false).onClose(source::close);
    }

    /** Like {@link #open(Path, Consumer)}, for files in which every row must be sound. */
    public static Stream<Row> open(Path file) {
        return open(file, RowFile::fail);
    }

    /** Stops at a refused row. */
    static void fail(RefusedRow row) {
        throw new InputException(row.file() + ": " + row.describe());
    }

    private static RowSource source(Path file, Consumer<RefusedRow> refused) {
        if (Files.isDirectory(file)) {
            throw new InputException(
                    file + ": is a folder; name a .jsonl, .jsonl.gz, .json, .csv or .parquet file in it,"
                            + " or in a recipe several of one kind, as " + file + "/train-*.parquet");
        }
        if (!Files.exists(file)) {
            throw new InputException(file + ": no such file");
        }
        InputStream in = null;
        try {
            in = new BufferedInputStream(Files.newInputStream(file), 1 << 16);
            byte[] head = peek(in, 64);
            refuseOther(file, new String(head, StandardCharsets.ISO_8859_1));
            if (startsWith(head, 'P', 'A', 'R', '1')) {
                in.close();
                return new DuckRows(file);
            }
            if (startsWith(head, 0x1f, 0x8b)) {
                in = new BufferedInputStream(new GZIPInputStream(in, 1 << 16), 1 << 16);
                head = peek(in, 4);
            }
            if (startsWith(head, 0xff, 0xfe) || startsWith(head, 0xfe, 0xff)) {
                throw new InputException(file + ": is UTF-16; save it as UTF-8");
            }
            if (startsWith(head, 0xef, 0xbb, 0xbf)) {
                in.skipNBytes(3);
            }
            if (file.toString().matches("(?i).*\\.[ct]sv(\\.gz)?")) {
                return new CsvRows(file, in, peek(in, 1 << 15), refused);
            }
            return beginsAnArrayOfRows(in)
                    ? new JsonArrayRows(file, in, refused)
                    : new JsonLinesRows(file, in, refused);
        } catch (IOException e) {
            closeQuietly(in);
            throw InputException.unreadable(file, e);
        } catch (InputException e) {
            closeQuietly(in);
            throw e;
        }
    }

    private static void refuseOther(Path file, String head) {
        OTHERS.stream()
                .filter(other -> other.head.matcher(head).lookingAt())
                .findFirst()
                .ifPresent(other -> {
                    throw new InputException(file + ": " + other.advice);
                });
    }

    private static byte[] peek(InputStream in, int count) throws IOException {
        in.mark(count);
        byte[] bytes = in.readNBytes(count);
        in.reset();
        return bytes;
    }

    private static boolean startsWith(byte[] head, int... magic) {
        for (int i = 0; i < magic.length; i++) {
            if (i >= head.length || (head[i] & 0xff) != magic[i]) {
                return false;
            }
        }
        return true;
    }

    /** {@code [} and then an object or nothing: a line such as {@code [1,2]} is a bad row of JSON Lines, not an array of rows. */
    private static boolean beginsAnArrayOfRows(InputStream in) throws IOException {
        String start = new String(peek(in, 1024), StandardCharsets.ISO_8859_1).strip();
        if (!start.startsWith("[")) {
            return false;
        }
        String inside = start.substring(1).strip();
        return inside.isEmpty() || inside.startsWith("{") || inside.startsWith("]");
    }

    private static void closeQuietly(@Nullable InputStream in) {
        try (in) {
            return;
        } catch (IOException e) {
            return; // the first failure is the one to tell
        }
    }
}
