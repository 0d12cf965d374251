package cogent.data.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import cogent.data.Gap;
import cogent.data.InputException;
import cogent.data.PreferencePair;
import cogent.data.SftRow;
import cogent.data.file.JsonLinesWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TrainingRowsTest {
    @TempDir
    Path folder;

    private List<PreferencePair> pairs(String content, OptionalDouble beta) throws IOException {
        try (Stream<PreferencePair> pairs =
                PreferencePairs.read(Files.writeString(folder.resolve("pairs.jsonl"), content), beta)) {
            return pairs.toList();
        }
    }

    @Test
    void what_is_written_is_read_back() {
        var pair = new PreferencePair("q-1/large", "p", "c\n\u2028", "r", 0.5, Gap.LARGE, "rewrite", "distractor");
        Path file = folder.resolve("deep/preferences.jsonl");
        try (JsonLinesWriter out = JsonLinesWriter.create(file)) {
            out.write(pair);
            out.commit();
        }
        assertThat(file)
                .content()
                .contains(
                        "\"beta\":0.5,\"gap\":\"large\",\"chosen_from\":\"rewrite\",\"rejected_from\":\"distractor\"");
        try (var pairs = PreferencePairs.read(file, OptionalDouble.empty())) {
            assertThat(pairs).containsExactly(pair);
        }
        var row = new SftRow("q-1", "p", "c", "original");
        Path sft = folder.resolve("sft.jsonl");
        try (JsonLinesWriter out = JsonLinesWriter.create(sft)) {
            out.write(row);
            out.commit();
        }
        try (var rows = SftRows.read(sft)) {
            assertThat(rows).containsExactly(row);
        }
    }

    @Test
    void nothing_is_visible_before_the_commit_and_nothing_is_left_without_it() throws IOException {
        Path file = Files.writeString(folder.resolve("rows.jsonl"), "old\n");
        try (JsonLinesWriter out = JsonLinesWriter.create(file)) {
            out.write(List.of(1));
            assertThat(file).hasContent("old\n");
        }
        assertThat(file).hasContent("old\n");
        try (var left = Files.list(folder)) {
            assertThat(left).containsExactly(file);
        }
    }

    @Test
    void the_authors_row_has_no_gap() throws IOException {
        assertThat(pairs("{\"prompt\":\"p\",\"chosen\":\"c\",\"rejected\":\"r\",\"beta\":0.5}", OptionalDouble.empty()))
                .containsExactly(new PreferencePair("line-1", "p", "c", "r", 0.5, null, "", ""));
    }

    @Test
    void conversational_rows_are_read_with_the_prompt_apart_or_in_front() throws IOException {
        String reply = "{\"role\":\"assistant\",\"content\":\"%s\"}";
        String asked = "{\"role\":\"user\",\"content\":\"p\"}";
        var expected = new PreferencePair("line-1", "p", "c", "r", 0.1, null, "", "");
        String apart = "{\"prompt\":[" + asked + "],\"chosen\":[" + reply.formatted("c") + "],\"rejected\":["
                + reply.formatted("r") + "]}";
        String inFront = "{\"chosen\":[" + asked + "," + reply.formatted("c") + "],\"rejected\":[" + asked + ","
                + reply.formatted("r") + "]}";
        assertThat(pairs(apart, OptionalDouble.of(0.1))).containsExactly(expected);
        assertThat(pairs(inFront, OptionalDouble.of(0.1))).containsExactly(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"reasoning", "chosen_reasoning", "chosen_thought"})
    void thinking_given_apart_goes_with_its_side(String name) throws IOException {
        assertThat(pairs("""
                {"prompt": "p", "chosen": "c", "rejected": "r", "beta": 1, "rejected_reasoning": "u", "%s": "t"}
                """.formatted(name), OptionalDouble.empty()))
                .extracting(PreferencePair::chosen, PreferencePair::rejected)
                .containsExactly(tuple("<think>\nt\n</think>\n\nc", "<think>\nu\n</think>\n\nr"));
    }

    @Test
    void thinking_that_may_be_either_side_s_is_an_error() {
        String pair = "{\"prompt\":\"p\",\"chosen\":\"c\",\"rejected\":\"r\",\"beta\":1,\"thinking\":\"t\"}";
        assertThatThrownBy(() -> pairs(pair, OptionalDouble.empty())).hasMessageContaining("name it chosen_reasoning");
    }

    @Test
    void an_unsound_pair_is_an_error_with_its_line() {
        String good = "{\"prompt\":\"p\",\"chosen\":\"c\",\"rejected\":\"r\",\"beta\":0.5}\n";
        assertThatThrownBy(() -> pairs(good + good.replace(",\"beta\":0.5", ""), OptionalDouble.empty()))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("pairs.jsonl: line 2 no beta");
        assertThatThrownBy(() -> pairs(good.replace("0.5", "-1"), OptionalDouble.empty()))
                .hasMessageContaining("line 1 beta must be positive");
        assertThatThrownBy(() -> pairs(good.replace("\"r\"", "\"c\""), OptionalDouble.empty()))
                .hasMessageContaining("chosen and rejected are equal");
        assertThatThrownBy(() -> pairs(good.replace("}", ",\"gap\":\"huge\"}"), OptionalDouble.empty()))
                .hasMessageContaining("unknown gap \"huge\"");
    }

    @Test
    void sft_rows_may_be_chat_messages_but_lose_no_system_message() throws IOException {
        String turns = "{\"role\":\"user\",\"content\":\"p\"},{\"role\":\"assistant\",\"content\":\"c\"}]}";
        Path file = Files.writeString(folder.resolve("sft.jsonl"), "{\"messages\":[" + turns);
        try (var rows = SftRows.read(file)) {
            assertThat(rows).containsExactly(new SftRow("line-1", "p", "c", ""));
        }
        Files.writeString(file, "{\"messages\":[{\"role\":\"system\",\"content\":\"s\"}," + turns);
        assertThatThrownBy(() -> SftRows.read(file).toList()).hasMessageContaining("system message");
        Files.writeString(file, "{\"system\":\"s\",\"prompt\":\"p\",\"completion\":\"c\"}");
        assertThatThrownBy(() -> SftRows.read(file).toList()).hasMessageContaining("system message");
        Files.writeString(file, "{\"prompt\":\"p\",\"reasoning\":\"r\",\"completion\":\"c\"}");
        try (var rows = SftRows.read(file)) {
            assertThat(rows).containsExactly(new SftRow("line-1", "p", "<think>\nr\n</think>\n\nc", ""));
        }
        assertThatThrownBy(() -> pairs(
                        "{\"system\":\"s\",\"prompt\":\"p\",\"chosen\":\"c\",\"rejected\":\"r\",\"beta\":0.5}",
                        OptionalDouble.empty()))
                .hasMessageContaining("system message");
    }
}
