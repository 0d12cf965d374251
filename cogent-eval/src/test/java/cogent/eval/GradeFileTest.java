package cogent.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cogent.data.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GradeFileTest {
    @TempDir
    Path folder;

    private final List<GradeFile.Line> lines = new ArrayList<>();

    private void grade(String content) throws IOException {
        GradeFile.run(Files.writeString(folder.resolve("pairs.jsonl"), content), lines::add);
    }

    @Test
    void every_line_gets_its_verdict_in_order() throws IOException {
        grade("""
                {"gold": "1/2", "prediction": "0.5"}
                {"gold": 3, "prediction": 4}
                {"gold": "5", "prediction": "no idea at all"}
                """);
        assertThat(lines).extracting(GradeFile.Line::verdict).containsExactly("equal", "different", "unknown");
    }

    @Test
    void a_first_line_that_is_an_array_costs_no_other_line() throws IOException {
        grade("""
                [1, 2]
                {"gold": "1", "prediction": "1"}
                """);
        assertThat(lines).extracting(GradeFile.Line::verdict).containsExactly("unknown", "equal");
    }

    @Test
    void what_is_no_pair_gets_a_line_of_its_own_in_its_place() throws IOException {
        grade("""
                {"gold": "1", "prediction": "1"}
                {"gold": "1"}
                {"gold": null, "prediction": "1"}
                {"gold": "1", "prediction": ["1"]}
                not JSON
                [1, 2]
                {"gold": 1e999999999, "prediction": true}
                {"gold": "2", "prediction": 2.0}
                """);
        assertThat(lines)
                .extracting(GradeFile.Line::verdict)
                .containsExactly("equal", "unknown", "unknown", "unknown", "unknown", "unknown", "unknown", "equal");
        assertThat(lines)
                .extracting(GradeFile.Line::reason)
                .doesNotContain("")
                .element(4)
                .asString()
                .contains("line 5");
    }

    @Test
    void a_file_that_is_not_there_is_told() {
        assertThatThrownBy(() -> GradeFile.run(folder.resolve("none.jsonl"), lines::add))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("no such file");
    }
}
