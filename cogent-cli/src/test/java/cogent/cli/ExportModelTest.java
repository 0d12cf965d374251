package cogent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import cogent.cli.Cogent.Ran;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExportModelTest {
    @TempDir
    private Path folder;

    private Path model;

    @BeforeEach
    void a_model() {
        model = folder.resolve("model");
        assertThat(Cogent.run("init", "--playground", model).code()).isZero();
    }

    @Test
    void a_model_is_written_as_another_directory_in_another_type() {
        Path out = folder.resolve("deep/half");
        Ran ran = Cogent.run("export", "model", model, "--format", "huggingface", "--type", "bf16", "--out", out);
        assertThat(ran.code()).as(ran.err()).isZero();
        assertThat(Cogent.run("inspect", "model", "--model", out).out()).contains("\"dtype\":\"bf16\"");
        assertThat(out.resolve("tokenizer.json")).hasSameBinaryContentAs(model.resolve("tokenizer.json"));
        assertThat(Cogent.run("export", "model", model, "--format", "huggingface", "--out", out)
                        .code())
                .isEqualTo(2);
    }

    @Test
    void what_cannot_be_exported_is_told_in_a_line_and_leaves_nothing() throws IOException {
        Path out = folder.resolve("model.gguf");
        Ran words = Cogent.run("export", "model", model, "--out", out);
        assertThat(words.code()).isEqualTo(2);
        assertThat(words.err()).contains("WordLevel").hasLineCount(1);
        assertThat(Files.exists(out)).isFalse();
        assertThat(Cogent.run("export", "model", folder.resolve("nothing"), "--out", out)
                        .code())
                .isEqualTo(2);
        assertThat(Cogent.run("export", "model", model, "--adapter", folder, "--out", out)
                        .err())
                .contains("adapter_config.json: cannot be read (no such file or folder)");
        Path run = Files.createDirectory(folder.resolve("run"));
        Files.writeString(run.resolve("recipe.yaml"), "");
        assertThat(Cogent.run("export", "model", run, "--out", out).err())
                .contains("is a run, not a model: its models lie in " + run.resolve("models"));
        assertThat(Cogent.run("export", model).err()).contains("missing: --format");
    }
}
