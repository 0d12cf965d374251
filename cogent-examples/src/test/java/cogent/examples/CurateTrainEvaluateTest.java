package cogent.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CurateTrainEvaluateTest {
    @Test
    void the_whole_way_leaves_pairs_five_steps_a_model_and_ten_answers(@TempDir Path folder) throws IOException {
        CurateTrainEvaluate.main(new String[] {folder.toString()});
        assertThat(Files.readAllLines(folder.resolve("preferences.jsonl"))).hasSizeGreaterThanOrEqualTo(20);
        assertThat(Files.readAllLines(folder.resolve("metrics.jsonl"))).hasSize(5);
        assertThat(folder.resolve("student/model.safetensors")).isNotEmptyFile();
        assertThat(Files.readAllLines(folder.resolve("answers.jsonl"))).hasSize(10);
    }
}
