package cogent.studio.sample;

import cogent.curate.run.Authored;
import cogent.data.file.Row;
import cogent.data.file.RowFile;
import cogent.pipeline.run.Authorship;
import cogent.pipeline.run.RunDirectory;
import cogent.studio.html.SafeHtml;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** What stands of a sample in files besides the curation's own: its Author, flags, and the student's mistakes. */
final class SampleBackground {
    private SampleBackground() {}

    /** What the corpus' filters have against it, though it stays, and who wrote its rationale where the corpus had none. */
    static SafeHtml before(RunDirectory run, String id) {
        return SafeHtml.of(
                "{}{}",
                rows(
                        run.flagged(),
                        row -> row.path("id").asString("").equals(id)
                                ? Optional.of(SafeHtml.of(
                                        "<p class=\"warning\"><b>Flagged:</b> {}: {}</p>",
                                        row.path("reason").asString(""),
                                        row.path("detail").asString("")))
                                : Optional.empty()),
                Authorship.of(run.authored(), id).map(SampleBackground::author).orElse(SafeHtml.NONE));
    }

    private static SafeHtml author(Authored authored) {
        return SafeHtml.of(
                "<h2>Author</h2><p>{}</p>{}",
                authored.rationale() == null
                        ? "The corpus has no rationale, and none came: " + authored.refused()
                        : "The corpus has no rationale: the teacher wrote this one.",
                SafeHtml.when(
                        !authored.failedAttempts().isEmpty(),
                        "<ul class=\"reading\">{}</ul>",
                        authored.failedAttempts().stream()
                                .map(attempt -> SafeHtml.of("<li>not used: {}</li>", attempt.reason()))
                                .toList()));
    }

    /** Pairs against what the student itself wrote. */
    static SafeHtml mistakes(RunDirectory run, String id) {
        List<SafeHtml> mistakes = rows(
                run.mistakes(),
                row -> row.path("id").asString("").startsWith(id + "#student-")
                        ? Optional.of(SafeHtml.of(
                                "<div class=\"text\" dir=\"auto\">{}</div>",
                                row.path("rejected").asString("")))
                        : Optional.empty());
        return SafeHtml.when(
                !mistakes.isEmpty(),
                "<h2>The student's own mistakes</h2><p>Each is the rejected side of a pair of the large gap.</p>{}",
                mistakes);
    }

    private static List<SafeHtml> rows(Path file, Function<JsonNode, Optional<SafeHtml>> shown) {
        if (!Files.exists(file)) {
            return List.of();
        }
        try (Stream<Row> rows = RowFile.open(file)) {
            return rows.map(Row::fields)
                    .flatMap(row -> shown.apply(row).stream())
                    .toList();
        }
    }
}
