package cogent.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import cogent.playground.PlaygroundStudent;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What shells and habits ask of a command line. */
class CommandsTest {
    @Test
    void help_explains_a_command() {
        assertThat(Cogent.run("help", "curate").out())
                .isEqualTo(Cogent.run("curate", "--help").out())
                .contains("--batch-out");
    }

    @Test
    void completion_is_a_script_that_knows_the_commands() {
        Cogent.Ran completion = Cogent.run("completion");
        assertThat(completion.code()).isZero();
        assertThat(completion.out()).startsWith("#!/usr/bin/env bash").contains("curate", "--batch-out", "inspect");
    }

    @Test
    void inspect_model_takes_the_directory_with_and_without_its_name(@TempDir Path folder) throws IOException {
        PlaygroundStudent.write(folder);
        assertThat(Cogent.run("inspect", "model", folder).out())
                .isEqualTo(Cogent.run("inspect", "model", "--model", folder).out())
                .contains("\"architecture\"");
        assertThat(Cogent.run("inspect", "model").code()).isEqualTo(2);
    }

    @Test
    void grade_reads_what_is_piped_in() {
        InputStream before = System.in;
        System.setIn(new ByteArrayInputStream(
                "{\"gold\": \"1/2\", \"prediction\": \"0.5\"}\n{\"gold\": \"3\", \"prediction\": \"4\"}\n"
                        .getBytes(UTF_8)));
        try {
            assertThat(Cogent.run("grade", "-").out().lines())
                    .satisfiesExactly(
                            line -> assertThat(line).contains("\"equal\""),
                            line -> assertThat(line).contains("\"different\""));
        } finally {
            System.setIn(before);
        }
    }

    @Test
    void a_run_of_an_earlier_version_is_told_in_one_sentence_by_all_that_look_at_it(@TempDir Path folder)
            throws IOException {
        Path run = Files.createDirectories(folder.resolve("old"));
        Files.createDirectories(run.resolve("stages"));
        Files.createDirectories(run.resolve("evaluation/playground"));
        Files.writeString(run.resolve("recipe.yaml"), "name: old\n");
        Files.writeString(
                run.resolve("stages/evaluate.json"), "{\"stage\": \"evaluate\", \"summary\": {\"line\": \"\"}}");
        for (Cogent.Ran command : new Cogent.Ran[] {
            Cogent.run("report", run),
            Cogent.run("compare", run),
            Cogent.run("show", run, "--answers"),
            Cogent.run("show", run, "--sample", "1")
        }) {
            assertThat(command.code()).isEqualTo(2);
            assertThat(command.err()).contains("evaluate.json was written by an earlier version of Cogent");
            assertThat(command.err().lines()).hasSize(1);
        }
        assertThat(Cogent.run("runs", folder).out()).contains("old", "earlier version of Cogent");
        assertThat(run.resolve("report.html")).doesNotExist();
    }
}
