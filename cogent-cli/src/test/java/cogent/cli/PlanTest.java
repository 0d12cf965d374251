package cogent.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import cogent.cli.Cogent.Ran;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class PlanTest {
    @TempDir
    private Path folder;

    private Path recipe;

    @BeforeEach
    void a_corpus_of_thirty_rows_and_an_endpoint_with_a_price() throws IOException {
        Path corpus = folder.resolve("corpus.jsonl");
        Files.write(
                corpus,
                IntStream.range(0, 30)
                        .mapToObj(i -> "{\"problem\":\"p%02d\",\"rationale\":\"%s\",\"answer\":\"7\"}"
                                .formatted(i, "seven is it. ".repeat(30)))
                        .toList());
        recipe = folder.resolve("r.yaml");
        Files.writeString(recipe, """
                runs: %s
                corpus: {path: %s}
                student: {model: playground}
                teacher: {url: "http://127.0.0.1:9/v1", model: m, price_in: 2, price_out: 10, concurrency: 4}
                """.formatted(folder.resolve("runs"), corpus));
    }

    @Test
    void money_is_tokens_times_price_and_time_what_the_endpoint_lets_through() {
        JsonNode curate = stage("curate");
        // a vote, two thirds rewritten and verified, the rest read as they are, a wrong rationale against the original
        // and against the rewrite
        assertThat(curate.path("calls").asInt()).isEqualTo(30 * 4 + 10);
        double in = curate.path("tokens_in").asDouble();
        double out = curate.path("tokens_out").asDouble();
        assertThat(curate.path("cost").asDouble()).isCloseTo((2 * in + 10 * out) / 1e6, within(1e-4));
        assertThat(curate.path("seconds").asDouble()).isCloseTo(out / 30 / 4, within(1.0));
        JsonNode limited = stage("curate", "--set", "teacher.requests_per_minute=1");
        assertThat(limited.path("seconds").asDouble()).isCloseTo(130 * 60, within(1.0));
    }

    @Test
    void trainings_tell_steps_tokens_memory_and_time() {
        JsonNode sft = stage("sft", "--set", "sft.batch_size=8");
        assertThat(sft.path("steps").asInt()).isEqualTo(3 * 4);
        assertThat(sft.path("tokens").asDouble()).isPositive();
        assertThat(sft.path("memory_bytes").asDouble()).isBetween(0.5e9, 2e9);
        double state = 0.8e6 * 3 * Float.BYTES; // gradients and moments of the playground's student
        assertThat(sft.path("memory_bytes").asDouble()
                        - sft.path("memory_bytes_of_8").asDouble())
                .isCloseTo(state * 7 / 8, within(0.3 * state));
        assertThat(sft.path("seconds").asDouble()).isPositive();
        double twice = stage("sft", "--set", "sft.batch_size=8", "--set", "sft.epochs=6")
                .path("tokens")
                .asDouble();
        assertThat(twice).isCloseTo(2 * sft.path("tokens").asDouble(), within(1.0));
        assertThat(stage("align").path("rows").asInt()).isEqualTo(70);
    }

    @Test
    void steps_that_are_saved_are_not_planned_again() throws IOException {
        double all = stage("sft").path("tokens").asDouble();
        Files.createDirectories(folder.resolve("runs/r/checkpoints/sft/step-00000006"));
        JsonNode rest = stage("sft");
        assertThat(rest.path("work").asString()).contains("6 of them done");
        assertThat(rest.path("tokens").asDouble()).isCloseTo(all / 2, within(1.0));
    }

    @Test
    void the_table_is_for_people_and_sends_nothing() {
        Ran plan = Cogent.run("plan", recipe);
        assertThat(plan.code()).isZero();
        assertThat(text(plan))
                .contains(
                        "30 rationales, about 130 calls",
                        "tokens in",
                        "tokens/s",
                        "GiB",
                        "Measured: as fast as this machine was just now",
                        "Assumed: replies at 30 tokens a second",
                        "No budget is set");
    }

    @Test
    void every_time_says_whether_it_is_measured() {
        assertThat(stage("sft").path("time_is").asString()).isEqualTo("measured");
        assertThat(stage("curate").path("time_is").asString()).isEqualTo("assumed: replies at 30 tokens a second");
        JsonNode select = stage("select", "--set", "sft.select.keep=0.5");
        assertThat(select.path("seconds").asDouble()).isPositive();
        assertThat(select.path("time_is").asString()).isEqualTo("measured");
    }

    @Test
    void the_built_in_teacher_curates_some_rows_to_see_and_leaves_nothing() {
        String[] playground = {
            "--set", "corpus.path=playground", "--set", "teacher.url=playground", "--set", "playground.problems=70"
        };
        JsonNode curate = stage("curate", playground);
        assertThat(curate.path("rows").asInt()).isEqualTo(70);
        assertThat(curate.path("seconds").asDouble()).isPositive();
        assertThat(curate.path("time_is").asString()).isEqualTo("measured");
        JsonNode evaluate = stage(
                "evaluate",
                Stream.concat(
                                Stream.of(playground),
                                Stream.of(
                                        "--set",
                                        "evaluate.benchmarks=[playground]",
                                        "--set",
                                        "evaluate.models=[base,sft]",
                                        "--set",
                                        "playground.held_out=5",
                                        "--set",
                                        "evaluate.max_new_tokens=20"))
                        .toArray(String[]::new));
        assertThat(evaluate.path("answers").asInt()).isEqualTo(10);
        assertThat(evaluate.path("tokens").asDouble()).isBetween(10.0, 200.0);
        assertThat(evaluate.path("seconds").asDouble()).isPositive();
        assertThat(folder.resolve("runs")).doesNotExist();
    }

    @Test
    void what_is_missing_is_said_once_and_the_others_are_planned() throws IOException {
        Files.delete(folder.resolve("corpus.jsonl"));
        Ran plan = Cogent.run("plan", recipe);
        assertThat(plan.code()).isEqualTo(2);
        assertThat(text(plan)).contains("missing: ").containsOnlyOnce("corpus.jsonl: no such file");
        assertThat(text(Cogent.run("plan", recipe, "--set", "student.model=no/such")))
                .containsOnlyOnce("no/such: no such folder");
    }

    @Test
    void every_file_key_and_address_that_is_missing_is_named() {
        Ran plan = Cogent.run(
                "plan",
                recipe,
                "--set",
                "student.model=no/such/student",
                "--set",
                "teacher.key_env=COGENT_NO_SUCH_KEY",
                "--set",
                "curate.prompts.critique=no-prompt.md");
        assertThat(plan.code()).isEqualTo(2);
        assertThat(plan.out().lines())
                .allMatch(line -> line.length() <= 80 || line.strip().indexOf(' ') < 0, "no wider than a terminal");
        assertThat(text(plan))
                .contains("no/such/student", "COGENT_NO_SUCH_KEY", "no-prompt.md")
                .doesNotContain("as fast as this student"); // it was never tried
        assertThat(text(Cogent.run("plan", recipe, "--set", "teacher.url=null")))
                .contains("teacher.url is not set");
        Ran noStudent = Cogent.run(
                "plan",
                recipe,
                "--set",
                "student.model=null",
                "--set",
                "curate.prompts.critique=no-prompt.md",
                "--set",
                "curate.prompts.extend=nor-this.md");
        assertThat(noStudent.code()).isEqualTo(2);
        assertThat(text(noStudent)).contains("student.model", "no-prompt.md", "nor-this.md", "30 rationales");
    }

    @Test
    void what_is_held_out_too_long_or_beyond_the_last_step_is_not_planned() {
        assertThat(stage("curate", "--set", "corpus.held_out=0.5").path("rows").asInt())
                .isBetween(5, 25)
                .isEqualTo(stage("sft", "--set", "corpus.held_out=0.5")
                        .path("rows")
                        .asInt());
        assertThat(stage("sft", "--set", "sft.max_length=20").path("rows").asInt())
                .isZero();
        double whole =
                stage("align", "--set", "align.batch_size=1").path("seconds").asDouble();
        double step = stage("align", "--set", "align.batch_size=1", "--set", "align.max_steps=1")
                .path("seconds")
                .asDouble();
        assertThat(step).isLessThan(whole / 10);
    }

    /** Without the ends of its lines, which fall where they fall. */
    private static String text(Ran plan) {
        return plan.out().replaceAll("\\s+", " ");
    }

    private JsonNode stage(String name, String... more) {
        List<Object> args = new ArrayList<>();
        Collections.addAll(args, "plan", recipe, "--json");
        Collections.addAll(args, (Object[]) more);
        Ran ran = Cogent.run(args.toArray());
        assertThat(ran.code()).as(ran.err()).isZero();
        JsonNode plan = JsonMapper.shared().readTree(ran.out());
        return StreamSupport.stream(plan.path("stages").spliterator(), false)
                .filter(s -> s.path("stage").asString().equals(name))
                .findFirst()
                .orElseThrow();
    }
}
