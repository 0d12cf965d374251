package cogent.pipeline.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DividedAnswersTest {
    @Test
    void the_parts_of_all_ranks_are_found_though_the_first_left_none(@TempDir Path folder) throws Exception {
        Path results = folder.resolve("sft.jsonl");
        for (String name : List.of("sft.jsonl", "sft.jsonl.rank-1.part", "sft.jsonl.rank-3", "base.jsonl.rank-0")) {
            Files.createFile(folder.resolve(name));
        }

        assertThat(DividedAnswers.parts(results))
                .containsExactly(folder.resolve("sft.jsonl.rank-1"), folder.resolve("sft.jsonl.rank-3"));
        assertThat(DividedAnswers.parts(folder.resolve("none").resolve("sft.jsonl")))
                .isEmpty();
    }
}
