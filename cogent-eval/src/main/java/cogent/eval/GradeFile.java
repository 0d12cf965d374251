package cogent.eval;

import cogent.answer.Equivalence;
import cogent.answer.Verdict;
import cogent.data.InputException;
import cogent.data.file.Row;
import cogent.data.file.RowFile;
import java.nio.file.Path;
import java.util.List;
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
     * One line out for every row in, in order: a row that is no such pair gets {@code unknown} with what is wrong with it.
     *
     * @throws InputException when the file cannot be read; what stands before the fault was given
     */
    public static void run(Path input, Consumer<Line> out) {
        try (Stream<Row> rows = RowFile.open(input, refused -> out.accept(unknown(refused.describe())))) {
            rows.forEach(row -> out.accept(line(row)));
        }
    }

    private static Line line(Row row) {
        for (String name : List.of("gold", "prediction")) {
            JsonNode value = row.fields().path(name);
            if (value.isMissingNode() || value.isNull()) {
                return unknown("no \"" + name + "\" in line " + row.line());
            }
            if (!value.isValueNode()) {
                return unknown("\"" + name + "\" in line " + row.line() + " is no text or number");
            }
        }
        Verdict verdict = Equivalence.compare(
                row.fields().path("gold").asString(),
                row.fields().path("prediction").asString());
        return new Line(verdict.kind().name().toLowerCase(Locale.ROOT), verdict.reason());
    }

    private static Line unknown(String reason) {
        return new Line("unknown", reason);
    }
}
