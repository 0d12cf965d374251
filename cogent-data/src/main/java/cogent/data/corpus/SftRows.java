package cogent.data.corpus;

import cogent.data.InputException;
import cogent.data.SftRow;
import cogent.data.file.Row;
import cogent.data.file.RowFile;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Reads SFT rows: Cogent's own {@code prompt, completion}, or chat {@code messages} and {@code conversations} of one turn.
 */
public final class SftRows {
    private SftRows() {}

    /**
     * The rows in file order. Close the stream.
     *
     * @throws InputException now or while reading; every row must be sound
     */
    public static Stream<SftRow> read(Path file) {
        return RowFile.open(file).map(SftRows::row);
    }

    private static String prompt(Row row) {
        String prompt = Fields.text(row.fields().path("prompt"));
        if (prompt.isBlank() && !Fields.has(row.fields(), "prompt")) {
            throw new InputException(
                    "no prompt: rows to train on have prompt and completion, or messages; this row has "
                            + String.join(", ", row.fields().propertyNames())
                            + ". A corpus of problems is named in corpus.path");
        }
        return prompt;
    }

    private static SftRow row(Row row) {
        try {
            Optional<Turns> turns = Turns.trained(row.fields());
            return new SftRow(
                    Fields.text(row.fields(), "id", List.of()).orElse("line-" + row.line()),
                    turns.map(Turns::user).orElseGet(() -> prompt(row)),
                    turns.map(Turns::assistant)
                            .orElseGet(() -> Message.reply(
                                    Message.thinking(row.fields()),
                                    Fields.text(row.fields().path("completion")))),
                    Fields.text(row.fields().path("source")));
        } catch (InputException e) {
            throw new InputException(row.file() + ": line " + row.line() + " " + e.getMessage(), e);
        }
    }
}
