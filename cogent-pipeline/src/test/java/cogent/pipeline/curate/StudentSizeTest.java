package cogent.pipeline.curate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cogent.data.InputException;
import cogent.pipeline.keys.RecordJson;
import cogent.pipeline.recipe.Recipe;
import cogent.pipeline.recipe.RecipeReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StudentSizeTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({
        "494032768, 0.5B",
        "1543714304, 1.5B",
        "8000000000, 8B",
        "134515008, 135M",
        "40000000, 40M",
        "842368, 0.8M"
    })
    void parameters_are_written_as_the_field_does(long parameters, String written) {
        assertThat(StudentSize.written(parameters)).isEqualTo(written);
    }

    @Test
    void the_view_is_the_students_unless_it_is_set() {
        assertThat(StudentSize.of(recipe("student.model=playground"))).isEqualTo("0.8M");
        assertThat(StudentSize.of(recipe("student.model=playground", "curate.critic.view=3B")))
                .isEqualTo("3B");
        assertThat(StudentSize.of(recipe())).isEqualTo("7B");
    }

    @Test
    void a_student_that_cannot_be_counted_asks_for_the_key() throws Exception {
        Path missing = folder.resolve("missing");
        assertThatThrownBy(() -> StudentSize.of(recipe("student.model=" + missing)))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("curate.critic.view")
                .hasMessageContaining("missing");
        Files.writeString(folder.resolve("config.json"), "{\"architectures\": [\"NoSuchModel\"]}");
        assertThatThrownBy(() -> StudentSize.of(recipe("student.model=" + folder)))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("curate.critic.view");
        assertThat(StudentSize.of(recipe("student.model=" + missing, "curate.critic.view=0.5B")))
                .isEqualTo("0.5B");
        assertThat(StudentSize.doubt(recipe("student.model=" + missing, "curate.critic.view=0.5B")))
                .isEmpty();
    }

    @Test
    void a_view_of_another_size_is_doubted() {
        assertThat(StudentSize.doubt(recipe("student.model=playground", "curate.critic.view=7B")))
                .hasValueSatisfying(doubt -> assertThat(doubt).contains("is 7B", "0.8M parameters"));
        assertThat(StudentSize.doubt(recipe("student.model=playground", "curate.critic.view=1M")))
                .isEmpty();
        assertThat(StudentSize.doubt(recipe("student.model=playground", "curate.critic.view=a tiny one")))
                .isEmpty();
        assertThat(StudentSize.doubt(recipe("student.model=playground"))).isEmpty();
    }

    @Test
    void what_the_view_comes_to_decides_not_how_it_was_said() {
        assertThat(RecordJson.identity(recipe("curate.critic.view=3B").curate()))
                .isEqualTo(RecordJson.identity(recipe().curate()));
    }

    private Recipe recipe(String... sets) {
        return RecipeReader.defaults(Stream.concat(List.of(sets).stream(), Stream.of("runs=" + folder))
                .toList());
    }
}
