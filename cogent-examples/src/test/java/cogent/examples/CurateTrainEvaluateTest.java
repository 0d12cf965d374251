package cogent.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CurateTrainEvaluateTest {
    @Test
    void the_whole_way_makes_pairs_of_each_gap_five_steps_and_ten_answers(@TempDir Path folder) throws IOException {
        CurateTrainEvaluate.main(new String[] {folder.toString()});
        assertThat(Files.readAllLines(folder.resolve("metrics.jsonl")))
                .hasSize(5)
                .last()
                .as("five of eight steps: 60 pairs, three of each row, eight a step")
                .satisfies(step -> assertThat(step).contains("\"epoch\":0.625"));
        assertThat(Files.readAllLines(folder.resolve("answers.jsonl"))).hasSize(10);
    }
}
