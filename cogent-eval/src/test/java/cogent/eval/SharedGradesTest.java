package cogent.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import cogent.data.Problem;
import cogent.data.file.Row;
import cogent.data.file.RowFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Recorded solutions of published models against the verdicts of their source, where {@code ../shared} is present. */
class SharedGradesTest {
    @Test
    void recorded_gsm8k_solutions_get_the_accuracy_that_their_source_gives() {
        Path folder = Path.of("").toAbsolutePath();
        while (folder != null && !Files.isDirectory(folder.resolve("shared/data"))) {
            folder = folder.getParent();
        }
        assumeTrue(folder != null, "no shared/data/gsm8k_model_solutions.jsonl beside this checkout");
        Benchmark gsm8k = BenchmarkFile.load("gsm8k");
        Map<String, int[]> counts = new TreeMap<>();
        StringBuilder others = new StringBuilder();
        try (Stream<Row> rows = RowFile.open(folder.resolve("shared/data/gsm8k_model_solutions.jsonl"))) {
            rows.forEach(row -> {
                var fields = row.fields();
                Question question =
                        new Question(new Problem("p", "q", fields.path("answer").asString()), "q");
                boolean right = Grade.of(
                                gsm8k, question, fields.path("rationale").asString())
                        .verdict()
                        .isEqual();
                boolean expected = fields.path("is_correct").asBoolean();
                int[] count = counts.computeIfAbsent(fields.path("model").asString(), _ -> new int[3]);
                count[0]++;
                count[1] += right ? 1 : 0;
                count[2] += expected ? 1 : 0;
                if (right != expected) {
                    String text = fields.path("rationale").asString();
                    others.append(fields.path("answer").asString() + " " + expected + " "
                            + text.substring(Math.max(0, text.length() - 120)).replace("\n", " ⏎ ") + "\n");
                }
            });
        }
        counts.forEach((model, count) -> assertThat((double) count[1] / count[0])
                .as("%s: %d of %d right, %d by the source; %s", model, count[1], count[0], count[2], others)
                .isBetween((double) count[2] / count[0] - 0.002, (double) count[2] / count[0] + 0.002));
    }
}
