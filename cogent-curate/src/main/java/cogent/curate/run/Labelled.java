package cogent.curate.run;

import cogent.data.Difficulty;
import cogent.data.Problem;
import cogent.data.Rationale;
import cogent.data.Sample;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A rationale that was written by hand to be too brief, balanced, convoluted or subtly wrong; of the wrong ones half end in
 * the right answer all the same, which only a judge that reads the steps can tell.
 *
 * @param label how it suits a small model; null where it is wrong
 * @param correct whether a judge should pass it; null where that is a matter of taste: too brief to be followed
 */
public record Labelled(
        Sample sample, @Nullable Difficulty label, @Nullable Boolean correct) {

    /** Eight problems of school mathematics in five versions each; own wording. */
    public static List<Labelled> all() {
        try (InputStream in = Labelled.class.getResourceAsStream("check/rationales.jsonl")) {
            String lines = new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
            return lines.lines()
                    .map(line -> read(JsonMapper.shared().readTree(line)))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Labelled read(JsonNode row) {
        Problem problem = new Problem(
                row.path("id").asString(),
                row.path("problem").asString(),
                row.path("answer").asString());
        return new Labelled(
                new Sample(problem, Rationale.of(row.path("rationale").asString())),
                row.has("label")
                        ? Difficulty.valueOf(row.path("label").asString().toUpperCase(Locale.ROOT))
                        : null,
                row.has("correct") ? row.path("correct").asBoolean() : null);
    }
}
