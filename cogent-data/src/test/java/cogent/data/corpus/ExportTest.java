package cogent.data.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cogent.data.Gap;
import cogent.data.InputException;
import cogent.data.PreferencePair;
import cogent.data.SftRow;
import cogent.data.corpus.Export.Format;
import cogent.data.file.JsonLinesWriter;
import cogent.data.file.RowFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExportTest {
    private static final SftRow ROW = new SftRow("q-1", "p\"", "c", "rewrite");
    private static final PreferencePair PAIR =
            new PreferencePair("q-1/l", "p", "c", "r", 0.5, Gap.LARGE, "rewrite", "student");

    @TempDir
    Path folder;

    private Path file(String name, Object row) {
        Path file = folder.resolve(name);
        try (JsonLinesWriter out = JsonLinesWriter.create(file)) {
            out.write(row);
            out.commit();
        }
        return file;
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            TRL      | {"prompt":[{"role":"user","content":"p"}],"chosen":[{"role":"assistant","content":"c"}],"rejected":[{"role":"assistant","content":"r"}],"beta":0.5}
            TRL_TEXT | {"prompt":"p","chosen":"c","rejected":"r","beta":0.5}
            ALPACA   | {"instruction":"p","input":"","chosen":"c","rejected":"r"}
            SHAREGPT | {"conversations":[{"from":"human","value":"p"}],"chosen":{"from":"gpt","value":"c"},"rejected":{"from":"gpt","value":"r"}}
            OPENAI   | {"input":{"messages":[{"role":"user","content":"p"}]},"preferred_output":[{"role":"assistant","content":"c"}],"non_preferred_output":[{"role":"assistant","content":"r"}]}
            """)
    void pairs_are_written_as_other_trainers_read_them(Format format, String line) {
        Path out = folder.resolve("out.jsonl");
        assertThat(Export.preferences(List.of(file("pairs.jsonl", PAIR)), format, out))
                .isEqualTo(1);
        assertThat(out).hasContent(line);
    }

    @ParameterizedTest
    @ValueSource(strings = {"out.csv", "out.jsonl.gz", "out.YAML"})
    void a_name_that_promises_another_format_is_refused(String name) {
        Path out = folder.resolve(name);
        assertThatThrownBy(() -> Export.sft(file("sft.jsonl", ROW), Format.TRL, out))
                .isInstanceOf(InputException.class)
                .hasMessageContaining(name + ": rows are written as JSON Lines (.jsonl) or Parquet (.parquet)");
        assertThat(out).doesNotExist();
    }

    @ParameterizedTest
    @EnumSource(
            value = Format.class,
            names = {"TRL_TEXT", "SHAREGPT", "OPENAI"})
    void sft_rows_survive_the_way_out_and_back(Format format) {
        Path out = folder.resolve("out.jsonl");
        Export.sft(file("sft.jsonl", ROW), format, out);
        try (var rows = SftRows.read(out)) {
            assertThat(rows).containsExactly(new SftRow("line-1", "p\"", "c", ""));
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Format.class,
            names = {"TRL", "TRL_TEXT"})
    void pairs_survive_the_way_through_parquet(Format format) throws IOException {
        Path out = folder.resolve("it's.parquet");
        Export.preferences(List.of(file("pairs.jsonl", PAIR)), format, out);
        try (var pairs = PreferencePairs.read(out, OptionalDouble.empty())) {
            assertThat(pairs).containsExactly(new PreferencePair("line-1", "p", "c", "r", 0.5, null, "", ""));
        }
        try (var left = Files.list(folder)) {
            assertThat(left).hasSize(2);
        }
    }

    @Test
    void alpaca_rows_have_their_three_fields() {
        assertThat(Export.sft(ROW, Format.ALPACA))
                .hasToString("{\"instruction\":\"p\\\"\",\"input\":\"\",\"output\":\"c\"}");
    }

    @Test
    void texts_that_look_like_dates_stay_texts_in_parquet() {
        Path rows = file("dates.jsonl", new SftRow("1", "2024-05-01 10:00:00", "2024-06-01", ""));
        for (Format format : Format.values()) {
            Path out = folder.resolve(format + ".parquet");
            Export.sft(rows, format, out);
            try (var read = RowFile.open(out)) {
                assertThat(read.findFirst().orElseThrow().fields().toString())
                        .contains("2024-05-01 10:00:00")
                        .contains("\"2024-06-01\"");
            }
        }
    }
}
