package cogent.studio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.ColorScheme;
import java.io.File;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The system's Chromium, driven by Playwright, whose own browsers are never downloaded. */
record Chromium(Playwright playwright, Browser browser) implements AutoCloseable {
    /** Skips the tests where there is none. */
    static Chromium launch() {
        Optional<Path> executable = onPath();
        assumeTrue(executable.isPresent(), "no Chromium on the PATH");
        PlaywrightAssertions.setDefaultAssertionTimeout(30_000); // a busy machine
        Playwright playwright = Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        return new Chromium(
                playwright,
                playwright
                        .chromium()
                        .launch(new BrowserType.LaunchOptions()
                                .setExecutablePath(executable.get())
                                .setArgs(List.of("--no-sandbox")))); // root in a container
    }

    private static Optional<Path> onPath() {
        return Pattern.compile(Pattern.quote(File.pathSeparator))
                .splitAsStream(System.getenv().getOrDefault("PATH", ""))
                .flatMap(folder -> Stream.of("chromium", "chromium-browser", "google-chrome")
                        .map(name -> Path.of(folder, name)))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** A window on a studio, let in, in which nothing has gone wrong unless it says so. */
    Window open(Studio studio, int width, int height, ColorScheme scheme) {
        BrowserContext context = browser.newContext(new Browser.NewContextOptions()
                .setViewportSize(width, height)
                .setColorScheme(scheme)
                .setDeviceScaleFactor(1));
        Page page = context.newPage();
        Window window = new Window(studio.address(), context, page, Collections.synchronizedList(new ArrayList<>()));
        page.onPageError(error -> window.wrong.add("script error: " + error));
        page.onConsoleMessage(message -> {
            if (message.type().equals("error")) {
                window.wrong.add("console: " + message.text());
            }
        });
        page.onDialog(dialog -> {
            window.wrong.add("dialog: " + dialog.message());
            dialog.dismiss();
        });
        page.onRequest(request -> {
            String to = request.url();
            if (!to.startsWith("http://127.0.0.1:" + studio.address().getPort() + "/")
                    && !to.startsWith("data:")
                    && !to.startsWith("blob:")) {
                window.wrong.add("asked outside: " + to);
            }
        });
        page.navigate(studio.address().toString());
        return window;
    }

    @Override
    public void close() {
        playwright.close();
    }

    /** @param wrong script errors, dialogs, and requests that leave the studio */
    record Window(URI studio, BrowserContext context, Page page, List<String> wrong) implements AutoCloseable {
        Page go(String path) {
            page.navigate(studio.resolve(path).toString());
            return page;
        }

        @Override
        public void close() {
            context.close();
            assertThat(wrong).isEmpty();
        }
    }
}
