package cogent.studio;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import cogent.llm.store.RunLock;
import cogent.pipeline.notes.Note;
import cogent.pipeline.notes.Notes;
import cogent.pipeline.run.RunDirectory;
import com.microsoft.playwright.Download;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import java.net.URLEncoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The pages as a real browser has them: what is hostile in them, by keyboard, in the dark, on a phone, while a run goes on. */
@Timeout(value = 10, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ChromiumTest {
    private static final String HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'></textarea>"
            + "<svg onload=alert(3)> javascript:alert(4) \u2028\u202e {{7*7}} ${7*7}";
    private static final List<String> PAGES = List.of(
            "/",
            "/start",
            "/compare?run=quickstart&run=hostile",
            "/run/quickstart",
            "/run/quickstart/samples",
            "/run/quickstart/sample/train-0",
            "/run/quickstart/sample/train-0/calls",
            "/run/quickstart/sample/train-0/tokens?model=sft",
            "/run/quickstart/training",
            "/run/quickstart/results",
            "/run/quickstart/chat",
            "/run/hostile",
            "/run/hostile/samples",
            "HOSTILE",
            "HOSTILE/tokens",
            "/run/hostile/results",
            "/run/hostile/samples?text=" + URLEncoder.encode(HOSTILE, UTF_8),
            "/run/hostile/samples?noted=yes");

    private static Path runs;
    private static Studio studio;
    private static Chromium chromium;
    private static String hostile;

    @BeforeAll
    static void opens_two_runs() throws Exception {
        OpenStudio open = OpenStudio.shared();
        runs = open.runs();
        studio = open.studio();
        chromium = open.chromium();
        RunFixture.hostile(runs, "quickstart", "hostile", HOSTILE);
        hostile = "/run/hostile/sample/" + URLEncoder.encode(HOSTILE, UTF_8).replace("+", "%20");
        Notes.put(new RunDirectory(runs.resolve("hostile")), HOSTILE, new Note(true, false, HOSTILE));
    }

    @ParameterizedTest
    @CsvSource({"LIGHT, 400", "LIGHT, 1280", "DARK, 400", "DARK, 1280"})
    void no_page_runs_anything_of_its_texts_and_all_fit_a_phone_and_a_desk_by_day_and_night(
            ColorScheme scheme, int width) {
        try (var window = chromium.open(studio, width, 900, scheme)) {
            for (String path : PAGES) {
                Page page = window.go(path.replace("HOSTILE", hostile));
                assertThat(page.locator("h1")).isVisible();
                assertThat((Integer) page.evaluate("document.documentElement.scrollWidth"))
                        .as("width of %s", path)
                        .isLessThanOrEqualTo(width);
                assertThat((Integer) page.evaluate(
                                "document.querySelectorAll('main script, main img, [onload], [onerror]').length"))
                        .as(path)
                        .isZero();
                assertThat(darkness(page)).as(path).isEqualTo(scheme == ColorScheme.DARK);
                assertThat(unnamed(page))
                        .as("without a name for a screen reader: %s", path)
                        .isEmpty();
            }
        }
    }

    private static boolean darkness(Page page) {
        return (Integer)
                        page.evaluate(
                                "getComputedStyle(document.body).backgroundColor.match(/\\d+/g).map(Number).reduce((a, b) => a + b)")
                < 384;
    }

    @SuppressWarnings("unchecked")
    private static List<String> unnamed(Page page) {
        return (List<String>) page.evaluate("""
                [...document.querySelectorAll('input:not([type=hidden]), select, textarea, button, a, [role=img], [role=region], summary')]
                  .filter(e => !(e.labels?.[0]?.textContent || e.textContent || e.getAttribute('aria-label') || '').trim())
                  .map(e => e.outerHTML.slice(0, 120))""");
    }

    @Test
    void the_keyboard_alone_leads_to_the_content_to_the_next_page_and_along_a_curve() {
        try (var window = chromium.open(studio, 1280, 900, ColorScheme.LIGHT)) {
            Page page = window.go("/run/quickstart/samples?label=hard");
            page.keyboard().press("Tab");
            assertThat(page.locator(":focus")).hasText("Skip to the content");
            page.keyboard().press("Enter");
            assertThat(page.url()).endsWith("#main");
            window.go("/run/quickstart/sample/train-0");
            page.keyboard().press("j");
            page.waitForURL("**/sample/train-1");
            page.locator("textarea[name=comment]").fill("");
            page.locator("textarea[name=comment]").pressSequentially("j");
            assertThat(page.url()).endsWith("/sample/train-1");

            window.go("/run/quickstart/training");
            Locator plot = page.locator("figure.plot .canvas").first();
            assertThat(plot.locator("canvas")).isVisible();
            plot.focus();
            page.keyboard().press("End");
            assertThat(page.locator("#said")).containsText("step 3: ");
            page.keyboard().press("ArrowLeft");
            assertThat(page.locator("#said")).containsText("step 2: ");
        }
    }

    @Test
    void a_plot_is_saved_as_it_stands() throws Exception {
        try (var window = chromium.open(studio, 1280, 900, ColorScheme.LIGHT)) {
            Page page = window.go("/run/quickstart/training");
            assertThat(page.locator("figure.plot canvas").first()).isVisible();
            Download png = page.waitForDownload(
                    () -> page.locator("[data-png]").first().click());
            assertThat(png.suggestedFilename()).isEqualTo("loss.png");
            assertThat(Files.readAllBytes(png.path())).startsWith(0x89, 'P', 'N', 'G');
            Download csv =
                    page.waitForDownload(() -> page.getByText("CSV").first().click());
            assertThat(Files.readString(csv.path())).startsWith("step,");
        }
    }

    @Test
    void a_note_is_kept_and_found_again() {
        try (var window = chromium.open(studio, 1280, 900, ColorScheme.LIGHT)) {
            Page page = window.go("/run/quickstart/sample/train-2");
            page.getByLabel("★ marked").check();
            page.getByLabel("leave out of training").check();
            page.getByLabel("comment").fill("odd " + HOSTILE);
            page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Keep the note"))
                    .click();
            assertThat(page.getByLabel("leave out of training")).isChecked();
            window.go("/run/quickstart/samples?noted=yes");
            assertThat(page.locator("tbody tr")).hasCount(1);
            assertThat(page.locator("main")).containsText("1 sample is left out of training");
            window.go("/run/quickstart/sample/train-2");
            page.getByLabel("★ marked").uncheck();
            page.getByLabel("leave out of training").uncheck();
            page.getByLabel("comment").fill("");
            page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Keep the note"))
                    .click();
            assertThat(page.getByLabel("★ marked")).not().isChecked();
        }
    }

    @Test
    void a_run_that_goes_on_is_followed_without_a_reload() throws Exception {
        Path going = runs.resolve("going");
        RunFixture.copy(runs, "quickstart", "going");
        Files.delete(going.resolve("stages/align.json"));
        try (var window = chromium.open(studio, 1280, 900, ColorScheme.LIGHT);
                RunLock _ = RunLock.take(going)) {
            Page page = window.go("/run/going");
            assertThat(page.locator("main")).containsText("2 steps so far");
            Files.writeString(
                    going.resolve("metrics/align.jsonl"),
                    "{\"step\":41,\"loss\":0.5}\n{\"st",
                    StandardOpenOption.APPEND);
            assertThat(page.locator("main")).containsText("41 steps so far");
            window.go("/run/going/training");
            assertThat(page.locator("figure.plot canvas").first()).isVisible();
            assertThat(page.locator("main")).containsText("going");
        } finally {
            RunDirectory.delete(going);
        }
    }

    @Test
    void two_models_are_talked_with_at_a_time_and_the_talk_outlasts_a_reload() {
        try (var window = chromium.open(studio, 1280, 900, ColorScheme.LIGHT)) {
            Page page = window.go("/run/quickstart/chat");
            page.locator("select[name=first]").selectOption("sft");
            page.locator("select[name=second]").selectOption("aligned");
            page.getByLabel("tokens at most").fill("6");
            Locator question = page.locator("textarea[name=question]");
            question.fill("1 + 2? " + HOSTILE);
            question.press("Enter");
            assertThat(page.locator(".turn .side")).hasCount(2);
            assertThat(page.locator(".turn .side h4 small").nth(0)).containsText("tokens");
            assertThat(page.locator(".turn .side h4 small").nth(1)).containsText("tokens");
            page.getByLabel("later questions see the earlier ones").check();
            question.fill("And 3 + 4?");
            question.press("Enter");
            assertThat(page.locator(".turn")).hasCount(2); // the key has been taken: fill would write over the question
            question.fill("And 5 + 6?"); // while the one before is being answered
            question.press("Enter");
            assertThat(page.locator(".turn")).hasCount(3);
            assertThat(page.locator(".turn").nth(1).locator("h4 small").nth(1)).containsText("tokens");
            assertThat(page.locator(".turn").nth(2).locator("h4 small").nth(1)).containsText("tokens");
            page.reload();
            assertThat(page.locator(".turn")).hasCount(3);
            assertThat(page.locator(".asked").first()).containsText("<script>alert(1)</script>");
            page.getByText("Begin anew").click();
            assertThat(page.locator(".turn")).hasCount(0);
        }
    }

    @Test
    void a_hundred_thousand_samples_are_walked_through() throws Exception {
        RunFixture.many(runs, "quickstart", "big", 100_000);
        try (var window = chromium.open(studio, 1280, 900, ColorScheme.LIGHT)) {
            Page page = window.go("/run/big/samples");
            assertThat(page.locator("main")).containsText("100,000 samples");
            page.keyboard().press("j");
            page.waitForURL("**after=49*");
            assertThat(page.locator("tbody tr")).hasCount(50);
            page.getByLabel("text, also of the agents").fill("big-99999");
            page.getByLabel("text, also of the agents").press("Enter");
            assertThat(page.locator("main")).containsText("Search on after row");
        } finally {
            RunDirectory.delete(runs.resolve("big"));
        }
    }

    @Test
    void a_run_that_may_only_be_read_has_all_its_pages() throws Exception {
        RunFixture.copy(runs, "quickstart", "kept");
        permissions("r-xr-xr-x");
        try (var window = chromium.open(studio, 1280, 900, ColorScheme.LIGHT)) {
            for (String page : List.of(
                    "",
                    "/samples",
                    "/sample/train-0",
                    "/sample/train-0/tokens",
                    "/training",
                    "/results",
                    "/report.html")) {
                assertThat(window.page()
                                .navigate(studio.address()
                                        .resolve("/run/kept" + page)
                                        .toString())
                                .status())
                        .as(page)
                        .isEqualTo(200);
            }
        } finally {
            permissions("rwxr-xr-x");
            RunDirectory.delete(runs.resolve("kept"));
        }
    }

    private static void permissions(String of) throws Exception {
        try (Stream<Path> files = Files.walk(runs.resolve("kept"))) {
            for (Path file : files.filter(Files::isDirectory).toList()) {
                Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(of));
            }
        }
    }

    @Test
    void a_plan_stands_beside_its_form() {
        try (var window = chromium.open(studio, 1280, 900, ColorScheme.LIGHT)) {
            Page page = window.go("/start");
            page.getByLabel("name", new Page.GetByLabelOptions().setExact(true)).fill("mine");
            page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Plan"))
                    .click();
            Locator plan = page.locator("section.plan");
            assertThat(plan).containsText("Missing:");
            assertThat(plan.boundingBox().x)
                    .isGreaterThan(page.locator("form.recipe").boundingBox().x + 300);
            assertThat(page.getByLabel("name", new Page.GetByLabelOptions().setExact(true)))
                    .hasValue("mine");
        }
    }

    @Test
    void on_a_phone_the_plan_comes_into_view() {
        try (var window = chromium.open(studio, 400, 700, ColorScheme.DARK)) {
            Page page = window.go("/start");
            page.getByLabel("name", new Page.GetByLabelOptions().setExact(true)).fill("mine");
            page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Plan"))
                    .click();
            assertThat(page.locator("section.plan")).containsText("Missing:");
            assertThat(page.locator("section.plan")).isInViewport();
        }
    }
}
