package cogent.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import cogent.answer.Equivalence;
import cogent.answer.Verdict;
import cogent.data.file.Row;
import cogent.data.file.RowFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The agreement with pairs judged by others, where {@code ../shared} is present. */
class SharedAgreementTest {
    private static final double AIM = 0.97;

    /** The folder {@code shared} beside the checkout or above it. */
    static Path shared() {
        Path folder = Path.of("").toAbsolutePath();
        while (folder != null && !Files.isDirectory(folder.resolve("shared/data"))) {
            folder = folder.getParent();
        }
        assumeTrue(folder != null, "no shared/data/answer_equivalence.jsonl beside this checkout");
        return folder.resolve("shared/data");
    }

    @Test
    void verdicts_agree_with_the_pairs_judged_by_others() {
        List<String> wrong = new ArrayList<>();
        int total = 0;
        try (Stream<Row> rows = RowFile.open(shared().resolve("answer_equivalence.jsonl"))) {
            for (Row row : (Iterable<Row>) rows::iterator) {
                total++;
                var fields = row.fields();
                boolean expected = fields.path("expected").asBoolean();
                Verdict verdict = Equivalence.compare(
                        fields.path("gold").asString(),
                        fields.path("prediction").asString());
                if (verdict.isEqual() != expected) {
                    wrong.add("%s %s %s expected %s: %s | %s"
                            .formatted(
                                    fields.path("id").asString(),
                                    fields.path("tier").asString(),
                                    fields.path("category").asString(),
                                    expected,
                                    shown(fields.path("gold").asString()) + " | "
                                            + shown(fields.path("prediction").asString()),
                                    verdict));
                }
            }
        }
        assertThat(1 - wrong.size() / (double) total)
                .as("%d of %d:%n%s", wrong.size(), total, String.join("\n", wrong))
                .isGreaterThanOrEqualTo(AIM);
    }

    private static String shown(String text) {
        return text.length() < 200 ? text : text.substring(0, 80) + " … " + text.substring(text.length() - 120);
    }
}
