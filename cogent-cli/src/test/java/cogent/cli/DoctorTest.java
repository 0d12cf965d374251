package cogent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DoctorTest {
    @TempDir
    private Path folder;

    private Cogent.Ran doctor(String recipe) throws Exception {
        return Cogent.run("doctor", Files.writeString(folder.resolve("x.yaml"), recipe));
    }

    @Test
    void all_that_a_recipe_lacks_is_told_at_once() throws Exception {
        Cogent.Ran ran = doctor("""
                corpus: {path: none.jsonl}
                student: {model: ./none}
                teacher: {url: "http://127.0.0.1:1/v1", model: m}
                evaluate: {benchmarks: [my/benchmark.yaml, gsm8k]}
                """);
        assertThat(ran.code()).isEqualTo(1);
        assertThat(ran.err()).isEmpty();
        assertThat(ran.out())
                .contains(
                        "!! evaluate  benchmark my/benchmark.yaml",
                        "!! corpus    none.jsonl",
                        "!! student   ./none",
                        "!! teacher ");
    }

    @Test
    void what_the_hub_has_is_not_missing() throws Exception {
        assertThat(doctor("""
                        corpus: {path: "hf://datasets/openai/gsm8k/main/train"}
                        student: {model: Qwen/Qwen2.5-0.5B-Instruct}
                        teacher: {url: playground}
                        """).out())
                .contains(
                        " ok corpus    hf://datasets/openai/gsm8k/main/train",
                        " ok student   Qwen/Qwen2.5-0.5B-Instruct")
                .doesNotContain("!! corpus", "!! student");
    }
}
