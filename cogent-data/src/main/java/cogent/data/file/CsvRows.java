package cogent.data.file;

import cogent.data.InputException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.MappingIterator;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.csv.CsvMapper;
import tools.jackson.dataformat.csv.CsvReadFeature;
import tools.jackson.dataformat.csv.CsvSchema;

/**
 * A CSV file with a header, separated by commas, or by the semicolons or tabs that its header holds instead. Every value
 * stays the text that it is; a line of more or fewer values than the header is refused.
 */
final class CsvRows implements RowSource {
    private final Path file;
    private final Consumer<RefusedRow> refused;
    private final MappingIterator<String[]> rows;
    private final List<String> names;
    private long line;
    private long number;

    /** @param head the file's first bytes, to see what separates the columns */
    CsvRows(Path file, InputStream in, byte[] head, Consumer<RefusedRow> refused) {
        this.file = file;
        this.refused = refused;
        CsvMapper mapper =
                CsvMapper.builder().enable(CsvReadFeature.WRAP_AS_ARRAY).build();
        CsvSchema schema = CsvSchema.emptySchema().withColumnSeparator(separator(head));
        try {
            this.rows = mapper.readerFor(String[].class).with(schema).readValues(in);
        } catch (JacksonException e) {
            throw unreadable(e);
        }
        String[] header = values();
        this.names = header == null ? List.of() : names(header);
        Set<String> seen = new HashSet<>();
        for (String name : names) {
            if (!seen.add(name)) {
                throw new InputException(file + ": line 1 two columns are named \"" + name + "\"");
            }
        }
    }

    /** Without the blanks around them; spreadsheets leave columns without a name. */
    private static List<String> names(String[] header) {
        return IntStream.range(0, header.length)
                .mapToObj(i -> header[i].isBlank() ? "column " + (i + 1) : header[i].strip())
                .toList();
    }

    private static char separator(byte[] head) {
        String header = new String(head, StandardCharsets.UTF_8)
                .lines()
                .findFirst()
                .orElse("")
                .replaceAll("\"[^\"]*\"", "");
        return header.indexOf(',') >= 0 ? ',' : header.indexOf('\t') >= 0 ? '\t' : header.indexOf(';') >= 0 ? ';' : ',';
    }

    @Override
    public @Nullable Row next() {
        while (true) {
            String[] values = values();
            if (values == null) {
                return null;
            }
            if (values.length == 1 && values[0].isBlank()) {
                continue; // an empty line
            }
            number++;
            if (values.length == names.size()) {
                ObjectNode fields = RowJson.MAPPER.createObjectNode();
                for (int i = 0; i < values.length; i++) {
                    fields.put(names.get(i), values[i]);
                }
                return new Row(file, number, fields);
            }
            refused.accept(new RefusedRow(
                    file.toString(),
                    number,
                    "%d values, where the header has %d (line %d of the file)"
                            .formatted(values.length, names.size(), line)));
        }
    }

    private String @Nullable [] values() {
        try {
            if (!rows.hasNextValue()) {
                return null;
            }
            line = rows.parser().currentTokenLocation().getLineNr() + 1L; // it still stands behind the line before
            return rows.nextValue();
        } catch (JacksonException e) {
            throw unreadable(e);
        }
    }

    private InputException unreadable(JacksonException e) {
        return new InputException(file + ": line " + Math.max(1, line) + " not CSV: " + RowJson.describe(e), e);
    }

    @Override
    public void close() {
        rows.close();
    }
}
