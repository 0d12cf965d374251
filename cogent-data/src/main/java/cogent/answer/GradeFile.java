package cogent.answer;

import cogent.data.InputException;
import cogent.data.Row;
import cogent.data.RowFile;
import java.nio.file.Path;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** Compares the pairs of a JSON Lines file: {@code {"gold": …, "prediction": …}} a line. */
public final class GradeFile {
    /**
     * What is said of one line.
     *
     * @param verdict {@code equal}, {@code different} or {@code unknown}
     */
    public record Line(String verdict, String reason) {}

    private GradeFile() {}

    /**
     * One line out for every line in, in order.
     *
     * @throws InputException at the first line that is no such row; what stands before it was given
     */
    public static void run(Path input, Consumer<Line> out) {
        try (Stream<Row> rows = RowFile.open(input)) {
            rows.forEach(row -> {
                Verdict verdict = Equivalence.compare(field(row, "gold"), field(row, "prediction"));
                out.accept(new Line(verdict.kind().name().toLowerCase(Locale.ROOT), verdict.reason()));
            });
        }
    }

    private static String field(Row row, String name) {
        JsonNode value = row.fields().path(name);
        if (!value.isValueNode() || value.isNull()) {
            throw new InputException(row.file() + ": line " + row.line() + " no text in the field \"" + name + "\"");
        }
        return value.asString();
    }
}
