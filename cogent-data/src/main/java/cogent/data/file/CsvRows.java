package cogent.data.file;

import cogent.data.InputException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.MappingIterator;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.csv.CsvMapper;
import tools.jackson.dataformat.csv.CsvReadFeature;
import tools.jackson.dataformat.csv.CsvSchema;

/**
 * A CSV file with a header, separated by commas, or by the semicolons, tabs or bars of which its header holds more, or
 * by what its first line says as spreadsheets do ({@code sep=;}). Every value stays the text that it is; a line of more or
 * fewer values than the header is refused, one of empty values alone is none.
 */
final class CsvRows implements RowSource {
    private static final Pattern SEPARATOR = Pattern.compile("(?i)\"?sep=(.)\"?");

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
        String first =
                new String(head, StandardCharsets.UTF_8).lines().findFirst().orElse("");
        Matcher told = SEPARATOR.matcher(first);
        CsvSchema schema = CsvSchema.emptySchema()
                .withColumnSeparator(told.matches() ? told.group(1).charAt(0) : separator(first));
        try {
            this.rows = mapper.readerFor(String[].class).with(schema).readValues(in);
        } catch (JacksonException e) {
            throw unreadable(e);
        }
        if (told.matches()) {
            values(); // it is no header
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

    /** What the header holds most of: a name may have a comma in it. */
    private static char separator(String line) {
        String header = line.replaceAll("\"[^\"]*\"", "");
        char most = ',';
        for (char each : new char[] {'\t', ';', '|'}) {
            most = count(header, each) > count(header, most) ? each : most;
        }
        return most;
    }

    private static long count(String text, char one) {
        return text.chars().filter(each -> each == one).count();
    }

    @Override
    public @Nullable Row next() {
        while (true) {
            String[] values = values();
            if (values == null) {
                return null;
            }
            if (Arrays.stream(values).allMatch(String::isBlank)) {
                continue; // an empty line, or what a spreadsheet leaves of one: ;;;
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
        String fault = RowJson.describe(e);
        if (fault.startsWith("Invalid UTF-8")) {
            return new InputException(file + ": is not UTF-8; save it as CSV in UTF-8", e);
        }
        String rule = fault.contains("Expected column separator")
                ? ". A value with quotes in it stands in quotes, and each of its own is written twice: \"\""
                : "";
        return new InputException(file + ": line " + Math.max(1, line) + " not CSV: " + fault + rule, e);
    }

    @Override
    public void close() {
        rows.close();
    }
}
