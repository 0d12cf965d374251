package cogent.studio;

import static org.assertj.core.api.Assertions.assertThat;

import cogent.llm.store.RunLock;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunsPageTest {
    @TempDir
    Path runs;

    @Test
    void an_empty_folder_says_how_to_begin() throws Exception {
        try (Studio studio = Studio.start(runs.resolve("none"), 0)) {
            assertThat(Browser.of(studio).page("/")).contains("cogent run recipes/quickstart.yaml");
        }
    }

    @Test
    void names_of_runs_are_text_and_never_markup() throws Exception {
        String name = "<script>alert('1')</script>\"&\u2028 ü";
        Path run = Files.createDirectories(runs.resolve(name.replace("/", "|")));
        Files.writeString(run.resolve("recipe.yaml"), "name: x\nstudent: {model: playground}\n");
        try (Studio studio = Studio.start(runs, 0)) {
            Browser browser = Browser.of(studio);
            assertThat(browser.page("/")).contains("&lt;script&gt;").doesNotContain("<script>");
            String address = "/run/"
                    + URLEncoder.encode(String.valueOf(run.getFileName()), StandardCharsets.UTF_8)
                            .replace("+", "%20");
            assertThat(browser.ask(address).statusCode()).isEqualTo(200);
            assertThat(browser.page(address)).doesNotContain("<script>");
        }
    }

    @Test
    void a_recipe_that_cannot_be_read_says_why_and_hides_no_other_run() throws Exception {
        RunFixture.begun(runs, "good");
        Files.writeString(
                Files.createDirectories(runs.resolve("bad")).resolve("recipe.yaml"), "name: bad\n<script>: 1\n");
        try (Studio studio = Studio.start(runs, 0)) {
            assertThat(Browser.of(studio).page("/"))
                    .contains("good")
                    .contains("cannot be read")
                    .contains("&lt;script&gt;");
        }
    }

    @Test
    void a_run_that_is_being_written_is_shown_as_going() throws Exception {
        Path run = RunFixture.begun(runs, "one");
        try (Studio studio = Studio.start(runs, 0);
                RunLock _ = RunLock.take(run)) {
            Browser browser = Browser.of(studio);
            assertThat(browser.page("/")).contains("● going");
            assertThat(browser.page("/run/one")).contains("● going", "in another process");
        }
        assertThat(RunLock.isHeld(run)).isFalse();
    }

    @Test
    void the_report_is_made_where_there_is_none_and_can_do_nothing_to_the_studio() throws Exception {
        RunFixture.begun(runs, "one");
        try (Studio studio = Studio.start(runs, 0)) {
            var reply = Browser.of(studio).ask("/run/one/report.html");
            assertThat(reply.body()).contains("<!DOCTYPE html>");
            assertThat(reply.headers().firstValue("Content-Security-Policy"))
                    .hasValueSatisfying(
                            policy -> assertThat(policy).contains("sandbox").contains("default-src 'none'"));
        }
    }
}
