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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** What shells and habits ask of a command line. */
class CommandsTest {
    @Test
    void help_explains_a_command() {
        assertThat(Cogent.run("help", "curate").out())
                .isEqualTo(Cogent.run("curate", "--help").out())
                .contains("--batch-out");
    }

    @Test
    void help_explains_a_command_of_a_command() {
        assertThat(Cogent.run("help", "inspect", "batch").out())
                .isEqualTo(Cogent.run("inspect", "batch", "--help").out())
                .startsWith("Usage: cogent inspect batch");
        assertThat(Cogent.run("help", "inspect", "batsch").err()).contains("Did you mean \"batch\"?");
        assertThat(Cogent.run("help").out()).isEqualTo(Cogent.run().out());
    }

    @Test
    void what_a_terminal_would_obey_is_shown() {
        assertThat(Cogent.run("show", "no\u001b[2Jrun", "--sample", "1").err())
                .contains("no\\u001b[2Jrun")
                .doesNotContain("\u001b");
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

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "config.json|eos_token_id|\"a\"",
                "generation_config.json|eos_token_id|\"a\"",
                "generation_config.json|eos_token_id|[-1]",
                "tokenizer_config.json|eos_token|7",
                "tokenizer_config.json|chat_template|7",
                "tokenizer_config.json|chat_template|[{\"name\":\"default\"}]",
                "tokenizer.json|decoder|{\"type\":\"Strip\",\"content\":\" \",\"start\":0,\"stop\":1}",
            })
    void inspect_model_names_what_is_ill_in_any_of_the_files(
            String file, String key, String value, @TempDir Path folder) throws IOException {
        PlaygroundStudent.write(folder);
        Path changed = folder.resolve(file);
        ObjectNode json = Files.exists(changed)
                ? (ObjectNode) JsonMapper.shared().readTree(Files.readString(changed))
                : JsonMapper.shared().createObjectNode();
        json.set(key, JsonMapper.shared().readTree(value));
        Files.writeString(changed, json.toString());
        Cogent.Ran ran = Cogent.run("inspect", "model", folder);
        assertThat(ran.code()).isEqualTo(2);
        assertThat(ran.err()).contains(key);
        assertThat(ran.out()).isEmpty();
    }

    @Test
    void grade_reads_what_is_piped_in() {
        String pairs = "{\"gold\": \"1/2\", \"prediction\": \"0.5\"}\n{\"gold\": \"3\", \"prediction\": \"4\"}\n";
        assertThat(piped(pairs, "grade", "-").out().lines())
                .satisfiesExactly(
                        line -> assertThat(line).contains("\"equal\""),
                        line -> assertThat(line).contains("\"different\""));
    }

    @Test
    void a_message_that_is_too_long_does_not_end_the_chat(@TempDir Path folder) {
        Path model = folder.resolve("m");
        Cogent.run("init", "--playground", model);
        String tooLong = "more ".repeat(3000);
        Cogent.Ran alone = piped(tooLong + "\nhow many\n", "chat", model, "--max-new-tokens", 2);
        assertThat(alone.code()).isZero();
        assertThat(alone.err()).contains("leaves no room").doesNotContain("anew");
        assertThat(alone.out().lines()).hasSize(1);
        Cogent.Ran history =
                piped("how many\n" + tooLong + "\nhow many\n", "chat", model, "--history", "--max-new-tokens", 2);
        assertThat(history.code()).isZero();
        assertThat(history.err()).contains("leaves no room", "begins anew");
        assertThat(history.out().lines()).hasSize(2);
    }

    private static Cogent.Ran piped(String input, Object... command) {
        InputStream before = System.in;
        System.setIn(new ByteArrayInputStream(input.getBytes(UTF_8)));
        try {
            return Cogent.run(command);
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
