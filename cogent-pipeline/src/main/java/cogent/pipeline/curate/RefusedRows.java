package cogent.pipeline.curate;

import cogent.data.file.Row;
import cogent.data.file.RowFile;
import cogent.pipeline.run.RunDirectory;
import java.nio.file.Files;
import java.util.Optional;
import java.util.stream.Stream;

/** Rows that a curation left out, as its {@code refused.jsonl} tells them. */
public final class RefusedRows {
    private RefusedRows() {}

    /** Why there is nothing to tell of a sample, with the reason where its row was left out. */
    public static String missing(RunDirectory run, String id) {
        return "no sample " + id + " has been curated"
                + reason(run, id)
                        .map(why -> ": its row was left out (" + why + ")")
                        .orElse("");
    }

    private static Optional<String> reason(RunDirectory run, String id) {
        if (!Files.exists(run.refused())) {
            return Optional.empty();
        }
        try (Stream<Row> rows = RowFile.open(run.refused())) {
            return rows.map(Row::fields)
                    .filter(row -> row.path("id").asString("").equals(id))
                    .findFirst()
                    .map(row -> Stream.of("stage", "reason", "detail")
                            .map(field -> row.path(field).asString(""))
                            .filter(text -> !text.isBlank())
                            .reduce((a, b) -> a + ": " + b)
                            .orElse(""));
        }
    }
}
