package cogent.studio;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/**
 * The pictures of the README and the docs: of a tiny run into {@code target}, and with {@code -Dcogent.runs=FOLDER
 * -Dcogent.screenshots=docs/images} of the quickstart in that folder, for good.
 */
class ScreenshotsTest {
    @Test
    void every_picture_of_the_docs_can_be_made_anew() throws Exception {
        OpenStudio shared = OpenStudio.shared();
        String given = System.getProperty("cogent.runs", "");
        Path folder = Files.createDirectories(Path.of(System.getProperty("cogent.screenshots", "target/screenshots")));
        if (given.isEmpty()) {
            pictures(shared.chromium(), shared.studio(), folder);
        } else {
            try (Studio studio = Studio.start(Path.of(given), 0)) {
                pictures(shared.chromium(), studio, folder);
            }
        }
    }

    private static void pictures(Chromium chromium, Studio studio, Path folder) throws Exception {
        try (var light = chromium.open(studio, 1200, 760, ColorScheme.LIGHT);
                var dark = chromium.open(studio, 1200, 760, ColorScheme.DARK)) {
            picture(light.go("/run/quickstart"), folder, "studio-run");
            picture(light.go("/run/quickstart/sample/train-0"), folder, "studio-sample");
            Page tokens = light.go("/run/quickstart/sample/train-2/tokens?model=sft");
            tokens.locator("section.tokens").last().scrollIntoViewIfNeeded();
            picture(tokens, folder, "studio-tokens");
            Page training = dark.go("/run/quickstart/training");
            assertThat(training.locator("figure.plot canvas").first()).isVisible();
            training.locator("h2").last().evaluate("heading => heading.scrollIntoView()");
            picture(training, folder, "studio-training");
            Page chat = light.go("/run/quickstart/chat");
            chat.locator("select[name=first]").selectOption("sft");
            chat.locator("select[name=second]").selectOption("aligned");
            chat.locator("input[name=tokens]").fill("64");
            chat.locator("textarea[name=question]")
                    .fill("Ada has 12 shells. She buys 7 more. How many shells does she have now?");
            chat.locator("textarea[name=question]").press("Enter");
            assertThat(chat.locator(".turn h4 small").nth(1)).containsText("tokens");
            assertThat(chat.locator(".turn h4 small").nth(0)).containsText("tokens");
            picture(chat, folder, "studio-chat");
        }
    }

    private static void picture(Page page, Path folder, String name) throws Exception {
        Path file = folder.resolve(name + ".png");
        page.screenshot(new Page.ScreenshotOptions().setPath(file));
        assertThat(Files.size(file)).isGreaterThan(10_000);
    }
}
