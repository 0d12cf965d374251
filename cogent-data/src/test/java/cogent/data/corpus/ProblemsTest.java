package cogent.data.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cogent.data.InputException;
import cogent.data.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProblemsTest {
    @TempDir
    Path folder;

    private Path file(String name, String content) throws IOException {
        return Files.writeString(folder.resolve(name), content);
    }

    @Test
    void a_problem_needs_no_rationale() throws IOException {
        Path file = file("test.jsonl", """
                {"question": "q", "answer": "He has 4.\\n#### 4"}
                {"id": 7, "problem": "p", "answer": 27.0}
                {"id": 8, "problem": "p", "final_answer": ["2"]}
                """);
        assertThat(Problems.read(file, Fields.RECOGNISED))
                .containsExactly(
                        new Problem("test-1", "q", "4"), new Problem("7", "p", "27"), new Problem("8", "p", "2"));
    }

    @Test
    void the_box_of_a_solution_is_the_reference_where_no_field_gives_it() throws IOException {
        Path math = file("math.jsonl", """
                {"problem": "p", "solution": "So $\\\\boxed{5}$.", "level": "Level 1"}
                """);
        assertThat(Problems.read(math, Fields.RECOGNISED)).containsExactly(new Problem("math-1", "p", "5"));
        Path bare = file("bare.jsonl", "{\"problem\": \"p\", \"solution\": \"It is 5.\"}");
        assertThatThrownBy(() -> Problems.read(bare, Fields.RECOGNISED)).hasMessageContaining("line 1 no answer");
    }

    @Test
    void rows_that_are_no_rows_to_train_on_are_told_by_what_they_have() throws IOException {
        Path corpus = file("corpus.jsonl", "{\"question\": \"q\", \"answer\": \"#### 4\"}");
        assertThatThrownBy(() -> {
                    try (var rows = SftRows.read(corpus)) {
                        rows.toList();
                    }
                })
                .isInstanceOf(InputException.class)
                .hasMessageContaining("line 1 no prompt")
                .hasMessageContaining("question, answer");
    }

    @Test
    void a_table_of_comma_separated_values_is_read_as_text() throws IOException {
        Path file = file("gpqa.csv", "Question,Correct Answer\n\"one, or\ntwo?\",007\n");
        assertThat(Problems.read(file, new Fields("Question", null, "Correct Answer", null)))
                .containsExactly(new Problem("gpqa-1", "one, or\ntwo?", "007"));
    }

    @Test
    void every_row_must_be_sound() throws IOException {
        String row = "{\"id\":\"a\",\"problem\":\"p\",\"answer\":\"1\"}\n";
        assertThatThrownBy(() -> Problems.read(file("t.jsonl", row + "{\"problem\":\"p\"}"), Fields.RECOGNISED))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("line 2 no answer");
        assertThatThrownBy(() -> Problems.read(file("t.jsonl", row + row), Fields.RECOGNISED))
                .hasMessageContaining("duplicate id \"a\" (first on line 1)");
        assertThatThrownBy(() -> Problems.read(file("t.jsonl", ""), Fields.RECOGNISED))
                .hasMessageContaining("is empty");
    }
}
