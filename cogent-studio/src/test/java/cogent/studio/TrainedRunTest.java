package cogent.studio;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What is shown of a run that has trained and been evaluated: curves, results, and how it compares with another. */
class TrainedRunTest {
    @TempDir
    private static Path runs;

    private static Path run;
    private static Studio studio;
    private static Browser browser;

    @BeforeAll
    static void runs_a_tiny_recipe() throws Exception {
        run = RunFixture.done(runs, "tiny", "corpus: {path: playground}");
        copy("other");
        Files.writeString(
                runs.resolve("other/recipe.yaml"),
                Files.readString(run.resolve("recipe.yaml")).replace("max_new_tokens: 8", "max_new_tokens: 99"));
        studio = Studio.start(runs, 0);
        browser = Browser.of(studio);
    }

    @AfterAll
    static void close() {
        studio.close();
    }

    private static void copy(String name) throws Exception {
        try (var files = Files.walk(run)) {
            for (Path file : files.toList()) {
                Files.copy(file, runs.resolve(name).resolve(run.relativize(file)));
            }
        }
    }

    @Test
    void curves_of_each_gap_come_as_numbers_as_csv_and_as_a_picture() throws Exception {
        assertThat(browser.page("/run/tiny/training"))
                .contains("<h2>sft</h2>", "<h2>align</h2>", "Reward margins", "Too few steps are logged");
        String of = "metric=rewards/margins/small,rewards/margins/large&of=tiny/align";
        JsonNode json = JsonMapper.shared().readTree(browser.page("/curves.json?" + of));
        assertThat(json.path("steps").toString()).isEqualTo("[1,2]");
        assertThat(json.path("series").valueStream().map(s -> s.path("name").asString()))
                .containsExactly("small", "large");
        assertThat(browser.page("/curves.csv?" + of).lines().toList())
                .hasSize(3)
                .first()
                .isEqualTo("step,\"small\",\"large\"");
        assertThat(browser.page("/curves.svg?" + of))
                .startsWith("<svg xmlns=\"http://www.w3.org/2000/svg\"")
                .endsWith("</svg>");
    }

    @Test
    void a_training_that_is_writing_its_next_line_has_the_curve_so_far() throws Exception {
        copy("going");
        Path metrics = runs.resolve("going/metrics/sft.jsonl");
        Files.writeString(metrics, "{\"step\":4.0,\"loss\":NaN}\n{\"step\":5.0,\"lo", StandardOpenOption.APPEND);
        JsonNode json = JsonMapper.shared().readTree(browser.page("/curves.json?metric=loss&of=going/sft"));
        assertThat(json.path("steps").size()).isGreaterThanOrEqualTo(3);
        assertThat(browser.ask("/run/going/training").statusCode()).isEqualTo(200);
    }

    @Test
    void the_tokens_of_a_sample_have_their_loss_mask_and_their_log_probability_under_a_model() throws Exception {
        String page = "/run/tiny/sample/train-0/tokens";
        assertThat(browser.page(page))
                .contains("SFT: the", "large gap: rejected", "<td>read</td>", "<td>trained on</td>", "class=\"read\"")
                .doesNotContain(" nats");
        String base = browser.page(page + "?model=base");
        String sft = browser.page(page + "?model=sft");
        assertThat(base).containsPattern("log-probability -\\d+\\.\\d nats");
        assertThat(nats(sft)).isGreaterThan(nats(base)); // it was trained on this row
        assertThat(browser.ask(page + "?model=none").statusCode()).isEqualTo(404);
        assertThat(browser.ask("/run/tiny/sample/none/tokens").statusCode()).isEqualTo(404);
    }

    private static double nats(String page) {
        return Double.parseDouble(page.replaceAll("(?s).*?log-probability (-[\\d.]+) nats.*", "$1"));
    }

    @Test
    void a_sample_s_story_has_its_author_its_flags_and_the_student_s_own_mistakes() throws Exception {
        copy("told");
        Path told = runs.resolve("told");
        Files.writeString(
                told.resolve("authored.jsonl"),
                "{\"id\":\"train-1\",\"rationale\":null,\"refused\":\"no <b>solution</b>\",\"failedAttempts\":[{\"kind\":\"UNFIT\",\"reason\":\"reaches another answer: 9\"}]}\n");
        Files.writeString(
                told.resolve("flagged.jsonl"),
                "{\"id\":\"train-1\",\"reason\":\"near a benchmark\",\"detail\":\"<i>gsm8k</i>\"}\n");
        Files.writeString(
                told.resolve("mistakes.jsonl"), "{\"id\":\"train-1#student-1\",\"rejected\":\"so it is <u>12</u>\"}\n");
        assertThat(browser.page("/run/told/sample/train-1"))
                .contains(
                        "no &lt;b&gt;solution",
                        "not used: reaches another answer: 9",
                        "near a benchmark: &lt;i&gt;gsm8k",
                        "so it is &lt;u&gt;12");
        assertThat(browser.page("/run/told/sample/train-0")).doesNotContain("<h2>Author</h2>");
    }

    @Test
    void the_student_as_it_came_is_asked_with_the_recipe_s_variables_of_its_template() throws Exception {
        Path student = Files.createDirectories(runs.resolve("thinks/student"));
        try (var files = Files.list(run.resolve("playground/student"))) {
            for (Path file : files.toList()) {
                Files.copy(file, student.resolve(file.getFileName()));
            }
        }
        Files.writeString(student.resolve("chat_template.jinja"), """
                {%- if not thinks %}{{ raise_exception('thinks is not set') }}{% endif %}
                {%- for m in messages %}{{ '<|' + m.role + '|>' + m.content }}{% if m.role == 'assistant' %}{{ '<|end|>' }}{% endif %}
                {%- endfor %}{% if add_generation_prompt %}{{ '<|assistant|>' }}{% endif %}""");
        Path recipe = RunFixture.begun(runs, "thinks").resolve("recipe.yaml");
        Files.writeString(
                recipe,
                Files.readString(recipe)
                        .replace(
                                "student: {model: playground}",
                                "student: {model: \"" + student + "\", chat_template_kwargs: {thinks: true}}"));
        String said = browser.send(
                        "/run/thinks/chat",
                        "/run/thinks/chat",
                        Map.of("first", "base", "question", "1 + 1?", "tokens", "2", "temperature", "0"))
                .body();
        assertThat(said).contains("\"tokens\":").doesNotContain("error");
    }

    @Test
    void curves_of_nowhere_are_refused() throws Exception {
        for (String of : List.of("none/sft", "tiny/..", "tiny", "tiny/../tiny/sft", "tiny/%2e%2e%2fx")) {
            assertThat(browser.ask("/curves.json?metric=loss&of=" + of).statusCode())
                    .as(of)
                    .isIn(400, 404);
        }
        assertThat(browser.ask("/curves.json?metric=" + "a,".repeat(100) + "&of=tiny/sft")
                        .statusCode())
                .isEqualTo(400);
        assertThat(browser.page("/curves.csv?metric=%3Cscript%3E&of=tiny/sft")).isEqualTo("step\n");
    }

    @Test
    void results_have_intervals_and_tests_and_say_first_what_was_cut_off() throws Exception {
        String page = browser.page("/run/tiny/results");
        assertThat(page).contains("answers were cut off", "evaluate.max_new_tokens", "95 % interval", "p, corrected");
        assertThat(page.indexOf("answers were cut off")).isLessThan(page.indexOf("95 % interval"));
    }

    @Test
    void answers_are_found_by_who_is_right() throws Exception {
        assertThat(problems("")).isEqualTo(6);
        assertThat(problems("?sft=right") + problems("?sft=wrong")).isEqualTo(6);
        assertThat(problems("?differ=yes")
                        + problems("?sft=right&aligned=right")
                        + problems("?sft=wrong&aligned=wrong"))
                .isEqualTo(6);
        assertThat(browser.ask("/run/tiny/results?benchmark=none").statusCode()).isEqualTo(404);
        assertThat(browser.ask("/run/tiny/results?from=-1").statusCode()).isEqualTo(400);
    }

    private static int problems(String query) throws Exception {
        return browser.page("/run/tiny/results" + query).split("<details class=\"answer\">", -1).length - 1;
    }

    @Test
    void runs_that_were_measured_differently_say_so() throws Exception {
        HttpResponse<String> reply = browser.ask("/compare?run=tiny&run=other");
        assertThat(reply.statusCode()).isEqualTo(200);
        assertThat(reply.body())
                .contains("evaluate.max_new_tokens")
                .contains("Measured differently:")
                .contains("of=tiny%2Fsft&amp;of=other%2Fsft");
        assertThat(browser.page("/compare?run=tiny")).contains("Choose two runs or more");
        assertThat(browser.ask("/compare?run=tiny&run=..").statusCode()).isEqualTo(404);
    }

    @Test
    void a_run_without_an_evaluation_hides_nothing_of_the_others() throws Exception {
        copy("bare");
        try (var files = Files.walk(runs.resolve("bare/evaluation"))) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
        assertThat(browser.page("/compare?run=tiny&run=bare&run=other"))
                .contains("Without an evaluation: bare.", "95 % interval");
        assertThat(browser.page("/compare?run=bare&run=bare")).doesNotContain("95 % interval");
    }

    @Test
    void the_list_of_runs_shows_the_last_result_though_the_recipe_was_changed_since() throws Exception {
        assertThat(browser.page("/run/other")).contains("runs again: evaluate.max_new_tokens changed");
        assertThat(browser.page("/").split("CRV [\\d.]+ %", -1)).hasSizeGreaterThan(2);
    }
}
