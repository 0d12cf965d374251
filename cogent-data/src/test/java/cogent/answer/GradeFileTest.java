package cogent.answer;

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
    void a_line_without_the_fields_is_an_error_with_its_place() {
        assertThatThrownBy(() -> grade("{\"gold\": \"1\", \"prediction\": \"1\"}\n{\"gold\": \"1\"}"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("pairs.jsonl: line 2 no text in the field \"prediction\"");
        assertThat(lines).hasSize(1);
    }
}
