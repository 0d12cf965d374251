package cogent.data.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cogent.data.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JoinedRowsTest {
    @TempDir
    Path folder;

    private Path part(String name, int from) throws SQLException {
        Path file = folder.resolve(name);
        try (var connection = DuckRows.open();
                var copy = connection.createStatement()) {
            copy.execute("COPY (SELECT i, 'it''s ' || i AS text FROM range(" + from + ", " + (from + 3) + ") t(i)) TO '"
                    + file + "' (FORMAT parquet)");
        }
        return file;
    }

    @Test
    void the_rows_of_all_parts_stand_in_one_file_in_the_parts_order_made_once() throws Exception {
        List<Path> parts = List.of(part("b [1].parquet", 0), part("a.parquet", 3));
        Path kept = folder.resolve("kept's");

        Path joined = JoinedRows.of(parts, kept);

        try (Stream<Row> rows = RowFile.open(joined)) {
            assertThat(rows.map(row -> row.fields().path("i").asInt())).containsExactly(0, 1, 2, 3, 4, 5);
        }
        var made = Files.getLastModifiedTime(joined);
        assertThat(JoinedRows.of(parts, kept)).isEqualTo(joined);
        assertThat(Files.getLastModifiedTime(joined)).isEqualTo(made);
        assertThat(JoinedRows.of(parts.reversed(), kept)).isNotEqualTo(joined);
    }

    @Test
    void files_of_any_kind_become_json_lines_and_a_row_that_is_none_stops_that() throws Exception {
        Path lines =
                Files.writeString(folder.resolve("a.jsonl"), "{\"i\":\"1\"}\n{\"i\":\"ä\"}"); // no last end of line
        Path table = Files.writeString(folder.resolve("b.csv"), "i\n3\n");
        Path kept = folder.resolve("kept");

        Path joined = JoinedRows.of(List.of(lines, table), kept);

        assertThat(joined).hasExtension("jsonl").hasContent("{\"i\":\"1\"}\n{\"i\":\"ä\"}\n{\"i\":\"3\"}\n");
        Files.writeString(table, "i\n4\n");
        Files.setLastModifiedTime(table, FileTime.fromMillis(1));
        assertThat(JoinedRows.of(List.of(lines, table), kept))
                .as("of what is there now")
                .isNotEqualTo(joined);
        Files.writeString(lines, "{\"i\":1}\nno row\n");
        assertThatThrownBy(() -> JoinedRows.of(List.of(lines, table), kept))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("a.jsonl: line 2 not JSON");
        assertThat(left()).hasSize(2);
    }

    @Test
    void a_part_that_is_none_is_told_and_nothing_is_left() throws Exception {
        Path bad = Files.writeString(folder.resolve("bad.parquet"), "PAR1 and no more");

        assertThatThrownBy(() -> JoinedRows.of(List.of(part("a.parquet", 0), bad), folder.resolve("kept")))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("a.parquet and 1 more cannot be made one Parquet file");
        assertThat(left()).isEmpty();
    }

    @Test
    void rows_of_another_shape_are_told_and_nothing_is_left() throws Exception {
        Path lines = Files.writeString(folder.resolve("lines.jsonl"), "{\"n\": 1}\n{\"n\": \"many\"}\n");
        Path kept = Files.createDirectory(folder.resolve("kept"));

        assertThatThrownBy(() -> DuckRows.toParquet(
                        lines, RowJson.MAPPER.createObjectNode().put("n", 1), kept.resolve("n.parquet")))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("n.parquet: cannot be written as Parquet");
        assertThat(left()).isEmpty();
    }

    private List<Path> left() throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve("kept"))) {
            return files.toList();
        }
    }
}
