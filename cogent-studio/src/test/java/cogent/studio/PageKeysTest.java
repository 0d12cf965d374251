package cogent.studio;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who is let in, and what pages may do. */
class PageKeysTest {
    @TempDir
    Path folder;

    private Path runs;
    private Studio studio;

    @BeforeEach
    void open() throws IOException {
        runs = Files.createDirectory(folder.resolve("runs"));
        Files.writeString(folder.resolve("recipe.yaml"), "secret: outside the runs");
        RunFixture.begun(runs, "one");
        studio = Studio.start(runs, 0);
    }

    @AfterEach
    void close() {
        studio.close();
    }

    @Test
    void the_printed_address_opens_the_pages_with_a_cookie_that_scripts_and_other_sites_cannot_use() throws Exception {
        Browser browser = Browser.stranger(studio);
        String reply = browser.raw(
                "GET " + studio.address().getPath() + "?" + studio.address().getQuery()
                        + " HTTP/1.1\r\nHost: 127.0.0.1:" + browser.port() + "\r\nConnection: close\r\n\r\n");
        assertThat(reply).startsWith("HTTP/1.1 303").contains("HttpOnly").contains("SameSite=Strict");
        assertThat(Browser.of(studio).page("/")).contains("<a href=\"/run/one\">one</a>");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/?key=guessed", "/?key=", "/run/one", "/run/one/report.html", "/assets/app.js"})
    void without_the_key_nothing_is_shown(String path) throws Exception {
        HttpResponse<String> reply = Browser.stranger(studio).ask(path);
        assertThat(reply.statusCode()).isEqualTo(401);
        assertThat(reply.body()).doesNotContain("one").doesNotContain("fetch(");
    }

    @ParameterizedTest
    @ValueSource(strings = {"evil.example", "evil.example:80", "127.0.0.1", "127.0.0.1:1", "localhost", "[::1]"})
    void another_name_for_this_machine_is_refused_even_with_the_key(String host) throws Exception {
        Browser browser = Browser.of(studio);
        String reply = browser.raw("GET /?" + studio.address().getQuery() + " HTTP/1.1\r\nHost: " + host
                + "\r\nConnection: close\r\n\r\n");
        assertThat(reply).startsWith("HTTP/1.1 421").doesNotContain("Set-Cookie");
    }

    @Test
    void what_changes_something_needs_the_key_of_a_page_of_ours() throws Exception {
        Browser browser = Browser.of(studio);
        assertThat(browser.post("/run/one", "key=guessed", Map.of()).statusCode())
                .isEqualTo(403);
        assertThat(browser.post("/run/one", "", Map.of()).statusCode()).isEqualTo(403);
        assertThat(Browser.stranger(studio).post("/run/one", "", Map.of()).statusCode())
                .isEqualTo(401);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/run/..",
                "/run/%2e%2e",
                "/run/..%2f",
                "/run/one%2f..%2f..",
                "/run/%2e%2e%2frecipe.yaml",
                "/run/..%5c..",
                "/run/../../recipe.yaml",
                "/run/%00",
                "/run/%2fetc",
                "/assets/..%2fapp.js",
                "/run/.",
                "/run/%E0%80%AF"
            })
    void no_address_leads_out_of_the_folder(String path) throws Exception {
        String cookie = cookie();
        String reply = Browser.of(studio)
                .raw("GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1:"
                        + studio.address().getPort() + "\r\nCookie: " + cookie + "\r\nConnection: close\r\n\r\n");
        assertThat(reply).containsPattern("^HTTP/1.1 (404|400|422) ").doesNotContain("outside the runs");
    }

    @Test
    void every_page_forbids_scripts_of_others_and_frames() throws Exception {
        HttpResponse<String> reply = Browser.of(studio).ask("/");
        assertThat(reply.headers().firstValue("Content-Security-Policy"))
                .hasValueSatisfying(policy -> assertThat(policy)
                        .contains("script-src 'self'")
                        .contains("frame-ancestors 'none'")
                        .doesNotContain("unsafe"));
        assertThat(reply.body()).doesNotContain(" style=").doesNotContainPattern("<script>|onclick|onload");
    }

    private String cookie() throws IOException {
        String reply = Browser.stranger(studio)
                .raw("GET /?" + studio.address().getQuery() + " HTTP/1.1\r\nHost: 127.0.0.1:"
                        + studio.address().getPort() + "\r\nConnection: close\r\n\r\n");
        return reply.replaceAll("(?s).*Set-cookie: ([^;]+);.*", "$1");
    }
}
