package cogent.studio;

import static org.assertj.core.api.Assertions.assertThat;

import cogent.llm.store.RunLock;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A run begun, stopped, continued and talked with from its pages. */
@Timeout(value = 5, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD) // a run that never ends
class StartPageTest {
    @TempDir
    Path runs;

    private Studio studio;
    private Browser browser;

    @BeforeEach
    void open() throws Exception {
        studio = Studio.start(runs, 0);
        browser = Browser.of(studio);
    }

    @AfterEach
    void close() {
        studio.close();
    }

    private static Map<String, String> tiny(String action) {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("do", action);
        fields.put("set.name", "tiny");
        fields.put("set.corpus.path", "playground");
        fields.put("set.student.model", "playground");
        fields.put("set.teacher.url", "playground");
        fields.put("set.playground.problems", "40");
        fields.put("set.playground.held_out", "6");
        fields.put("set.sft.max_steps", "3");
        fields.put("set.sft.batch_size", "4");
        fields.put("set.align.max_steps", "2");
        fields.put("set.align.batch_size", "4");
        fields.put("set.evaluate.benchmarks", "[playground]");
        fields.put("set.evaluate.models", "[sft, aligned]");
        fields.put("set.evaluate.max_new_tokens", "8");
        return fields;
    }

    @Test
    void every_key_of_a_recipe_has_a_field_with_its_label_and_its_meaning() throws Exception {
        assertThat(browser.page("/start"))
                .contains(
                        "name=\"set.sft.learning_rate\"",
                        "name=\"set.curate.critic.votes\"",
                        "name=\"set.align.enabled\"")
                .contains("the small model");
    }

    @Test
    void a_plan_shows_what_would_run_and_begins_nothing() throws Exception {
        assertThat(browser.send("/start", "/start", tiny("plan")).body())
                .contains("<caption>Plan</caption>", "evaluate", "value=\"tiny\"");
        assertThat(runs).isEmptyDirectory();
    }

    @Test
    void what_is_wrong_with_a_recipe_is_said_and_what_was_filled_in_stays() throws Exception {
        Map<String, String> fields = tiny("run");
        fields.put("set.sft.max_steps", "many<script>");
        HttpResponse<String> reply = browser.send("/start", "/start", fields);
        assertThat(reply.body())
                .contains("sft.max_steps")
                .contains("value=\"many&lt;script&gt;\"")
                .doesNotContain("<script>many")
                .doesNotContain("many<script>");
        assertThat(runs).isEmptyDirectory();
        assertThat(browser.send("/start", "/start", Map.of("do", "run")).body()).contains("a run needs a name");
        assertThat(browser.post("/start", "do=run&set.name=x", Map.of()).statusCode())
                .isEqualTo(403);
    }

    @Test
    void a_run_is_begun_stopped_continued_and_its_models_answer() throws Exception {
        Map<String, String> fields = tiny("run");
        fields.put("set.sft.max_steps", "80");
        assertThat(browser.send("/start", "/start", fields).statusCode()).isEqualTo(200);
        await(() -> Files.exists(runs.resolve("tiny/metrics/sft.jsonl")));
        assertThat(browser.page("/run/tiny")).contains("● going", "in this studio", "Stop</button>");
        assertThat(browser.send("/start", "/start", tiny("run")).body()).contains("is going on in this studio already");
        browser.send("/run/tiny", "/run/tiny/stop", Map.of());
        await(() -> browser.page("/run/tiny").contains("Stopped."));
        assertThat(RunLock.isHeld(runs.resolve("tiny"))).isFalse();

        assertThat(browser.page("/run/tiny")).contains("Continue</button>");
        browser.send("/run/tiny", "/run/tiny/continue", Map.of());
        await(() -> browser.page("/run/tiny").contains("Every stage is done."));
        assertThat(browser.page("/run/tiny")).doesNotContain("Stop</button>").doesNotContain("Continue</button>");
        HttpResponse<String> answer = browser.send(
                "/run/tiny/chat",
                "/run/tiny/chat",
                Map.of(
                        "question", "<script>1 + 1?</script>",
                        "first", "sft",
                        "second", "aligned",
                        "tokens", "4",
                        "temperature", "0"));
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body().lines())
                .anyMatch(line -> line.contains("\"side\":0") && line.contains("\"text\""))
                .filteredOn(line -> line.contains("\"tokens\":4"))
                .hasSize(2);
        assertThat(browser.send(
                                "/run/tiny/chat",
                                "/run/tiny/chat",
                                Map.of("question", "x", "first", "../..", "tokens", "4", "temperature", "0"))
                        .statusCode())
                .isEqualTo(404);
    }

    @Test
    void a_run_that_was_begun_elsewhere_is_continued_where_it_lies() throws Exception {
        RunFixture.done(runs, "old", "corpus: {path: playground}", "playground");
        Files.move(runs.resolve("old"), runs.resolve("moved"));
        browser.send("/run/moved", "/run/moved/continue", Map.of());
        await(() -> browser.page("/run/moved").contains("Every stage is done."));
        assertThat(runs.resolve("old")).doesNotExist();
    }

    private interface Condition {
        boolean holds() throws Exception;
    }

    private static void await(Condition condition) throws Exception {
        while (!condition.holds()) {
            LockSupport.parkNanos(20_000_000);
        }
    }
}
