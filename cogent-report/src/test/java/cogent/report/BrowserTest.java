package cogent.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpServer;
import java.io.File;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The page as a real browser renders it, on a desktop and a phone: a wrapper page on loopback holds it in frames of both
 * widths, unchanged, and measures it. Skipped where no Chromium is on the PATH.
 */
class BrowserTest {
    private static final String HOSTILE =
            "<script>document.title='hit'</script>\"'><img src=x onerror=\"document.title='hit'\"></style> "
                    + "\u202E \uD800 " + "unbreakable".repeat(40);
    private static final String WRAPPER = """
            <!DOCTYPE html><link rel="icon" href="data:,"><title>wrapper</title><body>
            <iframe src="/page" width="390" height="844"></iframe><iframe src="/page" width="1200" height="900"></iframe>
            <script>
            addEventListener("load", () => {
              const out = [...document.querySelectorAll("iframe")].map(frame => {
                const doc = frame.contentDocument, root = doc.documentElement;
                const shown = e => e.checkVisibility();
                const outside = [...doc.querySelectorAll("svg text")].filter(shown).filter(t => {
                  const a = t.getBoundingClientRect(), b = t.closest("svg").getBoundingClientRect();
                  return a.left < b.left - 4 || a.right > b.right + 4 || a.top < b.top - 4 || a.bottom > b.bottom + 4;
                }).map(t => t.textContent);
                const visible = () => [...doc.querySelectorAll(".answer")].filter(shown).length;
                const all = visible();
                doc.querySelector("input.c1")?.click();
                const differ = visible();
                return {
                  width: root.clientWidth, scrollWidth: root.scrollWidth, title: doc.title,
                  sections: [...doc.querySelectorAll("section")].filter(s => s.getBoundingClientRect().height > 40).map(s => s.id),
                  charts: [...doc.querySelectorAll("svg")].filter(shown).filter(s => s.getBoundingClientRect().width > 250).length,
                  flows: [...doc.querySelectorAll(".flow svg")].filter(shown).length, outside, all, differ,
                  scripts: doc.scripts.length, images: doc.images.length,
                  paper: frame.contentWindow.getComputedStyle(doc.body).backgroundColor,
                  requests: frame.contentWindow.performance.getEntriesByType("resource").length };
              });
              const pre = document.createElement("pre"); pre.id = "measured";
              pre.textContent = JSON.stringify(out); document.body.append(pre);
            });
            </script></body>
            """;

    private static Path browser;

    @TempDir
    Path temp;

    /** What the browser made of a page. */
    private record Seen(JsonNode phone, JsonNode desktop, List<String> console, List<String> requested) {}

    @BeforeAll
    static void find_a_browser() {
        Optional<Path> found = Stream.of("chromium", "chromium-browser", "google-chrome")
                .flatMap(name -> Stream.of(System.getenv("PATH").split(File.pathSeparator))
                        .map(folder -> Path.of(folder, name)))
                .filter(Files::isExecutable)
                .findFirst();
        assumeTrue(found.isPresent(), "no chromium, chromium-browser or google-chrome on the PATH: page not rendered");
        browser = found.get();
    }

    @Test
    void a_whole_run_renders_on_desktop_and_phone() throws Exception {
        Seen seen = look(Runs.whole(), false);
        assertThat(seen.console()).isEmpty();
        assertThat(seen.requested()).containsOnly("/", "/page");
        for (JsonNode view : List.of(seen.phone(), seen.desktop())) {
            assertThat(texts(view.get("sections")))
                    .containsExactly("result", "path", "training", "examples", "recipe", "environment");
            assertThat(view.get("scrollWidth").asInt())
                    .isLessThanOrEqualTo(view.get("width").asInt());
            assertThat(view.get("requests").asInt()).isZero();
            assertThat(view.get("charts").asInt()).isEqualTo(13);
            assertThat(view.get("flows").asInt()).isEqualTo(1);
            assertThat(texts(view.get("outside"))).isEmpty();
            assertThat(view.get("all").asInt()).isEqualTo(20);
            assertThat(view.get("differ").asInt()).isEqualTo(45);
        }
        assertThat(seen.phone().get("width").asInt()).isEqualTo(390);
    }

    @Test
    void a_page_of_hostile_texts_stays_whole_and_runs_nothing() throws Exception {
        Seen seen = look(Runs.hostile(HOSTILE), false);
        assertThat(seen.console()).isEmpty();
        assertThat(seen.requested()).containsOnly("/", "/page");
        for (JsonNode view : List.of(seen.phone(), seen.desktop())) {
            assertThat(view.get("title").asString()).startsWith("<script>");
            assertThat(view.get("scripts").asInt() + view.get("images").asInt()).isZero();
            assertThat(texts(view.get("sections"))).hasSize(6);
            assertThat(view.get("scrollWidth").asInt())
                    .isLessThanOrEqualTo(view.get("width").asInt());
        }
    }

    @Test
    void a_run_that_has_only_begun_renders_in_the_dark() throws Exception {
        Seen seen = look(Runs.begun(), true);
        assertThat(seen.console()).isEmpty();
        assertThat(seen.desktop().get("paper").asString()).isEqualTo("rgb(21, 24, 27)");
        assertThat(texts(seen.phone().get("sections"))).hasSize(6);
        assertThat(seen.phone().get("scrollWidth").asInt())
                .isLessThanOrEqualTo(seen.phone().get("width").asInt());
    }

    private Seen look(ReportData data, boolean dark) throws Exception {
        ConcurrentLinkedQueue<String> requested = new ConcurrentLinkedQueue<>();
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            String path = exchange.getRequestURI().getPath();
            requested.add(path);
            byte[] body = (path.equals("/page") ? Report.html(data) : WRAPPER).getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "text/html");
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        try {
            Path dom = temp.resolve("dom.html");
            Path log = temp.resolve("log.txt");
            Process process = new ProcessBuilder(
                            command("http://127.0.0.1:" + server.getAddress().getPort() + "/", dark))
                    .redirectOutput(dom.toFile())
                    .redirectError(log.toFile())
                    .start();
            boolean ended = process.waitFor(90, TimeUnit.SECONDS);
            if (!ended) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
            }
            String text = Files.readString(dom);
            assumeTrue(ended && text.contains("<body"), "the browser did not start here: " + Files.readString(log));
            var measured = Pattern.compile("<pre id=\"measured\">(.*?)</pre>").matcher(text);
            assertThat(measured.find()).as("measurements in " + text).isTrue();
            JsonNode views = JsonMapper.builder()
                    .build()
                    .readTree(measured.group(1)
                            .replace("&lt;", "<")
                            .replace("&gt;", ">")
                            .replace("&amp;", "&"));
            List<String> console = Files.readString(log)
                    .lines()
                    .filter(l -> l.contains(":CONSOLE"))
                    .toList();
            return new Seen(views.get(0), views.get(1), console, List.copyOf(requested));
        } finally {
            server.stop(0);
        }
    }

    private List<String> command(String url, boolean dark) {
        List<String> out = new ArrayList<>(List.of(
                browser.toString(),
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--hide-scrollbars",
                "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
                "--user-data-dir=" + temp.resolve("profile"),
                "--window-size=1700,1000",
                "--enable-logging=stderr"));
        if (dark) {
            out.add("--blink-settings=preferredColorScheme=0");
        }
        out.addAll(List.of("--dump-dom", url));
        return out;
    }

    private static List<String> texts(JsonNode array) {
        List<String> out = new ArrayList<>();
        array.forEach(node -> out.add(node.asString()));
        return out;
    }
}
