package cogent.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import cogent.model.decoder.LanguageModel;
import cogent.model.hf.ModelConfig;
import cogent.model.text.Tokenizer;
import cogent.playground.PlaygroundStudent;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
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
    void an_objective_of_ones_own_trains_on_rows_in_memory() throws IOException {
        Path out = folder.resolve("out");
        OwnObjective.main(new String[] {student.toString(), out.toString()});
        assertThat(out.resolve("model/model.safetensors")).isNotEmptyFile();
        assertThat(losses(out).getFirst())
                .as("nothing is learnt yet: (1 − β 0)²")
                .isCloseTo(1, within(1e-4));
    }

    @Test
    void a_loop_of_ones_own_that_is_killed_goes_on_and_ends_with_the_same_bytes() throws Exception {
        Path rows = Files.write(
                folder.resolve("sft.jsonl"),
                IntStream.range(0, 60)
                        .mapToObj(i -> "{\"prompt\": \"" + i + " + 1\", \"completion\": \"" + (i + 1) + "\"}")
                        .toList());
        Path killed = folder.resolve("killed");
        Process process = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Train.class.getName(),
                        student.toString(),
                        rows.toString(),
                        killed.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
            while (Integer.parseInt(out.readLine()) < 5) {
                // on to the fifth step, behind the checkpoint of the fourth
            }
            process.destroyForcibly().waitFor();
        }
        assertThat(killed.resolve("model")).doesNotExist();

        Train.main(new String[] {student.toString(), rows.toString(), killed.toString()});
        Path straight = folder.resolve("straight");
        Train.main(new String[] {student.toString(), rows.toString(), straight.toString()});
        assertThat(killed.resolve("model/model.safetensors"))
                .hasSameBinaryContentAs(straight.resolve("model/model.safetensors"));
        assertThat(losses(killed)).isEqualTo(losses(straight)).hasSize(24);
        assertThat(losses(straight).getLast()).isLessThan(losses(straight).getFirst());
    }

    private static List<Double> losses(Path run) throws IOException {
        return Files.readAllLines(run.resolve("metrics.jsonl")).stream()
                .map(line -> Double.valueOf(line.replaceAll(".*\"loss\":([^,]+),.*", "$1")))
                .toList();
    }
}
