package cogent.pipeline.run;

import static org.assertj.core.api.Assertions.assertThat;

import cogent.data.Sample;
import cogent.pipeline.recipe.Recipe;
import cogent.pipeline.recipe.RecipeReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CorporaTest {
    @TempDir
    Path folder;

    @Test
    void calculator_marks_go_unless_they_are_wanted() throws IOException {
        assertThat(rationale()).isEqualTo("48/2 = 24 clips");
        assertThat(rationale("corpus.clean.calculator_marks=true")).isEqualTo("48/2 = <<48/2=24>>24 clips");
    }

    private String rationale(String... sets) throws IOException {
        Path corpus = Files.writeString(
                folder.resolve("gsm8k.jsonl"),
                "{\"question\":\"How many?\",\"answer\":\"48/2 = <<48/2=24>>24 clips\\n#### 24\"}");
        Recipe recipe = RecipeReader.read(
                Files.writeString(folder.resolve("r.yaml"), "runs: %s\ncorpus: {path: %s}\n".formatted(folder, corpus)),
                List.of(sets));
        try (Stream<Sample> samples = Corpora.samples(recipe, RunDirectory.of(recipe), _ -> {})) {
            return samples.findFirst().orElseThrow().rationale().text();
        }
    }
}
