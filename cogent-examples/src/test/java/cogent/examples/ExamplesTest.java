package cogent.examples;

import static org.assertj.core.api.Assertions.assertThat;

import cogent.model.decoder.LanguageModel;
import cogent.model.hf.ModelConfig;
import cogent.model.text.Tokenizer;
import cogent.playground.PlaygroundStudent;
import cogent.train.rows.Example;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExamplesTest {
    @TempDir
    Path folder;

    private Path student;

    @BeforeEach
    void a_student() throws IOException {
        student = folder.resolve("student");
        PlaygroundStudent.write(student);
        try (LanguageModel model = LanguageModel.create(ModelConfig.read(student.resolve("config.json")), 1);
                Tokenizer tokenizer = Tokenizer.load(student)) {
            model.save(student, model.config().dtype(), tokenizer);
        }
    }

    @Test
    void cogpo_on_ones_own_pairs_leaves_a_model_and_metrics() throws IOException {
        Path pairs = Files.write(
                folder.resolve("pairs.jsonl"),
                List.of(
                        "{\"prompt\": \"1 + 1\", \"chosen\": \"2\", \"rejected\": \"3\", \"beta\": 0.5}",
                        "{\"prompt\": \"2 + 1\", \"chosen\": \"3\", \"rejected\": \"2\", \"beta\": 0.1}"));
        Path out = folder.resolve("out");
        CogPoOnOwnData.main(new String[] {student.toString(), pairs.toString(), out.toString()});
        assertThat(out.resolve("model/model.safetensors")).isNotEmptyFile();
        assertThat(Files.readAllLines(out.resolve("metrics.jsonl"))).hasSize(1);
    }

    @Test
    void a_loop_of_ones_own_learns() {
        try (LanguageModel model = LanguageModel.load(student)) {
            List<Example> rows = List.of(
                    new Example("a", new int[] {1, 2}, new int[] {3, 4, 5}),
                    new Example("b", new int[] {6}, new int[] {7}));
            double[] losses = OwnLoop.train(model, rows, 8, 3e-3);
            assertThat(losses[7]).isLessThan(losses[0] / 2);
        }
    }
}
