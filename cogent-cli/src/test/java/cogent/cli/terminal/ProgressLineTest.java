package cogent.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProgressLineTest {
    private static final List<String> PARTS = List.of(
            "   critic        1,234 calls + 12,345 from the store, tokens 1,234,567 in 234,567 out, cost 12.3456",
            "   all           1,234 calls, tokens 1,234,567 in 234,567 out, cost 12.3456, 256 in flight");

    @ParameterizedTest
    @ValueSource(ints = {40, 80})
    void live_lines_are_cut_at_the_edge_and_say_so(int columns) {
        StringWriter written = new StringWriter();
        ProgressLine line = new ProgressLine(new PrintWriter(written), true, () -> new TerminalSize(24, columns));
        line.update("curate", 500, 4_000, "", "easy 1,334  medium 1,331  hard 1,335  verified 2,661  refused 8", PARTS);
        List<String> shown = written.toString().lines().toList();
        assertThat(shown).hasSize(3).allMatch(l -> l.length() < columns).allMatch(l -> l.endsWith(" …"));
        assertThat(written.toString()).doesNotContain("\u001b");
    }

    @ParameterizedTest
    @ValueSource(ints = {40, 80})
    void what_lasts_is_told_whole_and_folded_between_words(int columns) {
        StringWriter written = new StringWriter();
        ProgressLine line = new ProgressLine(new PrintWriter(written), true, () -> new TerminalSize(24, columns));
        line.update("sft", 1, 2, "steps", "loss 0.5", List.of());
        line.done(
                "sft",
                "2 steps on 7,401 rows, 12 rows left out (3 too long; see refused-sft.jsonl), loss 0.1234",
                Duration.ofSeconds(12));
        assertThat(written.toString()).contains("\r\u001b[1A\u001b[J sft        2 steps on 7,401 rows");
        String lasting = written.toString().replaceFirst("(?s).*\\[J", "");
        assertThat(lasting.lines()).allMatch(l -> l.length() <= columns);
        assertThat(lasting.replaceAll("\\s+", " "))
                .isEqualTo(" sft 2 steps on 7,401 rows, 12 rows left out (3 too long; see refused-sft.jsonl),"
                        + " loss 0.1234 12s ");
    }

    @Test
    void what_is_counted_anew_in_a_stage_has_a_speed_of_its_own() {
        StringWriter written = new StringWriter();
        var seconds = new AtomicInteger();
        ProgressLine line = new ProgressLine(
                new PrintWriter(written), true, () -> new TerminalSize(24, 100), () -> seconds.get() * 1_000_000_000L);
        line.update("evaluate", 1, 200, "answers", "base", List.of());
        seconds.set(400);
        line.update("evaluate", 200, 200, "answers", "base", List.of());
        seconds.set(401);
        line.update("evaluate", 1, 200, "answers", "CRV", List.of());
        seconds.set(411);
        line.update("evaluate", 51, 200, "answers", "CRV", List.of());
        assertThat(written.toString()).contains("51/200 answers  5.0/s  ETA 29s  CRV");
        seconds.set(412);
        line.update("evaluate", 50, 200, "answers", "CRV", List.of()); // told late: nothing begins
        assertThat(written.toString()).contains("50/200 answers  4.5/s  ETA 33s  CRV");
        seconds.set(420);
        line.update("evaluate", 3, 30, "answers", "CRV", List.of()); // of another benchmark
        seconds.set(430);
        line.update("evaluate", 13, 30, "answers", "CRV", List.of());
        assertThat(written.toString()).contains("13/30 answers  1.0/s  ETA 17s  CRV");
    }

    @Test
    void a_narrow_terminal_has_numbers_in_place_of_the_bar() {
        StringWriter written = new StringWriter();
        ProgressLine line = new ProgressLine(new PrintWriter(written), true, () -> new TerminalSize(24, 40));
        line.update("raw-sft", 16, 500, "steps", "loss 0.512  31.2k tok/s", List.of());
        assertThat(written.toString()).isEqualTo(" raw-sft    16/500 steps  loss 0.512 …\n");
    }

    @Test
    void a_terminal_that_was_drawn_narrower_is_cleared_of_the_lines_that_it_wrapped() {
        StringWriter written = new StringWriter();
        var columns = new AtomicInteger(80);
        ProgressLine line = new ProgressLine(new PrintWriter(written), true, () -> new TerminalSize(24, columns.get()));
        line.update("curate", 500, 4_000, "", "easy 1,334  medium 1,331", PARTS);
        columns.set(40);
        line.say("said");
        assertThat(written.toString()).endsWith("\r\u001b[6A\u001b[Jsaid\n");
    }
}
