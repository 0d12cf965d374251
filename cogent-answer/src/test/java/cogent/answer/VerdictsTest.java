package cogent.answer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;

/** Replies as models write them, and what may be said of each: reference, reply (⏎ a line's end), allowed verdicts. */
class VerdictsTest {
    @Test
    void every_reply_gets_a_verdict_that_is_allowed_for_it() throws IOException {
        List<String> lines;
        try (InputStream in = Objects.requireNonNull(VerdictsTest.class.getResourceAsStream("verdicts.tsv"))) {
            lines = new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
        }
        var softly = new SoftAssertions();
        for (String line : lines) {
            String[] fields = line.split("\t", -1);
            Verdict verdict = Equivalence.compare(fields[0].replace("⏎", "\n"), fields[1].replace("⏎", "\n"));
            softly.assertThat(List.of(fields[2].split(" ", -1)))
                    .as(line + ": " + verdict.reason())
                    .contains(verdict.kind().name());
        }
        softly.assertAll();
        assertThat(lines).hasSizeGreaterThan(3500);
    }
}
